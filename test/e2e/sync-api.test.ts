import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinedBy } from '../samba/accounts.ts';
import { signsIn as userSignsIn } from './user-sign-in.ts';
import { openWorld, type World } from './world.ts';

/** What only the synchronization service takes, from a real Active Directory to the tenant: contacts, mail groups, devices, passwords. */

let world: World;
const upn = (name: string): string => `${name}@corp.contoso.test`;
const unit = (): string => `OU=Mail,${world.forest.baseDn}`;
const dn = (name: string): string => `CN=${name},${unit()}`;

beforeAll(async () => {
  world = await openWorld({
    target: 'syncApi',
    scope: '      organizationalUnits: ["OU=Mail,DC=corp,DC=contoso,DC=test"]',
    more: 'objects: [user, group, contact, device]\npasswords: { sync: true }\n',
  });
  const { client } = world.forest;
  await client.add(unit(), { objectClass: ['organizationalUnit'] });
});

afterAll(() => world?.[Symbol.asyncDispose]());

async function addUser(name: string, password: string): Promise<void> {
  await world.forest.client.add(dn(name), {
    objectClass: ['user'],
    sAMAccountName: name,
    userPrincipalName: upn(name),
    displayName: name,
    userAccountControl: '512',
    unicodePwd: [Buffer.from(`"${password}"`, 'utf16le')] as unknown as string[],
  });
}

const signsIn = (name: string, password: string): Promise<boolean> => userSignsIn(world.sandbox, upn(name), password);

const passwords = () => world.withEngine((engine) => engine.syncPasswords(new AbortController().signal));

test('contacts, mail groups and devices arrive as synced objects', async () => {
  const { client } = world.forest;
  const certificate = new X509Certificate(readFileSync(world.sandbox.ca)).raw;
  await client.add(dn('Supplier'), {
    objectClass: ['contact'],
    displayName: 'Supplier',
    mail: 'sales@supplier.test',
    proxyAddresses: 'SMTP:sales@supplier.test',
  });
  await addUser('ada', 'Analytical.1');
  await client.add(dn('news'), {
    objectClass: ['group'],
    sAMAccountName: 'news',
    displayName: 'News',
    groupType: '2',
    mail: 'news@corp.contoso.test',
    proxyAddresses: 'SMTP:news@corp.contoso.test',
    member: [dn('ada'), dn('Supplier')],
  });
  await client.add(dn('laptop'), {
    objectClass: ['computer'],
    sAMAccountName: 'laptop$',
    displayName: 'laptop',
    userAccountControl: '4096',
    userCertificate: [certificate] as unknown as string[],
  });
  const cycle = await world.cycle();
  expect(cycle).toMatchObject({ state: 'succeeded', error: null, counts: { failed: 0, created: 4 } });
  const devices = await world.get<{ value: Record<string, unknown>[] }>('/v1.0/devices');
  expect(devices.value).toMatchObject([{ displayName: 'laptop', onPremisesSyncEnabled: true }]);
  const contacts = await world.get<{ value: Record<string, unknown>[] }>('/v1.0/contacts');
  expect(contacts.value).toMatchObject([
    { displayName: 'Supplier', mail: 'sales@supplier.test', onPremisesSyncEnabled: true },
  ]);
  const news = await world.group('News');
  expect(news).toMatchObject({ mailEnabled: true, mail: 'news@corp.contoso.test', onPremisesSyncEnabled: true });
  expect(await world.members(news?.['id'])).toEqual(['Supplier', 'ada']);
});

test('a computer belongs to the user who joined it to the domain, by the SID alone', async () => {
  const [{ id } = {}] = (await world.get<{ value: { id: string }[] }>('/v1.0/devices?$select=id')).value;
  const owners = async (): Promise<readonly string[]> =>
    (
      await world.get<{ value: { displayName: string }[] }>(`/v1.0/devices/${id}/registeredOwners?$select=displayName`)
    ).value.map(({ displayName }) => displayName);
  expect(await owners()).toEqual([]);
  await joinedBy(world.forest, dn('laptop'), 'ada');
  expect((await world.cycle()).counts).toMatchObject({ membersAdded: 1, failed: 0 });
  expect(await owners()).toEqual(['ada']);
});

