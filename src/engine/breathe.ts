import { setImmediate } from 'node:timers/promises';

/** Lets the thread take what has come meanwhile (a stop, a question, a decision) between two batches of work. */
export function breathe(): Promise<void> {
  return setImmediate();
}
