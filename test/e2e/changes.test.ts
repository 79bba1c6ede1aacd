import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restoreDeleted } from '../samba/restore.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let people: string;

beforeAll(async () => {
  world = await openWorld();
  people = `OU=People,${world.forest.baseDn}`;
  const { client } = world.forest;
  await client.add(people, { objectClass: ['organizationalUnit'] });
  await client.add(`OU=Groups,${world.forest.baseDn}`, { objectClass: ['organizationalUnit'] });
  for (const name of ['ada', 'grace', 'edsger']) await addUser(name);
  await client.add(group('compilers'), {
    objectClass: ['group'],
    sAMAccountName: 'compilers',
    member: [user('ada'), user('grace')],
  });
  await client.add(group('everyone'), {
    objectClass: ['group'],
    sAMAccountName: 'everyone',
    member: [group('compilers'), user('edsger')],
  });
}, 120_000);

afterAll(() => world[Symbol.asyncDispose]());

const user = (name: string): string => `CN=${name},${people}`;
const group = (name: string): string => `CN=${name},OU=Groups,${world.forest.baseDn}`;
const upn = (name: string): string => `${name}@corp.contoso.test`;

async function addUser(name: string, more: Record<string, string | string[]> = {}): Promise<void> {
  await world.forest.client.add(user(name), {
    objectClass: ['user'],
    sAMAccountName: name,
    userPrincipalName: upn(name),
    displayName: `${name} of the people`,
    givenName: name,
    sn: 'People',
    department: 'Research',
    // Enabled, with no password needed: NORMAL_ACCOUNT | PASSWD_NOTREQD.
    userAccountControl: '544',
    ...more,
  });
}

async function replace(dn: string, type: string, values: readonly string[]): Promise<void> {
  await world.forest.client.modify(
    dn,
    new Change({ operation: 'replace', modification: new Attribute({ type, values: [...values] }) }),
  );
}

test('the first cycle makes users, nested groups and their members', async () => {
  const cycle = await world.cycle();
  expect(cycle.error).toBeNull();
  expect(cycle).toMatchObject({ state: 'succeeded', counts: { failed: 0 } });
  expect(await world.user(upn('ada'))).toMatchObject({
    displayName: 'ada of the people',
    department: 'Research',
    accountEnabled: true,
  });
  const everyone = await world.group('everyone');
  expect(await world.members(everyone?.['id'])).toEqual(['compilers', 'edsger of the people']);
});

test('the second cycle sends nothing', async () => {
  const before = world.sandbox.counters.writes;
  const cycle = await world.cycle();
  expect(cycle.state).toBe('succeeded');
  expect(world.sandbox.counters.writes).toBe(before);
});

test('a user created arrives with the next delta', async () => {
  await addUser('barbara');
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', counts: { created: 1, updated: 0 } });
  expect(await world.user(upn('barbara'))).toMatchObject({ givenName: 'barbara' });
});

test('a changed attribute arrives as that attribute alone', async () => {
  await replace(user('ada'), 'department', ['Engines']);
  const cycle = await world.cycle();
  expect(cycle.counts).toMatchObject({ created: 0, updated: 1 });
  const plan = await world.withEngine((engine) => engine.operations(cycle.id, {}, undefined, 10));
  expect(plan.items.map(({ type, changes }) => ({ type, changes }))).toEqual([
    { type: 'update', changes: [{ attribute: 'department', before: 'Research', after: 'Engines' }] },
  ]);
  expect(await world.user(upn('ada'))).toMatchObject({ department: 'Engines' });
});

test('a cleared attribute is cleared in the tenant', async () => {
  await replace(user('grace'), 'department', []);
  expect((await world.cycle()).counts).toMatchObject({ updated: 1 });
  expect(await world.user(upn('grace'))).toMatchObject({ department: null });
});

