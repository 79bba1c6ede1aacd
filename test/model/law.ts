import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { TenantAttributes } from '../../src/model/index.ts';
import { Scenario, type Step, unguarded } from './scenario.ts';

const n = fc.nat({ max: 7 });
const forest = fc.nat({ max: 1 });
const edits: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 6, arbitrary: fc.record({ do: fc.constant('addUser' as const), forest, n }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('addGroup' as const), forest, n }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), forest, n, value: fc.nat({ max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('disable' as const), forest, n, disabled: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), forest, n }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move' as const), forest, n, inScope: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), forest, n, group: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('member' as const), forest, n, m: n, there: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('manager' as const), forest, n, m: n, there: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('owner' as const), forest, n, m: n, there: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('moveUnit' as const), forest }) },
];
const step: fc.Arbitrary<Step> = fc.oneof(
  ...edits,
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

const numbers = [0, 1, 2, 3, 4];
/** Where a history begins: with a forest in which there is something to lose. */
const filled: readonly Step[] = [
  ...numbers.flatMap((n): readonly Step[] => [
    { do: 'addUser', forest: 0, n },
    { do: 'addGroup', forest: 0, n },
  ]),
  ...numbers.flatMap((n): readonly Step[] => [
    { do: 'member', forest: 0, n: n % 2, m: n, there: true },
    { do: 'manager', forest: 0, n, m: (n + 1) % 5, there: true },
    { do: 'owner', forest: 0, n: n % 2, m: n, there: true },
  ]),
  { do: 'cycle', full: false, faults: [], failAfterPages: undefined },
];

export interface Runs {
  readonly folder: string;
  /** What becomes of the accounts of those who leave. */
  readonly removal?: 'delete' | 'disable' | 'keep';
  readonly scenarios: number;
  readonly seed: number;
}

/** What the tenant does not give up it is not asked for again. */
const lastOwner = / CS4048$/;
/** Of what the tenant never takes: a user who can be in no group. */
const unwelcome = (attribute: string, { userPrincipalName }: TenantAttributes): boolean =>
  attribute === 'member' && String(userPrincipalName).startsWith('user4@');

/**
 * The law of the engine: after any history, the tenant is what the directories say but for the links it never takes,
 * each of which keeps nothing else from following, and there is nothing left to send.
 */
export async function holdLaw({ folder, scenarios, seed, removal = 'delete' }: Runs): Promise<void> {
  let ran = 0;
  const history = fc.array(step, { minLength: 4, maxLength: 40 });
  const later = fc.array(fc.oneof(...edits), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(history, later, async (steps, more) => {
      const file = join(folder, `law-${removal}-${ran++}.db`);
      await using scenario = await Scenario.open(file, `${unguarded}\nremoval: { user: ${removal} }`);
      scenario.tenant.refuses = unwelcome;
      for (const one of [...filled, ...steps]) await scenario.take(one);
      await scenario.settle();
      // No time passes: what was refused is not tried again.
      scenario.clockStands = true;
      for (const one of more) await scenario.take(one);
      await scenario.settle();
      expect(new Set(scenario.held().filter((one) => !lastOwner.test(one)))).toEqual(new Set(scenario.refused()));
      expect(scenario.followed()).toEqual(scenario.expected());
      scenario.clockStands = false;
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
