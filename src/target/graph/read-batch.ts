import { batchAnswers, batchBody, batchSize } from './batch.ts';
import type { GraphAnswer } from './client.ts';
import type { GraphContext } from './context.ts';
import { read } from './reader.ts';

/** Reads several things in as few round trips as there can be; what a batch does not answer is read by itself. */
export async function readEach<T>(
  context: GraphContext,
  paths: readonly string[],
  signal: AbortSignal,
  parse: (answer: GraphAnswer, path: string) => T,
): Promise<readonly T[]> {
  const single = (path: string): Promise<T> =>
    read(context, { method: 'GET', path }, signal, (answer) => parse(answer, path));
  const [only] = paths;
  if (only !== undefined && paths.length === 1) return [await single(only)];
  const results: T[] = [];
  for (let from = 0; from < paths.length; from += batchSize) {
    const part = paths.slice(from, from + batchSize);
    const requests = part.map((path) => ({ method: 'GET', path }) as const);
    const answers = await read(
      context,
      { method: 'POST', path: '/$batch', body: batchBody(requests) },
      signal,
      (answer) => (answer.status === 200 ? batchAnswers(part.length, answer) : []),
    );
    for (const [i, path] of part.entries()) {
      const answer = answers[i];
      const answered =
        answer !== undefined && !(answer instanceof Error) && answer.status !== 429 && answer.status < 500;
      results.push(answered ? parse(answer, path) : await single(path));
    }
  }
  return results;
}