test('a renamed user stays the same object', async () => {
  const before = await world.user(upn('edsger'));
  await replace(user('edsger'), 'userPrincipalName', [upn('ewd')]);
  await replace(user('edsger'), 'displayName', ['E. W. D.']);
  await world.forest.client.modifyDN(user('edsger'), 'CN=ewd');
  expect((await world.cycle()).counts).toMatchObject({ created: 0, deleted: 0, updated: 1 });
  expect(await world.user(upn('ewd'))).toMatchObject({ id: before?.['id'], displayName: 'E. W. D.' });
});

test('a moved user stays as it is while it stays in scope', async () => {
  await world.forest.client.add(`OU=Elsewhere,${world.forest.baseDn}`, { objectClass: ['organizationalUnit'] });
  await world.forest.client.modifyDN(user('ewd'), `CN=ewd,OU=Elsewhere,${world.forest.baseDn}`);
  expect((await world.cycle()).counts).toMatchObject({ created: 0, deleted: 0, updated: 0 });
  const shown = await world.withEngine((engine) => engine.object({ by: 'userPrincipalName', value: upn('ewd') }));
  expect(shown?.sources[0]?.dn).toBe(`CN=ewd,OU=Elsewhere,${world.forest.baseDn}`);
});

test('a disabled account is disabled in the tenant', async () => {
  await replace(user('barbara'), 'userAccountControl', ['546']);
  expect((await world.cycle()).counts).toMatchObject({ disabled: 1, updated: 0 });
  expect(await world.user(upn('barbara'))).toMatchObject({ accountEnabled: false });
});

test('a member added and one removed are one write each', async () => {
  const before = world.sandbox.counters.writes;
  await world.forest.client.modify(group('compilers'), [
    new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [user('barbara')] }) }),
    new Change({ operation: 'delete', modification: new Attribute({ type: 'member', values: [user('ada')] }) }),
  ]);
  expect((await world.cycle()).counts).toMatchObject({ membersAdded: 1, membersRemoved: 1 });
  expect(world.sandbox.counters.writes).toBe(before + 2);
  const compilers = await world.group('compilers');
  expect(await world.members(compilers?.['id'])).toEqual(['barbara of the people', 'grace of the people']);
});

test('a manager set, changed and cleared follows', async () => {
  const manager = async (): Promise<unknown> => {
    const ada = await world.user(upn('ada'));
    return world.get<{ displayName: string }>(`/v1.0/users/${String(ada?.['id'])}/manager`).then(
      (found) => found.displayName,
      () => undefined,
    );
  };
  await replace(user('ada'), 'manager', [user('grace')]);
  await world.cycle();
  expect(await manager()).toBe('grace of the people');
  await replace(user('ada'), 'manager', [user('barbara')]);
  await world.cycle();
  expect(await manager()).toBe('barbara of the people');
  await replace(user('ada'), 'manager', []);
  await world.cycle();
  expect(await manager()).toBeUndefined();
});

test('a deleted user is soft-deleted, and is the same object of the tenant again when it is brought back', async () => {
  const before = await world.user(upn('grace'));
  await world.forest.client.del(user('grace'));
  expect((await world.cycle()).counts).toMatchObject({ deleted: 1 });
  expect(await world.user(upn('grace'))).toBeUndefined();
  const deleted = await world.get<{ value: { userPrincipalName: string }[] }>(
    '/v1.0/directory/deletedItems/microsoft.graph.user',
  );
  expect(deleted.value).toHaveLength(1);
  await restoreDeleted(world.forest, 'grace', user('grace'));
  // A tombstone has kept its name and its SID, and little else.
  await replace(user('grace'), 'userPrincipalName', [upn('grace')]);
  await replace(user('grace'), 'displayName', ['grace is back']);
  expect((await world.cycle()).counts).toMatchObject({ restored: 1, created: 0, deleted: 0, failed: 0 });
  expect(await world.user(upn('grace'))).toMatchObject({ id: before?.['id'], displayName: 'grace is back' });
});

