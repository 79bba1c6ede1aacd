import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advanced, domain, newGroup, openTenant, pages, type TestTenant } from './tenant.ts';

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await openTenant();
});

afterAll(async () => {
  expect(tenant.watch.seen).toBeGreaterThan(0);
  expect(tenant.watch.violations).toEqual([]);
  await tenant[Symbol.asyncDispose]();
});

const absent = '00000000-0000-4000-8000-000000000000';
const reference = (id: string): string => `${tenant.root}/directoryObjects/${id}`;
const bind = (...ids: string[]): Record<string, unknown> => ({ 'members@odata.bind': ids.map(reference) });

async function memberIds(group: string): Promise<string[]> {
  const found = await pages(tenant.send, `/groups/${group}/members?$select=id`);
  return found.flatMap(({ body }) => body.value.map(({ id }: { id: string }) => id));
}

describe('POST /groups', () => {
  test('answers 201 with every property that is returned by default, and the SID its id gives', async () => {
    const { status, body } = await tenant.send('POST', '/groups', newGroup({ description: 'All', uniqueName: 'all' }));
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(
      expect.arrayContaining(['deletedDateTime', 'groupTypes', 'proxyAddresses', 'renewedDateTime', 'visibility']),
    );
    expect(body).toMatchObject({ description: 'All', uniqueName: 'all', securityEnabled: true, mailEnabled: false });
    expect(body.securityIdentifier).toMatch(/^S-1-12-1-\d+-\d+-\d+-\d+$/);
  });

  test('takes owners and members along, twenty together', async () => {
    const [owner, member] = [await tenant.user(), await tenant.user()];
    const id = await tenant.group({ ...bind(member), 'owners@odata.bind': [`${tenant.root}/users/${owner}`] });
    expect(await memberIds(id)).toEqual([member]);
    expect((await tenant.send('GET', `/groups/${id}/owners`)).body.value).toMatchObject([{ id: owner }]);
    const many = Array.from({ length: 21 }, () => member);
    expect((await tenant.send('POST', '/groups', newGroup(bind(...many)))).status).toBe(400);
  });

  test('makes no group when one of its members is unknown', async () => {
    const body = newGroup({ ...bind(await tenant.user(), absent), displayName: 'Half' });
    expect((await tenant.send('POST', '/groups', body)).status).toBe(404);
    const { body: found } = await tenant.send('GET', `/groups?$filter=displayName eq 'Half'`);
    expect(found.value).toEqual([]);
  });

  test.each([
    [
      'a mail-enabled security group',
      { mailEnabled: true },
      /does not currently support writes of mail-enabled groups/,
    ],
    ['a distribution list', { mailEnabled: true, securityEnabled: false }, /mail-enabled groups/],
    ['a group that is nothing', { securityEnabled: false }, /'securityEnabled'/],
    ['a nickname with an at sign', { mailNickname: 'a@b' }, /'mailNickname' of resource 'Group'/],
    ['a nickname that is not ASCII', { mailNickname: 'übung' }, /'mailNickname' of resource 'Group'/],
    ['too long a name', { displayName: 'x'.repeat(257) }, /'displayName'/],
    ['no nickname', { mailNickname: undefined }, /A value is required for property 'mailNickname'/],
    ['a SID', { onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-4' }, /read-only/],
  ])('refuses %s', async (_what, more, message) => {
    const { status, body } = await tenant.send('POST', '/groups', newGroup(more));
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'Request_BadRequest', message: expect.stringMatching(message) });
  });

  test('wants the nickname unique among Microsoft 365 groups only', async () => {
    const unified = { groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false, mailNickname: 'team' };
    const first = await tenant.send('POST', '/groups', newGroup(unified));
    expect(first.body).toMatchObject({ mail: expect.stringMatching(/^team@/), proxyAddresses: [expect.any(String)] });
    const second = await tenant.send('POST', '/groups', newGroup(unified));
    expect(second.body.error.details[0]).toMatchObject({ code: 'ObjectConflict', target: 'mailNickname' });
    expect((await tenant.send('POST', '/groups', newGroup({ mailNickname: 'team' }))).status).toBe(201);
    const group = await tenant.group();
    const nested = await tenant.send('PATCH', `/groups/${first.body.id}`, bind(group));
    expect(nested.body.error.message).toContain('cannot be referenced');
  });
});

