import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advanced, domain, openTenant, pages, type TestTenant } from './tenant.ts';

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await openTenant();
  await tenant.user({
    displayName: 'Ada Lovelace',
    userPrincipalName: `ada@${domain}`,
    department: 'Engines',
    city: 'London',
  });
  await tenant.user({ displayName: 'Grace Hopper', userPrincipalName: `grace@${domain}`, mail: `grace@${domain}` });
  await tenant.user({ displayName: "Miles O'Brien", userPrincipalName: `miles@${domain}`, accountEnabled: false });
  await tenant.user({
    displayName: 'Jürgen Ünal',
    userPrincipalName: `juergen@${domain}`,
    department: 'Engines',
    onPremisesImmutableId: 'QUJD+/==',
    onPremisesExtensionAttributes: { extensionAttribute3: 'blue' },
    otherMails: ['ju@home.test'],
  });
});

afterAll(async () => {
  expect(tenant.watch.seen).toBeGreaterThan(0);
  expect(tenant.watch.violations).toEqual([]);
  await tenant[Symbol.asyncDispose]();
});

async function names(filter: string, more = '', headers: Record<string, string> = {}): Promise<string[]> {
  const path = `/users?$filter=${encodeURIComponent(filter)}&$select=displayName${more}`;
  const { status, body, text } = await tenant.send('GET', path, undefined, headers);
  if (status !== 200) throw new Error(text);
  return body.value.map(({ displayName }: { displayName: string }) => displayName);
}