test('a synced object is read-only in Graph', async () => {
  const ada = await world.user(upn('ada'));
  await expect(world.patch(`/v1.0/users/${String(ada?.['id'])}`, { department: 'x' })).rejects.toThrow(/400/);
});

test('the second cycle sends nothing', async () => {
  const before = { ...world.sandbox.counters };
  expect((await world.cycle()).state).toBe('succeeded');
  const full = await world.cycle('full');
  expect(full).toMatchObject({ state: 'succeeded', counts: { differing: 0, created: 0, updated: 0, deleted: 0 } });
  expect(world.sandbox.counters.written).toBe(before.written);
  expect(world.sandbox.counters.syncObjects).toBe(before.syncObjects);
});

test('a member that came and one that went are one change each', async () => {
  await addUser('grace', 'Compiler.1');
  await world.cycle();
  await world.forest.client.modify(dn('news'), [
    new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [dn('grace')] }) }),
    new Change({ operation: 'delete', modification: new Attribute({ type: 'member', values: [dn('ada')] }) }),
  ]);
  expect((await world.cycle()).counts).toMatchObject({ membersAdded: 1, membersRemoved: 1, failed: 0 });
  const news = await world.group('News');
  expect(await world.members(news?.['id'])).toEqual(['Supplier', 'grace']);
});

test('users sign in to the tenant with their passwords of the directory', async () => {
  expect(await signsIn('ada', 'Analytical.1')).toBe(false);
  const first = await passwords();
  expect(first).toMatchObject({ sent: 2, failed: 0, errors: [] });
  expect(await signsIn('ada', 'Analytical.1')).toBe(true);
  expect(await signsIn('grace', 'Compiler.1')).toBe(true);
  expect(await signsIn('ada', 'Compiler.1')).toBe(false);
});

test('a second run with nothing new sends nothing', async () => {
  expect(await passwords()).toMatchObject({ sent: 0, failed: 0, errors: [] });
});

test('a changed password works, and the old one no longer', async () => {
  await world.forest.sambaTool('user', 'setpassword', 'ada', '--newpassword=Difference.2');
  expect(await passwords()).toMatchObject({ accounts: 1, sent: 1, failed: 0 });
  expect(await signsIn('ada', 'Difference.2')).toBe(true);
  expect(await signsIn('ada', 'Analytical.1')).toBe(false);
});

test('the password of a user who is not in the tenant yet follows once he is', async () => {
  await addUser('edsger', 'Shortest.Path.1');
  expect((await passwords()).sent).toBe(0);
  await world.cycle();
  expect((await passwords()).sent).toBe(1);
  expect(await signsIn('edsger', 'Shortest.Path.1')).toBe(true);
});

test('a disabled account sends none; enabled, it sends what it has then', async () => {
  const control = (value: string) =>
    world.forest.client.modify(dn('grace'), [
      new Change({
        operation: 'replace',
        modification: new Attribute({ type: 'userAccountControl', values: [value] }),
      }),
    ]);
  // It enables the account, so it comes first.
  await world.forest.sambaTool('user', 'setpassword', 'grace', '--newpassword=Nanosecond.3');
  await control('514');
  await world.cycle();
  expect(await passwords()).toMatchObject({ sent: 0 });
  await control('512');
  await world.cycle();
  expect((await passwords()).sent).toBe(1);
  expect(await signsIn('grace', 'Nanosecond.3')).toBe(true);
});

test('the log tells whose password was sent, and holds nothing of it', async () => {
  const { items } = await world.withEngine((engine) => engine.log({ action: 'password' }, undefined, 100));
  expect(items.filter(({ status }) => status === 'success').map(({ displayName }) => displayName)).toEqual(
    expect.arrayContaining(['ada', 'grace', 'edsger']),
  );
  expect(JSON.stringify(items)).not.toMatch(/PPH1_MD4|[0-9a-f]{32}/i);
});

test('a deleted contact goes', async () => {
  await world.forest.client.del(dn('Supplier'));
  expect((await world.cycle()).counts).toMatchObject({ deleted: 1, failed: 0 });
  expect((await world.get<{ value: unknown[] }>('/v1.0/contacts')).value).toEqual([]);
});