describe("PATCH /groups(uniqueName='...')", () => {
  const create = { prefer: 'create-if-missing' };

  test('creates, and then updates the same group', async () => {
    const key = encodeURIComponent('a/b+c==');
    const path = `/groups(uniqueName='${key}')`;
    expect((await tenant.send('PATCH', path, newGroup())).status).toBe(404);
    const made = await tenant.send('PATCH', path, newGroup(), create);
    expect(made).toMatchObject({ status: 201, body: { uniqueName: 'a/b+c==' } });
    const again = await tenant.send('PATCH', path, { displayName: 'Renamed' }, create);
    expect([again.status, again.text]).toEqual([204, '']);
    const read = await tenant.send('GET', `${path}?$select=id,displayName`);
    expect(read.body).toMatchObject({ id: made.body.id, displayName: 'Renamed' });
    expect((await tenant.send('GET', `/groups(uniqueName='a/b%2Bc==')?$select=id`)).body.id).toBe(made.body.id);
    expect((await tenant.send('PATCH', `/groups/${made.body.id}`, { uniqueName: 'x' })).status).toBe(400);
    expect((await tenant.send('DELETE', path)).status).toBe(204);
  });

  test('keeps a unique name for its deleted group until that is gone', async () => {
    const path = "/groups(uniqueName='kept')";
    const made = await tenant.send('PATCH', path, newGroup(), create);
    await tenant.send('DELETE', path);
    const taken = await tenant.send('PATCH', path, newGroup(), create);
    expect(taken.body.error.details).toMatchObject([{ target: 'uniqueName' }, { target: `Group_${made.body.id}` }]);
    await tenant.send('DELETE', `/directory/deletedItems/${made.body.id}`);
    expect((await tenant.send('PATCH', path, newGroup(), create)).status).toBe(201);
  });
});

