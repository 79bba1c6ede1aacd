import type { GraphAnswer } from './client.ts';

const longest = 10 * 60_000;

/** `Retry-After` in milliseconds: seconds or an HTTP date. */
export function retryAfter(answer: GraphAnswer, now: Date): number | undefined {
  const text = answer.header('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now.getTime();
  return Number.isFinite(milliseconds) ? Math.min(longest, Math.max(0, milliseconds)) : undefined;
}

/** Nearly doubles with each attempt, scattered so that many do not come back at once. */
export function backoff(attempt: number, random: () => number): number {
  return Math.min(60_000, 1000 * 1.8 ** attempt) * (0.75 + random() / 2);
}
