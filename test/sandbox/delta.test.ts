import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTenant, type Send, type TestTenant } from './tenant.ts';

let tenant: TestTenant;

beforeEach(async () => {
  tenant = await openTenant();
});

afterEach(async () => {
  expect(tenant.watch.seen).toBeGreaterThan(0);
  expect(tenant.watch.violations).toEqual([]);
  await tenant[Symbol.asyncDispose]();
});

interface Item {
  readonly id: string;
  readonly '@removed'?: { readonly reason: string };
  readonly 'members@delta'?: readonly { readonly id: string; readonly '@removed'?: unknown }[];
  readonly [name: string]: unknown;
}

interface Round {
  readonly pages: readonly (readonly Item[])[];
  readonly items: readonly Item[];
  readonly link: string;
}

/** One round, from a start or a delta link to the next delta link. */
async function round(path: string, headers?: Record<string, string>, send: Send = tenant.send): Promise<Round> {
  const pages: Item[][] = [];
  for (let next = path; ; ) {
    const { status, body, text } = await send('GET', next, undefined, headers);
    if (status !== 200) throw new Error(`${status} ${text}`);
    pages.push(body.value);
    if (body['@odata.deltaLink'] !== undefined) return { pages, items: pages.flat(), link: body['@odata.deltaLink'] };
    next = body['@odata.nextLink'];
  }
}

/** What a client makes of the membership it is told. */
function membership(items: readonly Item[], group: string, before: ReadonlySet<string> = new Set()): Set<string> {
  const members = new Set(before);
  for (const item of items.filter(({ id }) => id === group)) {
    for (const { id, '@removed': removed } of item['members@delta'] ?? []) {
      if (removed === undefined) members.add(id);
      else members.delete(id);
    }
  }
  return members;
}

const bind = (ids: readonly string[]): Record<string, unknown> => ({
  'members@odata.bind': ids.map((id) => `${tenant.root}/directoryObjects/${id}`),
});

test('is understood in all its spellings', async () => {
  const id = await tenant.user();
  for (const path of ['delta', 'delta()', 'microsoft.graph.delta', 'microsoft.graph.delta()']) {
    const { items, link } = await round(`/users/${path}?$select=displayName`);
    expect(items).toMatchObject([{ id }]);
    expect(link).toContain('$deltatoken=');
    expect((await round(link.replace('$deltatoken', '%24deltaToken'))).items).toEqual([]);
  }
});

test('tells of creates, changes, deletes, restores and what is gone for good, each once', async () => {
  const [kept, changed, deleted] = [await tenant.user(), await tenant.user({ city: 'Bonn' }), await tenant.user()];
  const first = await round('/users/delta?$select=displayName,city');
  expect(first.items.map(({ id }) => id)).toEqual([kept, changed, deleted]);
  expect(first.items[0]).not.toHaveProperty('city');
  await tenant.send('PATCH', `/users/${changed}`, { city: null });
  await tenant.send('PATCH', `/users/${changed}`, { displayName: 'New' });
  await tenant.send('DELETE', `/users/${deleted}`);
  const created = await tenant.user();
  const second = await round(first.link);
  expect(second.items).toEqual([
    { id: changed, displayName: 'New', city: null },
    { id: deleted, '@removed': { reason: 'changed' } },
    { id: created, displayName: expect.any(String) },
  ]);
  await tenant.send('POST', `/directory/deletedItems/${deleted}/restore`);
  const third = await round(second.link);
  expect(third.items).toEqual([{ id: deleted, displayName: expect.any(String) }]);
  await tenant.send('DELETE', `/users/${deleted}`);
  await tenant.send('DELETE', `/directory/deletedItems/${deleted}`);
  expect((await round(third.link)).items).toEqual([{ id: deleted, '@removed': { reason: 'deleted' } }]);
});

test('$select limits what is tracked; return=minimal what is shown', async () => {
  const id = await tenant.user({ city: 'Bonn' });
  const { link } = await round('/users/delta?$select=city,department');
  await tenant.send('PATCH', `/users/${id}`, { displayName: 'Other' });
  expect((await round(link)).items).toEqual([]);
  await tenant.send('PATCH', `/users/${id}`, { department: 'X' });
  expect((await round(link)).items).toEqual([{ id, city: 'Bonn', department: 'X' }]);
  expect((await round(link, { prefer: 'return=minimal' })).items).toEqual([{ id, department: 'X' }]);
});

