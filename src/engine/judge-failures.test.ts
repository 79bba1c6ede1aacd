import { expect, it } from 'vitest';
import { tooManyFailures } from './judge-failures.ts';

const documented = { failures: 3, waits: ['1h'], evaluateFrom: 5000, percent: 40, objects: 40_000, all: 60_000 };

it.each([
  { objectFailures: 4000, referenceFailures: 0, successes: 0, held: false },
  { objectFailures: 45_000, referenceFailures: 0, successes: 1_000_000, held: true },
  { objectFailures: 30_000, referenceFailures: 0, successes: 5000, held: true },
  { objectFailures: 20_000, referenceFailures: 0, successes: 100_000, held: false },
  { objectFailures: 40_000, referenceFailures: 21_000, successes: 1_000_000, held: true },
  { objectFailures: 0, referenceFailures: 45_000, successes: 1_000_000, held: false },
])('$objectFailures objects and $referenceFailures references of $successes: $held', ({ held, ...outcomes }) => {
  expect(tooManyFailures(outcomes, documented) !== undefined).toBe(held);
});
