import { describe, expect, test } from 'vitest';
import { type LdifWorld, openLdifWorld } from './ldif-world.ts';

const sample = { users: 3, groups: 1, membersPerGroup: 2 };

interface User {
  readonly id: string;
  readonly onPremisesImmutableId: string | null;
}

async function userOf({ tenant }: LdifWorld, name: string): Promise<User | undefined> {
  const filter = encodeURIComponent(`userPrincipalName eq '${name}@contoso.test'`);
  const path = `/v1.0/users?$filter=${filter}&$select=id,onPremisesImmutableId`;
  return (await tenant.get<{ value: User[] }>(path)).value[0];
}

async function reanchor(world: LdifWorld, name: string, anchor: string | null): Promise<User> {
  const user = await userOf(world, name);
  if (user === undefined) throw new Error(`no ${name}`);
  await world.tenant.get(`/v1.0/users/${user.id}`, 'PATCH', { onPremisesImmutableId: anchor });
  return user;
}

const another = 'AAAAAAAAAAAAAAAAAAAAAA==';

describe('an immutable id that somebody cleared or changed in the tenant', () => {
  test.each(['delta', 'full'] as const)(
    'is put back by a %s cycle, so that a lost state finds all again',
    async (type) => {
      await using world = await openLdifWorld(sample);
      await world.converge();
      const before = [await reanchor(world, 'user0001', null), await reanchor(world, 'user0002', another)];
      const differing = { compared: type === 'full' ? 4 : 2, differing: 2 };
      expect(await world.cycle(type)).toMatchObject({ state: 'succeeded', counts: { adopted: 2, ...differing } });
      expect([await userOf(world, 'user0001'), await userOf(world, 'user0002')]).toEqual(before);
      expect(await world.cycle('full')).toMatchObject({ counts: { compared: 4, differing: 0 } });
      world.forget();
      expect(await world.cycle()).toMatchObject({ state: 'succeeded', counts: { created: 0, held: 0, differing: 0 } });
    },
  );

  test('is reported where drift is, and left as it is', async () => {
    await using world = await openLdifWorld(sample, {}, 'drift: report');
    await world.converge();
    await reanchor(world, 'user0001', null);
    await reanchor(world, 'user0002', another);
    const { writes } = world.tenant.sandbox.counters;
    for (const type of ['delta', 'full'] as const)
      expect(await world.cycle(type)).toMatchObject({ counts: { adopted: 0, held: 2, differing: 2 } });
    expect(world.tenant.sandbox.counters.writes).toBe(writes);
  });
});

test('a leaver deleted from the recycle bin is made anew when it comes back, also when only a read of everything could tell', async () => {
  await using world = await openLdifWorld(sample);
  await world.converge();
  const before = await userOf(world, 'user0002');
  world.export({ ...sample, users: 2 });
  expect(await world.cycle()).toMatchObject({ counts: { deleted: 1 } });
  await world.tenant.get(`/v1.0/directory/deletedItems/${before?.id}`, 'DELETE');
  await world.cycle('full');
  world.export(sample);
  expect(await world.cycle()).toMatchObject({ counts: { created: 1, restored: 0, failed: 0 } });
  const after = await userOf(world, 'user0002');
  expect(after?.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(after?.id).not.toBe(before?.id);
});
