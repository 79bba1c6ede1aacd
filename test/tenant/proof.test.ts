import { expect, test } from 'vitest';
import { openLdifWorld } from './ldif-world.ts';

test('a full cycle ends in one number: how many of all objects the tenant holds otherwise, by value or by member', async () => {
  await using world = await openLdifWorld({ users: 20, groups: 4, membersPerGroup: 5 });
  await world.converge();
  const { get, sandbox } = world.tenant;
  const list = async (path: string): Promise<readonly string[]> =>
    (await get<{ value: { id: string }[] }>(`/v1.0/${path}`)).value.map(({ id }) => id);
  expect(await world.cycle('full')).toMatchObject({ counts: { compared: 24, differing: 0 } });

  const [user = ''] = await list(
    `users?$filter=${encodeURIComponent("userPrincipalName eq 'user0003@contoso.test'")}&$select=id`,
  );
  await get(`/v1.0/users/${user}`, 'PATCH', { displayName: 'Edited' });
  const [lessened = '', grown = ''] = await list('groups?$select=id');
  for (const member of (await list(`groups/${lessened}/members?$select=id`)).slice(0, 2))
    await get(`/v1.0/groups/${lessened}/members/${member}/$ref`, 'DELETE');
  const members = new Set(await list(`groups/${grown}/members?$select=id`));
  const stranger = (await list('users?$select=id')).find((id) => !members.has(id));
  await get(`/v1.0/groups/${grown}/members/$ref`, 'POST', {
    '@odata.id': `${sandbox.graphUrl}/v1.0/directoryObjects/${stranger}`,
  });

  expect(await world.cycle('full')).toMatchObject({
    state: 'succeeded',
    counts: { compared: 24, differing: 3, updated: 1, membersAdded: 2, membersRemoved: 1 },
  });
  expect(await world.cycle('full')).toMatchObject({ counts: { compared: 24, differing: 0 } });
});
