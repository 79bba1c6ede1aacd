import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets a heap grow to twice what lives in it, and what is young to 16 MB in each thread, before it looks for garbage.
 * Here little lives longer than a page: looking sooner costs no time that can be measured, and a million objects take
 * the memory of a thousand.
 */
export const heapFlags = ['--heap-growing-percent=30', '--max-semi-space-size=8'] as const;

/** For this thread and all that start after it. */
export function keepHeapsSmall(): void {
  for (const flag of heapFlags) setFlagsFromString(flag);
}
