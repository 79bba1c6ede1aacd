import { expect, test } from 'vitest';
import { openLdifWorld } from './ldif-world.ts';

test('a configuration with directory extensions runs from its first cycle on, and registers each by itself', async () => {
  await using world = await openLdifWorld(
    { users: 12, groups: 2, membersPerGroup: 3 },
    {},
    'directoryExtensions: { user: [{ attribute: department, name: unit }], group: [{ attribute: description, name: note }] }',
  );
  const { get, sandbox } = world.tenant;
  const definitions = async (): Promise<readonly string[]> => {
    const path = `/v1.0/applications(appId='${sandbox.clientId}')/extensionProperties`;
    return (await get<{ value: { name: string }[] }>(path)).value.map(({ name }) => name);
  };
  const prefix = `extension_${sandbox.clientId.replaceAll('-', '')}`;
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', counts: { created: 14, failed: 0, held: 0 } });
  expect(await definitions()).toContain(`${prefix}_unit`);
  await world.converge();
  const { writes } = sandbox.counters;
  expect(await world.cycle('full')).toMatchObject({ state: 'succeeded', counts: { compared: 14, differing: 0 } });
  const [user] = (
    await get<{ value: Record<string, string>[] }>(`/v1.0/users?$top=1&$select=id,department,${prefix}_unit`)
  ).value;
  expect(user?.[`${prefix}_unit`]).toBe(user?.['department']);
  expect(sandbox.counters.writes).toBe(writes);
  await get(`/v1.0/users/${user?.['id']}`, 'PATCH', { [`${prefix}_unit`]: 'edited' });
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', counts: { updated: 1 } });
});
