import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Scenario, type Step } from '../../test/model/scenario.ts';

/**
 * The law of the engine, over random directories, edits, faults and restarts: the tenant is what the directories and
 * the configuration say, and a cycle after that sends nothing. `CLOUDSYNC_SCENARIOS` and `CLOUDSYNC_SEED` set size and seed.
 */
const scenarios = Number(process.env['CLOUDSYNC_SCENARIOS'] ?? 60);
const seed = Number(process.env['CLOUDSYNC_SEED'] ?? 20261125);

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-model-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const n = fc.nat({ max: 7 });
const forest = fc.nat({ max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('addUser' as const), forest, n }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('addGroup' as const), forest, n }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), forest, n, value: fc.nat({ max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('disable' as const), forest, n, disabled: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), forest, n }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move' as const), forest, n, inScope: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), forest, n, group: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('member' as const), forest, n, m: n, there: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('manager' as const), forest, n, m: n, there: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('moveUnit' as const), forest }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('cycle' as const),
      full: fc.boolean(),
      faults: fc.array(fc.constantFrom('none', 'refuse', 'lostBefore', 'lostAfter'), { maxLength: 8 }),
      failAfterPages: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('preview' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drift' as const), n }) },
);

it(`keeps the tenant what the directories say (${scenarios} scenarios, seed ${seed})`, async () => {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), async (steps) => {
      await using scenario = await Scenario.open(join(folder, `${ran++}.db`));
      for (const one of steps) await scenario.take(one);
      await scenario.settle();
      expect(scenario.held()).toEqual([]);
      expect(scenario.actual()).toEqual(scenario.expected());
      const before = scenario.tenant.writes;
      await scenario.cycle('delta');
      await scenario.cycle('full');
      expect(scenario.tenant.writes).toBe(before);
      expect(scenario.brokenLog()).toBeUndefined();
    }),
    { numRuns: scenarios, seed },
  );
});

it('previews exactly what the next cycle sends', async () => {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      await using scenario = await Scenario.open(join(folder, `p${ran++}.db`));
      for (const one of steps) await scenario.take(one);
      const before = scenario.tenant.writes;
      const preview = await scenario.cycle('delta', { preview: true });
      expect(scenario.tenant.writes).toBe(before);
      const real = await scenario.cycle('delta');
      expect(real.digest).toBe(preview.digest);
    }),
    { numRuns: Math.max(20, Math.floor(scenarios / 2)), seed },
  );
});
