import { expect, test } from 'vitest';
import type { SandboxProfile } from '../../src/sandbox/index.ts';
import { openLdifWorld } from './ldif-world.ts';

/**
 * The engine against a tenant that loses at least one answer in twenty after the write took effect: nothing is made twice, and
 * hardly anything is sent twice.
 */

const users = 300;
const groups = 20;
const membersPerGroup = 40;
const managers = users - 1;
const changes = users + groups + (groups * membersPerGroup) / 20 + managers;
const unsafe = ['POST', 'PATCH', 'PUT', 'DELETE'];

test.each<readonly [string, SandboxProfile]>([
  [
    'of single writes',
    { faults: { seed: 7, rules: [{ kind: 'gatewayTimeout', when: 'after', methods: unsafe, rate: 0.05 }] } },
  ],
  ['of whole batches', { faults: { seed: 7, rules: [{ kind: 'reset', when: 'after', methods: unsafe, rate: 0.12 }] } }],
  [
    'of both kinds, with changes that show more than once,',
    {
      faults: {
        seed: 11,
        rules: [
          { kind: 'gatewayTimeout', when: 'after', methods: unsafe, rate: 0.03 },
          { kind: 'truncated', when: 'after', methods: unsafe, rate: 0.02 },
        ],
      },
      delta: { replays: 5 },
    },
  ],
  [
    'of single writes and of batches, with changes that show late,',
    {
      faults: {
        seed: 13,
        rules: [
          { kind: 'gatewayTimeout', when: 'after', methods: unsafe, rate: 0.03 },
          { kind: 'reset', when: 'after', methods: unsafe, rate: 0.05 },
        ],
      },
      delta: { lateSeconds: 3 },
    },
  ],
])('answers %s are lost: no duplicate, at most 1.02 writes to a change', async (_, profile) => {
  await using world = await openLdifWorld({ users, groups, membersPerGroup });
  const { sandbox, get } = world.tenant;
  sandbox.changeProfile(profile);
  const cycles = await world.converge();
  expect(sandbox.counters.faults).toBeGreaterThanOrEqual(2);
  const { objects } = sandbox.directory;
  expect([objects.count('user', 'live'), objects.count('group', 'live')]).toEqual([users, groups]);
  expect(sandbox.counters.writes / changes).toBeLessThanOrEqual(1.02);
  expect(cycles.at(-1)).toMatchObject({ state: 'succeeded', counts: { created: 0, failed: 0 } });
  const { value } = await get<{ value: { id: string }[] }>('/v1.0/groups?$select=id&$top=999');
  for (const { id } of value) {
    const members = await get<{ value: unknown[] }>(`/v1.0/groups/${id}/members?$select=id&$top=999`);
    expect(members.value).toHaveLength(membersPerGroup);
  }
});
