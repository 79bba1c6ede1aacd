import { expect, test } from 'vitest';
import { openLdifWorld } from './ldif-world.ts';

test('with the state lost, all is found again by its anchor: nothing is made, deleted or written', async () => {
  await using world = await openLdifWorld({ users: 120, groups: 12, membersPerGroup: 30 });
  await world.converge();
  const { writes } = world.tenant.sandbox.counters;
  world.forget();
  expect(await world.cycle()).toMatchObject({
    state: 'succeeded',
    counts: { created: 0, updated: 0, deleted: 0, membersAdded: 0, membersRemoved: 0, failed: 0 },
  });
  expect(await world.cycle('full')).toMatchObject({ state: 'succeeded', counts: { created: 0, deleted: 0 } });
  expect(world.tenant.sandbox.counters.writes).toBe(writes);
});

test('an object that was renamed in the tenant is found by its anchor, and gets its name back in one write', async () => {
  await using world = await openLdifWorld({ users: 10, groups: 1, membersPerGroup: 5 });
  await world.converge();
  const { get, sandbox } = world.tenant;
  const { value } = await get<{ value: { id: string }[] }>(
    `/v1.0/users?$filter=${encodeURIComponent("userPrincipalName eq 'user0003@contoso.test'")}&$select=id`,
  );
  const id = value[0]?.id ?? '';
  await get(`/v1.0/users/${id}`, 'PATCH', { userPrincipalName: 'renamed@contoso.test', displayName: 'Renamed' });
  world.forget();
  const before = sandbox.counters.writes;
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', counts: { created: 0, updated: 1, deleted: 0 } });
  expect(sandbox.counters.writes - before).toBe(1);
  expect(await get(`/v1.0/users/${id}?$select=userPrincipalName,displayName`)).toMatchObject({
    userPrincipalName: 'user0003@contoso.test',
    displayName: 'User 3',
  });
});
