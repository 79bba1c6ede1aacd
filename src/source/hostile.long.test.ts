import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attack, openBattlefield } from '../../test/directory/hostile.ts';

const cases = 100_000;
const perRound = 5000;

/** Bytes that stay when all that can be given up is. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('no collector');
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('100,000 attacks end in clear errors or complete reads, and leave nothing in memory', async () => {
  await using field = await openBattlefield();
  let complete = 0;
  const round = (seed: number) =>
    fc.assert(
      fc.asyncProperty(attack, async (one) => {
        complete += (await field.survive(one)) === 'complete' ? 1 : 0;
      }),
      { numRuns: perRound, seed },
    );
  await round(1);
  const before = heldBytes();
  for (let done = perRound, seed = 2; done < cases; done += perRound, seed += 1) await round(seed);
  expect(heldBytes() - before).toBeLessThan(16 * 2 ** 20);
  expect(complete).toBeGreaterThan(cases / 20);
});
