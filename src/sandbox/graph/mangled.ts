import type { HttpAnswer } from '../http.ts';
import type { FaultKind } from '../profile.ts';

/** An answer as something between the tenant and its client would have made of it. */
export function mangled(kind: FaultKind, answer: HttpAnswer): HttpAnswer {
  switch (kind) {
    case 'html':
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>Please sign in.</body></html>',
      };
    case 'truncated': {
      const whole = answer.body === '' ? '{"value":[{"id":"' : answer.body;
      return {
        ...answer,
        status: answer.status === 204 ? 200 : answer.status,
        body: whole.slice(0, Math.ceil(whole.length / 2)),
      };
    }
    case 'wrongShape':
      return {
        status: 200,
        headers: { ...answer.headers, 'content-type': 'application/json' },
        body: '{"value":"not a list","id":42,"responses":{}}',
      };
    case 'redirect':
      return { status: 302, headers: { location: 'https://elsewhere.invalid/portal' }, body: '' };
    default:
      return answer;
  }
}
