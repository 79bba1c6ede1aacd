import {
  AnswerLostError,
  BadAnswerError,
  TenantUnavailableError,
  TenantUnreachableError,
  ThrottledError,
} from '../errors.ts';
import type { GraphAnswer, GraphRequest } from './client.ts';
import type { GraphContext } from './context.ts';
import { refusalOf } from './refusal.ts';
import { backoff, retryAfter } from './retry-after.ts';

const patience = 6;

type Reading = Pick<GraphContext, 'client' | 'now' | 'random' | 'sleep'>;

/** A request, or a link the tenant gave. */
export type ReadRequest = GraphRequest | string;

/**
 * Reads, and repeats what got no answer: whatever happens, that is safe. `parse` sees every answer below 500 and throws
 * `BadAnswerError` when it is not what the tenant would say.
 */
export async function read<T>(
  context: Reading,
  request: ReadRequest,
  signal: AbortSignal,
  parse: (answer: GraphAnswer) => T,
  attempts = patience,
): Promise<T> {
  const what = pathOf(request);
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    const last = attempt + 1 >= attempts;
    let delay: number | undefined;
    try {
      const answer = await (typeof request === 'string'
        ? context.client.follow(request, signal)
        : context.client.send(request, signal));
      const { status } = answer;
      if (status !== 429 && status !== 408 && (status < 500 || status === 501)) return parse(answer);
      delay = retryAfter(answer, context.now());
      if (last && status === 429) throw new ThrottledError(what, delay ?? 60_000);
      if (last) throw new TenantUnavailableError(what, status, refusalOf(answer).message);
    } catch (error) {
      signal.throwIfAborted();
      if (last || !passes(error)) throw error;
    }
    await context.sleep(delay ?? backoff(attempt, context.random), signal);
  }
}

function passes(error: unknown): boolean {
  return error instanceof AnswerLostError || error instanceof TenantUnreachableError || error instanceof BadAnswerError;
}

/** What is read, without its query: a token in it is nobody's business. */
export function pathOf(request: ReadRequest): string {
  if (typeof request !== 'string') return request.path.replace(/\?.*/s, '');
  return URL.canParse(request) ? new URL(request).pathname : 'a link';
}
