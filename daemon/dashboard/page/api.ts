import type { Problem } from './answers.ts';

/** The page's half of its session. A browser keeps it by origin, port included, which it does not do for cookies. */
const keyName = 'cloudsync-session-key';

/** Takes the key the link handed over, and leaves no trace of it in the address bar or the history. */
export function takeKey(): void {
  const [, key] = location.hash.match(/^#key=([\w-]+)$/) ?? [];
  if (key === undefined) return;
  localStorage.setItem(keyName, key);
  history.replaceState(null, '', '/dashboard/#/');
}

/** A refusal or failure, as the daemon puts it. */
export class ProblemError extends Error {
  readonly problem: Pick<Problem, 'code' | 'detail' | 'remedy'>;

  constructor(problem: ProblemError['problem']) {
    super(problem.detail);
    this.problem = problem;
  }
}

const unreachable = {
  code: '',
  detail: 'The daemon does not answer.',
  remedy: 'Is it running? Once it is again, open the dashboard by a new link: cloudsync dashboard --open.',
};

let onEnded = (): void => {};

/** Hears once the daemon no longer knows this session. */
export function whenEnded(listener: () => void): void {
  onEnded = listener;
}

async function send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: {
      'CloudSync-Session-Key': localStorage.getItem(keyName) ?? '',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new ProblemError(unreachable);
  });
  if (response.ok) return response;
  if (response.status === 401) onEnded();
  throw new ProblemError((await response.json()) as Problem);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await send('GET', path, undefined, signal)).json()) as T;
}

/** What changes something. */
export async function change<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return (await (await send(method, path, body)).json()) as T;
}

export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Server-sent events. The browser's own EventSource sends no header, and so no key. */
export async function* events(path: string, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const { body } = await send('GET', path, undefined, signal);
  if (body === null) return;
  // From here on nothing is missed: what came before is in the lists.
  yield { event: 'open', data: null };
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = `${rest}${value}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = block.match(/^event: (.*)$/m)?.[1];
      const data = block.match(/^data: (.*)$/m)?.[1];
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) };
    }
  }
}

/** A path with the parts of a query that are there. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}