describe('members', () => {
  test('come twenty to a PATCH, all or none', async () => {
    const group = await tenant.group();
    const users = await Promise.all(Array.from({ length: 20 }, () => tenant.user()));
    const path = `/groups/${group}`;
    expect((await tenant.send('PATCH', path, bind(...users.slice(0, 1)))).status).toBe(204);
    const known = await tenant.send('PATCH', path, bind(...users));
    expect([known.status, known.body.error.message]).toEqual([
      400,
      "One or more added object references already exist for the following modified properties: 'members'.",
    ]);
    const twice = await tenant.send('PATCH', path, bind(users[1] ?? '', users[1] ?? ''));
    expect(twice.body.error.message).toContain('can only be present once');
    expect((await tenant.send('PATCH', path, bind(...users.slice(1), absent))).status).toBe(404);
    expect((await tenant.send('PATCH', path, bind(...users, absent))).status).toBe(400);
    expect(await memberIds(group)).toEqual(users.slice(0, 1));
    expect((await tenant.send('PATCH', path, bind(...users.slice(1)))).status).toBe(204);
    expect((await memberIds(group)).sort()).toEqual([...users].sort());
    expect((await tenant.send('POST', path, bind(...users))).status).toBe(405);
  });

  test('are added and removed one by one', async () => {
    const [group, user] = [await tenant.group(), await tenant.user()];
    const add = () => tenant.send('POST', `/groups/${group}/members/$ref`, { '@odata.id': reference(user) });
    const remove = () => tenant.send('DELETE', `/groups/${group}/members/${user}/$ref`);
    expect((await add()).status).toBe(204);
    expect((await add()).body.error.message).toContain('already exist');
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await tenant.send('DELETE', `/groups/${group}/members/${absent}/$ref`)).status).toBe(404);
    const foreign = await tenant.send('POST', `/groups/${group}/members/$ref`, { '@odata.id': 'nowhere' });
    expect(foreign.status).toBe(400);
  });

  test('are listed by pages with their types, and counted', async () => {
    const group = await tenant.group();
    const users = await Promise.all(Array.from({ length: 5 }, () => tenant.user()));
    await tenant.send('PATCH', `/groups/${group}`, bind(...users, await tenant.group()));
    const found = await pages(tenant.send, `/groups/${group}/members?$top=2&$select=id,displayName`);
    expect(found.map(({ body }) => body.value.length)).toEqual([2, 2, 2]);
    expect(found[0]?.body['@odata.context']).toBe(`${tenant.root}/$metadata#directoryObjects(id,displayName)`);
    const types = found.flatMap(({ body }) => body.value.map((item: Record<string, string>) => item['@odata.type']));
    expect(types.filter((type) => type === '#microsoft.graph.group')).toHaveLength(1);
    const cast = await tenant.send('GET', `/groups/${group}/members/microsoft.graph.user?$select=id`);
    expect(cast.body.value).toHaveLength(5);
    const counted = await tenant.send('GET', `/groups/${group}/members/$count`, undefined, {
      consistencylevel: 'eventual',
    });
    expect([counted.headers['content-type'], counted.text]).toEqual(['text/plain', '6']);
    const filtered = await tenant.send(
      'GET',
      `/groups/${group}/members/microsoft.graph.user?$filter=startswith(displayName,'User')&$count=true&$top=1`,
      undefined,
      { consistencylevel: 'eventual' },
    );
    expect(filtered.body).toMatchObject({ '@odata.count': 5, value: [expect.anything()] });
  });

  test('leave out service principals in v1.0', async () => {
    const group = await tenant.group();
    const principal = await tenant.send('GET', `/servicePrincipals(appId='${tenant.sandbox.clientId}')?$select=id`);
    expect((await tenant.send('PATCH', `/groups/${group}`, bind(principal.body.id))).status).toBe(204);
    expect(await memberIds(group)).toEqual([]);
  });

  test('reach through nested groups, cycles included', async () => {
    const [outer, inner, user] = [await tenant.group(), await tenant.group(), await tenant.user()];
    await tenant.send('PATCH', `/groups/${outer}`, bind(inner));
    await tenant.send('PATCH', `/groups/${inner}`, bind(user, outer));
    const ids = async (path: string): Promise<string[]> =>
      (await tenant.send('GET', `${path}?$select=id`)).body.value.map(({ id }: { id: string }) => id).sort();
    expect(await ids(`/groups/${outer}/transitiveMembers`)).toEqual([outer, inner, user].sort());
    expect(await ids(`/users/${user}/memberOf`)).toEqual([inner]);
    expect(await ids(`/users/${user}/transitiveMemberOf`)).toEqual([outer, inner].sort());
    const checked = await tenant.send('POST', `/users/${user}/checkMemberGroups`, { groupIds: [outer, absent] });
    expect(checked.body.value).toEqual([outer]);
    const groups = await tenant.send('POST', `/users/${user}/getMemberGroups`, { securityEnabledOnly: true });
    expect([...groups.body.value].sort()).toEqual([outer, inner].sort());
    expect((await tenant.send('PATCH', `/groups/${outer}`, bind(outer))).status).toBe(400);
  });

  test('of groups that Exchange or a sync service masters are not touched', async () => {
    const { directory } = tenant.sandbox;
    const user = await tenant.user();
    const [list, synced] = directory.transact((writer) => [
      writer.create('group', { displayName: 'List', mailNickname: 'list', mailEnabled: true, securityEnabled: false }),
      writer.create(
        'group',
        { displayName: 'Synced', mailNickname: 'synced', mailEnabled: false, securityEnabled: true },
        { mastery: 'synced' },
      ),
    ]);
    const refusal = async (id: string | undefined): Promise<string> =>
      (await tenant.send('PATCH', `/groups/${id}`, bind(user))).body.error.message;
    expect(await refusal(list?.id)).toBe('Cannot Update a mail-enabled security groups and or distribution list.');
    expect(await refusal(synced?.id)).toContain('on-premises mastered Directory Sync objects');
  });
});

describe('owners', () => {
  test('keep at least one, and a hundred at most', async () => {
    await using small = await openTenant({ profile: { quotas: { ownersPerGroup: 2 } } });
    const [first, second, third] = [await small.user(), await small.user(), await small.user()];
    const group = await small.group({ 'owners@odata.bind': [`${small.root}/users/${first}`] });
    const add = (id: string) =>
      small.send('POST', `/groups/${group}/owners/$ref`, { '@odata.id': `${small.root}/users/${id}` });
    const remove = (id: string) => small.send('DELETE', `/groups/${group}/owners/${id}/$ref`);
    expect((await remove(first)).body.error.message).toContain('at least one owner');
    expect((await add(second)).status).toBe(204);
    const over = await add(third);
    expect([over.status, over.body.error.code]).toEqual([403, 'Directory_QuotaExceeded']);
    expect((await remove(first)).status).toBe(204);
    expect((await add(await small.group())).status).toBe(404);
    expect(small.watch.violations).toEqual([]);
  });
});

