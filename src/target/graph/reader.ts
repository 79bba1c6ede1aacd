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

/** A page of something, and where the next one is. */
export interface Linked {
  readonly link: string | undefined;
}

/** Page after page until none leads on. Throws `BadAnswerError` when they lead in a circle. */
export async function* pages<Page extends Linked>(
  context: Reading,
  first: ReadRequest,
  signal: AbortSignal,
  parse: (answer: GraphAnswer) => Page,
  attempts?: number,
): AsyncGenerator<Page> {
  let next: ReadRequest | undefined = first;
  // One link stands for all before it, ever further apart (Brent): millions of pages take no memory.
  let mark = first;
  let until = 1;
  for (let seen = 1; next !== undefined; seen += 1) {
    const page: Page = await read(context, next, signal, parse, attempts);
    yield page;
    next = page.link;
    if (next === mark) throw new BadAnswerError(pathOf(first), 'its pages lead in a circle');
    if (next === undefined || seen < until) continue;
    mark = next;
    until *= 2;
    seen = 0;
  }
}

/** A link of an answer. Anything but text in its place is no end. */
export function linkAt(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const link = body[name];
  if (link === undefined || (typeof link === 'string' && link !== '')) return link;
  throw new BadAnswerError('a page', `its ${name} is no link`);
}

function passes(error: unknown): boolean {
  return error instanceof AnswerLostError || error instanceof TenantUnreachableError || error instanceof BadAnswerError;
}

/** What is read, without its query: a token in it is nobody's business. */
export function pathOf(request: ReadRequest): string {
  if (typeof request !== 'string') return request.path.replace(/\?.*/s, '');
  return URL.canParse(request) ? new URL(request).pathname : 'a link';
}