describe('$filter', () => {
  test.each([
    ["userPrincipalName eq 'ADA@contoso.test'", ['Ada Lovelace']],
    ["displayName eq 'miles o''brien'", ["Miles O'Brien"]],
    ["displayName eq 'JÜRGEN ÜNAL'", ['Jürgen Ünal']],
    ["onPremisesImmutableId eq 'QUJD+/=='", ['Jürgen Ünal']],
    ["onPremisesImmutableId eq 'qujd+/=='", []],
    ["startswith(displayName,'gra')", ['Grace Hopper']],
    ["startsWith(department, 'Eng') and city eq 'London'", ['Ada Lovelace']],
    ["department eq 'Engines' or accountEnabled eq false", ['Ada Lovelace', "Miles O'Brien", 'Jürgen Ünal']],
    ["displayName in ('Ada Lovelace', 'Grace Hopper')", ['Ada Lovelace', 'Grace Hopper']],
    ["(accountEnabled eq false) and (displayName ge 'M')", ["Miles O'Brien"]],
    ["proxyAddresses/any(p:p eq 'smtp:GRACE@contoso.test')", ['Grace Hopper']],
    ["otherMails/any(m:startswith(m,'ju@'))", ['Jürgen Ünal']],
    ["onPremisesExtensionAttributes/extensionAttribute3 eq 'blue'", ['Jürgen Ünal']],
    ['createdDateTime ge 2020-01-01T00:00:00Z', ['Ada Lovelace', 'Grace Hopper', "Miles O'Brien", 'Jürgen Ünal']],
    ['onPremisesSyncEnabled eq true', []],
  ])('%s', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  test.each([
    ["department ne 'Engines'", ['Grace Hopper', "Miles O'Brien"]],
    ["not(department eq 'Engines')", ['Grace Hopper', "Miles O'Brien"]],
    ["endsWith(mail,'@contoso.test')", ['Grace Hopper']],
    ["not startswith(displayName, 'A') and not(accountEnabled eq false)", ['Grace Hopper', 'Jürgen Ünal']],
  ])('%s, with ConsistencyLevel and $count only', async (filter, expected) => {
    expect(await names(filter, '&$count=true', advanced)).toEqual(expected);
    await expect(names(filter)).rejects.toThrow('Request_UnsupportedQuery');
    await expect(names(filter, '&$count=true')).rejects.toThrow('Request_UnsupportedQuery');
  });

  test.each([
    ["contains(displayName,'a')", 'Request_UnsupportedQuery'],
    ["streetAddress eq 'x' and jobTitle gt 5", 'BadRequest'],
    ["passwordProfile eq 'x'", 'Request_UnsupportedQuery'],
    ["proxyAddresses/all(p:p eq 'x')", 'Request_UnsupportedQuery'],
    ["shoeSize eq '44'", 'BadRequest'],
    ["displayName eq 'open", 'Request_BadRequest'],
    ["displayName is 'x'", 'Request_BadRequest'],
    ['displayName', 'Request_BadRequest'],
    ['('.repeat(500), 'Request_BadRequest'],
  ])('refuses %s', async (filter, code) => {
    const { status, body } = await tenant.send('GET', `/users?$filter=${encodeURIComponent(filter)}`);
    expect([status, body.error.code]).toEqual([400, code]);
  });

  test('names the property it does not take', async () => {
    const { body } = await tenant.send('GET', "/groups?$filter=theme eq 'x'");
    expect(body.error.message).toBe(
      "Unsupported or invalid query filter clause specified for property 'theme' of resource 'Group'.",
    );
    const advancedOnly = [
      ["jobTitle ne 'x'", 'jobTitle'],
      ["endswith(mail,'x')", 'mail'],
      ["not(city eq 'x')", 'city'],
    ];
    for (const [filter, property] of advancedOnly) {
      const refused = await tenant.send('GET', `/users?$filter=${encodeURIComponent(filter ?? '')}`);
      expect(refused.body.error).toMatchObject({
        code: 'Request_UnsupportedQuery',
        message: `Unsupported or invalid query filter clause specified for property '${property}' of resource 'User'.`,
      });
    }
  });

  test('a value cannot leave its quotes', async () => {
    expect(await names("displayName eq 'x'' or ''1'' eq ''1'")).toEqual([]);
  });

  test('an unencoded plus is a blank, as everywhere on the web', async () => {
    const plain = await tenant.send('GET', "/users?$filter=onPremisesImmutableId eq 'QUJD+/=='".replaceAll(' ', '%20'));
    expect(plain.body.value).toEqual([]);
  });
});

describe('$search, $count, $orderby, $top, $select', () => {
  test('$search needs the header and finds by the beginnings of words', async () => {
    const path = `/users?$search=${encodeURIComponent('"displayName:hop" OR "mail:grace"')}&$select=displayName`;
    expect((await tenant.send('GET', path)).body.error.code).toBe('Request_UnsupportedQuery');
    const { body } = await tenant.send('GET', path, undefined, advanced);
    expect(body.value).toEqual([{ displayName: 'Grace Hopper' }]);
    const bad = await tenant.send('GET', '/users?$search=hopper', undefined, advanced);
    expect(bad.status).toBe(400);
  });

  test('$count is there with the header, and silently missing without', async () => {
    const path = '/users?$count=true&$top=2';
    const without = await tenant.send('GET', path);
    expect(without.status).toBe(200);
    expect(without.body).not.toHaveProperty('@odata.count');
    expect((await tenant.send('GET', path, undefined, advanced)).body['@odata.count']).toBe(4);
    expect((await tenant.send('GET', '/users/$count')).status).toBe(400);
    expect((await tenant.send('GET', '/users/$count', undefined, advanced)).text).toBe('4');
  });

  test('$orderby sorts without regard to case and pages on', async () => {
    const found = await pages(tenant.send, '/users?$orderby=displayName desc&$top=1&$select=displayName');
    expect(found.map(({ body }) => body.value[0]?.displayName)).toEqual([
      "Miles O'Brien",
      'Jürgen Ünal',
      'Grace Hopper',
      'Ada Lovelace',
    ]);
    const mixed = "/users?$orderby=displayName&$filter=department eq 'Engines'";
    expect((await tenant.send('GET', mixed)).body.error.code).toBe('Request_UnsupportedQuery');
    const both = await tenant.send('GET', `${mixed}&$count=true`, undefined, advanced);
    expect(both.body.value).toHaveLength(2);
    expect((await tenant.send('GET', '/users?$orderby=city')).status).toBe(400);
  });

  test('pages follow one another without gap or repetition, whatever is created between', async () => {
    const seen: string[] = [];
    let next: string | undefined = '/users?$top=2&$select=id';
    while (next !== undefined) {
      const { body }: { body: Record<string, never> } = await tenant.send('GET', next);
      seen.push(...(body['value'] as unknown as { id: string }[]).map(({ id }) => id));
      next = body['@odata.nextLink'];
      if (seen.length === 2) await tenant.user({ displayName: 'Zoe' });
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(5);
  });

  test('options come encoded, without their dollar sign and in any case', async () => {
    for (const query of [
      '%24select=id%2CdisplayName&%24top=1',
      'select=id,displayName&top=1',
      '$SELECT=id, DisplayName&$top=1',
    ]) {
      const { body } = await tenant.send('GET', `/users?${query.replaceAll(' ', '%20')}`);
      expect(Object.keys(body.value[0])).toEqual(['id', 'displayName']);
      expect(body['@odata.nextLink']).toContain('skiptoken=');
    }
  });

  test.each([
    '/users?$top=1000',
    '/users?$top=0',
    '/users?$skip=5',
    '/users?$apply=x',
    '/users?$skiptoken=garbage',
    '/users?$select=shoeSize',
    '/users?$expand=drive',
    '/nothing',
  ])('refuses %s', async (path) => {
    expect((await tenant.send('GET', path)).status).toBe(400);
  });
});

describe('getByIds', () => {
  test('gives the objects there are, of the types asked for', async () => {
    const [user, group] = [await tenant.user(), await tenant.group()];
    const ids = [user, group, '00000000-0000-4000-8000-000000000000'];
    const all = await tenant.send('POST', '/directoryObjects/getByIds', { ids });
    expect(all.body.value.map(({ id }: { id: string }) => id)).toEqual([user, group]);
    const groups = await tenant.send('POST', '/directoryObjects/microsoft.graph.getByIds', { ids, types: ['group'] });
    expect(groups.body.value).toMatchObject([{ '@odata.type': '#microsoft.graph.group', id: group }]);
    const many = Array.from({ length: 1001 }, () => user);
    expect((await tenant.send('POST', '/directoryObjects/getByIds', { ids: many })).status).toBe(400);
  });
});