describe('deleted items', () => {
  test('hold users and groups, by cast, until they are restored or gone', async () => {
    const name = `gone@${domain}`;
    const [user, group] = [await tenant.user({ userPrincipalName: name }), await tenant.group()];
    await tenant.send('PATCH', `/groups/${group}`, bind(user));
    expect((await tenant.send('DELETE', `/users/${user}`)).status).toBe(204);
    expect((await tenant.send('GET', `/users/${user}`)).status).toBe(404);
    expect(await memberIds(group)).toEqual([]);
    expect((await tenant.send('GET', '/directory/deletedItems')).status).toBe(400);
    const list = await tenant.send('GET', '/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName');
    expect(list.body.value).toContainEqual({ id: user, userPrincipalName: `${user.replaceAll('-', '')}${name}` });
    expect((await tenant.send('GET', `/directory/deletedItems/${user}`)).body).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      id: user,
    });
    const cast = `/directory/deletedItems/${user}/microsoft.graph`;
    expect((await tenant.send('GET', `${cast}.user?$select=id`)).body).toMatchObject({ id: user });
    expect((await tenant.send('GET', `${cast}.group?$select=id`)).status).toBe(404);
    const count = '/directory/deletedItems/microsoft.graph.user/$count';
    expect((await tenant.send('GET', count, undefined, advanced)).text).toBe(String(list.body.value.length));
    const restored = await tenant.send('POST', `/directory/deletedItems/${user}/restore`);
    expect(restored).toMatchObject({ status: 200, body: { id: user, userPrincipalName: name } });
    expect(await memberIds(group)).toEqual([user]);
    await tenant.send('DELETE', `/groups/${group}`);
    const groups = await tenant.send('GET', '/directory/deletedItems/microsoft.graph.group');
    const deleted = groups.body.value.find(({ id }: { id: string }) => id === group);
    expect(deleted).toMatchObject({ securityEnabled: false, groupTypes: [] });
    expect((await tenant.send('DELETE', `/directory/deletedItems/${group}`)).status).toBe(204);
    expect((await tenant.send('GET', `/directory/deletedItems/${group}`)).status).toBe(404);
  });

  test('come back only when nobody took their name, or under another one', async () => {
    const name = `again@${domain}`;
    const user = await tenant.user({ userPrincipalName: name });
    await tenant.send('DELETE', `/users/${user}`);
    const other = await tenant.user({ userPrincipalName: name });
    const clash = await tenant.send('POST', `/directory/deletedItems/${user}/restore`);
    expect(clash).toMatchObject({
      status: 409,
      body: { error: { code: 'Request_MultipleObjectsWithSameKeyValue', details: [{}, { target: `User_${other}` }] } },
    });
    const renamed = await tenant.send('POST', `/beta/directory/deletedItems/${user}/restore`, {
      newUserPrincipalName: `again2@${domain}`,
    });
    expect(renamed.body.userPrincipalName).toBe(`again2@${domain}`);
  });

  test('go for good after their days, and at once where security groups have no bin', async () => {
    await using strict = await openTenant({ profile: { softDelete: { securityGroups: false, days: 30 } } });
    const [user, group] = [await strict.user(), await strict.group()];
    await strict.send('DELETE', `/groups/${group}`);
    expect((await strict.send('GET', `/directory/deletedItems/${group}`)).status).toBe(404);
    await strict.send('DELETE', `/users/${user}`);
    expect((await strict.send('GET', `/directory/deletedItems/${user}`)).status).toBe(200);
    strict.sandbox.changeProfile({ tokens: { lifetimeSeconds: 3_000_000 } });
    strict.sandbox.clock.advance(31 * 86_400_000);
    const send = await strict.as(['User.ReadWrite.All', 'Directory.ReadWrite.All']);
    await send('POST', '/groups', newGroup());
    expect((await send('GET', `/directory/deletedItems/${user}`)).status).toBe(404);
  });
});
