import { expect, test } from 'vitest';
import type { SandboxProfile } from '../../src/sandbox/index.ts';
import { openLdifWorld } from './ldif-world.ts';

const kinds = [
  'throttled',
  'unavailable',
  'internalError',
  'gatewayTimeout',
  'reset',
  'html',
  'truncated',
  'wrongShape',
  'redirect',
] as const;

const whens = ['before', 'after'] as const;

/** One request in ten goes wrong, before or after it took effect, in every way there is. */
const storm: SandboxProfile = {
  faults: {
    seed: 5,
    rules: kinds.flatMap((kind) =>
      whens.map((when) => ({ kind, when, rate: 0.1 / (kinds.length * whens.length), retryAfterSeconds: 1 })),
    ),
  },
};

test('whatever the weather, each cycle ends with a reason, nothing is made twice, and two cycles after it all is well', async () => {
  const [users, groups] = [200, 10];
  await using world = await openLdifWorld({ users, groups, membersPerGroup: 40 });
  const { sandbox } = world.tenant;
  sandbox.changeProfile(storm);
  for (let i = 0; i < 4; i += 1) {
    const cycle = await world.cycle();
    if (cycle.state === 'succeeded') expect(cycle.error).toBeNull();
    else
      expect(cycle.error).toMatchObject({
        code: expect.stringMatching(/^CS\d{4}$/),
        remedy: expect.stringMatching(/\w/),
      });
  }
  expect(sandbox.counters.faults).toBeGreaterThan(5);
  sandbox.changeProfile({ faults: { rules: [] } });
  await world.cycle();
  await world.cycle();
  const before = sandbox.counters.writes;
  expect(await world.cycle('full')).toMatchObject({
    state: 'succeeded',
    counts: { created: 0, updated: 0, failed: 0 },
  });
  expect(sandbox.counters.writes).toBe(before);
  const { objects } = sandbox.directory;
  expect([objects.count('user', 'live'), objects.count('group', 'live')]).toEqual([users, groups]);
});
