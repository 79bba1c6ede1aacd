import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { Scenario, type Step } from './scenario.ts';

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
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drift' as const), n }) },
);

export interface Runs {
  readonly folder: string;
  readonly scenarios: number;
  readonly seed: number;
}

/** The law of the engine: after any history, the tenant is what the directories say, and there is nothing left to send. */
export async function holdLaw({ folder, scenarios, seed }: Runs): Promise<void> {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), async (steps) => {
      await using scenario = await Scenario.open(join(folder, `law-${ran++}.db`));
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
}

/** What a preview shows is what the next cycle sends, operation by operation. */
export async function previewIsTruth({ folder, scenarios, seed }: Runs): Promise<void> {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      await using scenario = await Scenario.open(join(folder, `preview-${ran++}.db`));
      for (const one of steps) await scenario.take(one);
      const before = scenario.tenant.writes;
      const preview = await scenario.cycle('delta', { preview: true });
      expect(scenario.tenant.writes).toBe(before);
      expect((await scenario.cycle('delta')).digest).toBe(preview.digest);
    }),
    { numRuns: scenarios, seed },
  );
}
