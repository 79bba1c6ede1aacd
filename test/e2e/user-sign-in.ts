import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { Sandbox } from '../../src/sandbox/index.ts';

/** Signs a user in to the tenant, as an application would that asks for name and password. */
export async function signsIn(sandbox: Sandbox, username: string, password: string): Promise<boolean> {
  const form = new URLSearchParams({
    grant_type: 'password',
    client_id: sandbox.clientId,
    client_secret: sandbox.clientSecret,
    scope: `${new URL(sandbox.graphUrl).origin}/.default`,
    username,
    password,
  });
  const url = new URL(`/${sandbox.tenantId}/oauth2/v2.0/token`, sandbox.authority);
  const answer = Promise.withResolvers<number>();
  const sent = request(
    url,
    { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, ca: readFileSync(sandbox.ca) },
    (response) => {
      response.resume();
      answer.resolve(response.statusCode ?? 0);
    },
  );
  sent.on('error', answer.reject);
  sent.end(form.toString());
  return (await answer.promise) === 200;
}