test('tells of members and managers, and of both when their object goes', async () => {
  const [group, ada, grace] = [await tenant.group(), await tenant.user(), await tenant.user()];
  await tenant.send('PATCH', `/groups/${group}`, bind([ada, grace]));
  const groups = await round('/groups/delta');
  expect(membership(groups.items, group)).toEqual(new Set([ada, grace]));
  const users = await round('/users/delta?$select=displayName,manager');
  await tenant.send('PUT', `/users/${ada}/manager/$ref`, { '@odata.id': `${tenant.root}/users/${grace}` });
  const managed = await round(users.link);
  expect(managed.items).toMatchObject([
    { id: ada, 'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: grace }] },
  ]);
  await tenant.send('DELETE', `/users/${grace}`);
  const removed = [{ '@odata.type': '#microsoft.graph.user', id: grace, '@removed': { reason: 'deleted' } }];
  const left = await round(groups.link);
  expect(left.items.find(({ id }) => id === group)).toMatchObject({ 'members@delta': removed });
  expect((await round(managed.link)).items).toContainEqual(
    expect.objectContaining({ id: ada, 'manager@delta': removed }),
  );
  await tenant.send('POST', `/directory/deletedItems/${grace}/restore`);
  const back = await round(left.link);
  expect(membership(back.items, group, new Set([ada]))).toEqual(new Set([ada, grace]));
});

test('splits a large group over pages, in the first round and in the next', async () => {
  tenant.sandbox.changeProfile({ delta: { linksPerPage: 3, pageSize: 2 } });
  const users: string[] = [];
  for (let i = 0; i < 20; i += 1) users.push(await tenant.user());
  const [small, large, owner] = [await tenant.group(), await tenant.group(), await tenant.user()];
  await tenant.send('PATCH', `/groups/${large}`, bind(users.slice(0, 10)));
  await tenant.send('PATCH', `/groups/${small}`, bind(users.slice(0, 4)));
  for (const id of [owner, users[0]]) {
    await tenant.send('POST', `/groups/${large}/owners/$ref`, { '@odata.id': `${tenant.root}/users/${id}` });
  }
  const first = await round('/groups/delta?$select=displayName,members,owners');
  expect(first.pages.length).toBeGreaterThan(4);
  expect(membership(first.items, large)).toEqual(new Set(users.slice(0, 10)));
  expect(membership(first.items, small)).toEqual(new Set(users.slice(0, 4)));
  const owners = first.items.flatMap((item) => (item['owners@delta'] as { id: string }[] | undefined) ?? []);
  expect(new Set(owners.map(({ id }) => id))).toEqual(new Set([owner, users[0]]));
  await tenant.send('PATCH', `/groups/${large}`, bind(users.slice(10)));
  await tenant.send('DELETE', `/groups/${large}/members/${users[3]}/$ref`);
  await tenant.send('DELETE', `/groups/${large}/members/${users[12]}/$ref`);
  const second = await round(first.link);
  expect(second.items.filter(({ id }) => id === large).length).toBeGreaterThan(3);
  const expected = users.filter((_, i) => i !== 3 && i !== 12);
  expect(membership(second.items, large, new Set(users.slice(0, 10)))).toEqual(new Set(expected));
  for (const page of [...first.pages, ...second.pages]) {
    const links = page.flatMap((item) => item['members@delta'] ?? []);
    expect(links.length).toBeLessThanOrEqual(3);
  }
});

test('changes that come during a round are told in the next', async () => {
  tenant.sandbox.changeProfile({ delta: { pageSize: 1 } });
  const [first, second] = [await tenant.user(), await tenant.user()];
  const { body } = await tenant.send('GET', '/users/delta?$select=city');
  await tenant.send('PATCH', `/users/${first}`, { city: 'Ulm' });
  const rest = await round(body['@odata.nextLink']);
  expect(rest.items.map(({ id }) => id)).toEqual([second]);
  expect((await round(rest.link)).items).toEqual([{ id: first, city: 'Ulm' }]);
});

test('latest gives a link and nothing else; an id filter limits the rest', async () => {
  const [one, two] = [await tenant.user(), await tenant.user()];
  const { items, link } = await round(`/users/delta?$deltaToken=latest&$select=city&$filter=id eq '${two}'`);
  expect(items).toEqual([]);
  for (const id of [one, two]) await tenant.send('PATCH', `/users/${id}`, { city: 'Ulm' });
  expect((await round(link)).items).toEqual([{ id: two, city: 'Ulm' }]);
});

test('replays the last changes, and shows them late', async () => {
  tenant.sandbox.changeProfile({ delta: { replays: 2, lateSeconds: 30 } });
  const { link } = await round('/users/delta?$select=city');
  const id = await tenant.user({ city: 'Ulm' });
  expect((await round(link)).items).toEqual([]);
  tenant.sandbox.clock.advance(31_000);
  const later = await round(link);
  expect(later.items).toEqual([{ id, city: 'Ulm' }]);
  expect((await round(later.link)).items).toEqual([{ id, city: 'Ulm' }]);
});

describe('a token', () => {
  test('is lost after its days, or when the tenant loses its state: 410 and where to begin', async () => {
    tenant.sandbox.changeProfile({ tokens: { lifetimeSeconds: 3_000_000 } });
    const send = await tenant.as(['User.Read.All']);
    const { link } = await round('/users/delta', undefined, send);
    tenant.sandbox.clock.advance(6 * 86_400_000);
    expect((await send('GET', link)).status).toBe(200);
    tenant.sandbox.clock.advance(2 * 86_400_000);
    const lost = await send('GET', link);
    expect(lost).toMatchObject({ status: 410, body: { error: { code: 'syncStateNotFound' } } });
    expect(lost.headers['location']).toBe(`${tenant.root}/users/delta?$deltatoken=`);
    const again = await round(String(lost.headers['location']), undefined, send);
    tenant.sandbox.loseDeltaTokens();
    expect((await send('GET', again.link)).status).toBe(410);
  });

  test('of another kind, or of nobody, is refused', async () => {
    const { link } = await round('/users/delta');
    const token = new URL(link).searchParams.get('$deltatoken');
    expect((await tenant.send('GET', `/groups/delta?$deltatoken=${token}`)).status).toBe(400);
    expect((await tenant.send('GET', '/users/delta?$deltatoken=garbage')).status).toBe(400);
  });
});

test('refuses the options it does not know', async () => {
  for (const option of ['$top=5', '$orderby=displayName', '$expand=members', "$filter=displayName eq 'x'"]) {
    expect((await tenant.send('GET', `/groups/delta?${option}`)).body.error.code).toBe('Request_UnsupportedQuery');
  }
});