test('an account re-created with the name of a deleted one is another object', async () => {
  const before = await world.user(upn('barbara'));
  await world.forest.client.del(user('barbara'));
  await addUser('barbara');
  expect((await world.cycle()).counts).toMatchObject({ deleted: 1, created: 1, failed: 0 });
  const after = await world.user(upn('barbara'));
  expect(after?.['id']).not.toBe(before?.['id']);
});

test('a deleted group goes', async () => {
  await world.forest.client.del(group('everyone'));
  expect((await world.cycle()).counts).toMatchObject({ deleted: 1 });
  expect(await world.group('everyone')).toBeUndefined();
});

test('contacts are read and shown as what this target cannot write', async () => {
  await world.forest.client.add(`CN=Supplier,${people}`, {
    objectClass: ['contact'],
    mail: 'sales@supplier.test',
    displayName: 'Supplier',
  });
  expect((await world.cycle()).counts).toMatchObject({ created: 0, skipped: 1 });
  const shown = await world.withEngine((engine) => engine.object({ by: 'dn', value: `CN=Supplier,${people}` }));
  expect(shown).toMatchObject({ kind: 'contact', state: 'unsupported', reason: { code: 'targetUnsupported' } });
});

test('a preview plans what a cycle would do and writes nothing', async () => {
  await replace(user('ada'), 'title', ['Countess']);
  const before = world.sandbox.counters.writes;
  const preview = await world.cycle('delta', true);
  expect(world.sandbox.counters.writes).toBe(before);
  const plan = await world.withEngine((engine) => engine.operations(preview.id, {}, undefined, 10));
  expect(plan.items).toMatchObject([{ type: 'update', state: 'planned' }]);
  const cycle = await world.cycle();
  expect(cycle.digest).toBe(preview.digest);
  expect(await world.user(upn('ada'))).toMatchObject({ jobTitle: 'Countess' });
});

test('a full cycle after all this sends nothing', async () => {
  const before = world.sandbox.counters.writes;
  expect((await world.cycle('full')).state).toBe('succeeded');
  expect(world.sandbox.counters.writes).toBe(before);
});

test.each([
  ['another domain controller answers', { invocationId: 'd4c3b2a1-0000-4000-8000-000000000001' }],
  ['the USN is behind', { highestUsn: '999999999' }],
  ['the cookie is refused', { cookie: Buffer.from('MSDS, but not one').toString('base64') }],
  ['deletions are kept no more', { at: '2001-01-01T00:00:00.000Z' }],
])('a delta in which %s reads in full and sends nothing', async (_, differs) => {
  const before = world.sandbox.counters.writes;
  expect((await world.cycle()).counts).toMatchObject({ read: 0 });
  const database = new Sqlite(join(world.folder, 'data', 'state.db'));
  const stored = JSON.parse(String(database.prepare('SELECT watermark FROM connector').pluck().get()));
  expect(stored).toMatchObject({ kind: 'dirSync' });
  database.prepare('UPDATE connector SET watermark = ?').run(JSON.stringify({ ...stored, ...differs }));
  database.close();
  const cycle = await world.cycle();
  expect(cycle).toMatchObject({ state: 'succeeded', connectorErrors: [], holds: [], counts: { changed: 0 } });
  expect(cycle.counts.read).toBeGreaterThan(100);
  expect((await world.cycle()).counts).toMatchObject({ read: 0 });
  expect(world.sandbox.counters.writes).toBe(before);
});

test('a domain controller that dies leaves the last good state and deletes nothing', async () => {
  const before = world.sandbox.counters.writes;
  await world.forest.kill();
  const cycle = await world.cycle('full');
  expect(cycle).toMatchObject({ state: 'failed', counts: { deleted: 0 } });
  expect(cycle.error?.code).toMatch(/^CS/);
  expect(world.sandbox.counters.writes).toBe(before);
});
