import { AnswerLostError, BadAnswerError } from '../errors.ts';
import type { GraphAnswer, GraphRequest } from './client.ts';
import { isRecord } from './json.ts';

/** So many requests to a `$batch`. */
export const batchSize = 20;

export function batchBody(requests: readonly GraphRequest[]): Readonly<Record<string, unknown>> {
  return {
    requests: requests.map(({ method, path, headers, body }, i) => ({
      id: String(i + 1),
      method,
      url: path,
      ...(body === undefined && headers === undefined
        ? {}
        : { headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers } }),
      ...(body === undefined ? {} : { body }),
    })),
  };
}

/** The answers in the order of the requests; an item without an answer, or with one of another shape, is lost. */
export function batchAnswers(
  count: number,
  answer: GraphAnswer,
): readonly (GraphAnswer | AnswerLostError | BadAnswerError)[] {
  const responses = isRecord(answer.body) ? answer.body['responses'] : undefined;
  if (!Array.isArray(responses)) {
    const error = new BadAnswerError('/$batch', 'it holds no responses');
    return Array.from({ length: count }, () => error);
  }
  const byId = new Map<string, unknown>();
  for (const response of responses) if (isRecord(response)) byId.set(String(response['id']), response);
  return Array.from({ length: count }, (_, i) => {
    const response = byId.get(String(i + 1));
    if (response === undefined) return new AnswerLostError('a request of a batch', 'the batch came back without it');
    return (
      itemAnswer(response, answer.requestId) ?? new BadAnswerError('/$batch', 'a response has no status to end with')
    );
  });
}

function itemAnswer(response: unknown, batchRequestId: string | undefined): GraphAnswer | undefined {
  if (!isRecord(response)) return undefined;
  const { status, headers, body } = response;
  if (typeof status !== 'number' || !final(status)) return undefined;
  const named = new Map(
    Object.entries(isRecord(headers) ? headers : {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return { status, header: (name) => named.get(name), body, requestId: named.get('request-id') ?? batchRequestId };
}

/** Whole, and neither on its way nor leading elsewhere. */
function final(status: number): boolean {
  return Number.isInteger(status) && ((status >= 200 && status < 300) || (status >= 400 && status < 600));
}
