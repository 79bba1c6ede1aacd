import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Cycle } from '../../src/engine/index.ts';
import {
  dn,
  type Entries,
  members,
  names,
  owners,
  runCycle,
  sampleDirectory,
  user,
  withEngine,
  written,
} from './cycles.ts';
import { openSyncWorld, type SyncWorld } from './world.ts';

/** Whole cycles from an export of a directory to the tenant, through the synchronization service. */

let world: SyncWorld;
let entries: Entries;
beforeEach(async () => {
  world = await openSyncWorld();
  entries = sampleDirectory();
});
afterEach(() => world[Symbol.asyncDispose]());

it('brings all four kinds with all their properties, and then has nothing more to say', async () => {
  expect(await runCycle(world, entries)).toMatchObject({
    state: 'succeeded',
    counts: { created: 6, failed: 0, held: 0 },
  });
  expect(await names(world, 'users')).toEqual(['ada', 'boss']);
  expect(await names(world, 'groups')).toEqual(['news', 'team']);
  expect(await names(world, 'contacts')).toEqual(['Partner']);
  expect(await names(world, 'devices')).toEqual(['pc1']);
  expect(await members(world, 'news')).toEqual(['Partner', 'ada', 'team']);
  expect(await owners(world)).toEqual(['ada']);
  expect(await written(world, () => runCycle(world, entries))).toBe(0);
  let full: Cycle | undefined;
  expect(await written(world, async () => (full = await runCycle(world, entries, 'full')))).toBe(0);
  expect(full).toMatchObject({
    state: 'succeeded',
    counts: { created: 0, updated: 0, membersAdded: 0, membersRemoved: 0 },
  });
});

it('says of a change what changed, once', async () => {
  await runCycle(world, entries);
  const news = entries.get(dn('news')) ?? [];
  entries.set(dn('news'), [...news.filter((line) => line !== `member: ${dn('ada')}`), `member: ${dn('boss')}`]);
  entries.set(
    dn('ada'),
    (entries.get(dn('ada')) ?? []).map((line) => line.replace('co: Germany', 'co: France')),
  );
  // The user, and the group's members: those that went, and those that came.
  expect(await written(world, () => runCycle(world, entries))).toBe(3);
  expect(await members(world, 'news')).toEqual(['Partner', 'boss', 'team']);
  expect(await written(world, () => runCycle(world, entries))).toBe(0);
});

it('gives a device to its owner whichever of them comes first', async () => {
  const ada = entries.get(dn('ada')) ?? [];
  entries.delete(dn('ada'));
  await runCycle(world, entries);
  expect(await owners(world)).toEqual([]);
  entries.set(dn('ada'), ada);
  expect((await runCycle(world, entries)).counts).toMatchObject({ created: 1, failed: 0 });
  expect(await owners(world)).toEqual(['ada']);
  expect(await written(world, () => runCycle(world, entries))).toBe(0);
  entries.set(
    dn('pc1'),
    (entries.get(dn('pc1')) ?? []).filter((line) => !line.startsWith('mS-DS-CreatorSID')),
  );
  expect((await runCycle(world, entries)).counts).toMatchObject({ membersRemoved: 1, failed: 0 });
  expect(await owners(world)).toEqual([]);
});

it('deletes, and takes out of the recycle bin what comes back', async () => {
  await runCycle(world, entries);
  const ada = entries.get(dn('ada')) ?? [];
  entries.delete(dn('ada'));
  entries.delete(dn('partner'));
  expect((await runCycle(world, entries)).counts).toMatchObject({ deleted: 2, failed: 0 });
  expect(await names(world, 'users')).toEqual(['boss']);
  expect(await names(world, 'contacts')).toEqual([]);
  entries.set(dn('ada'), ada);
  expect((await runCycle(world, entries)).counts).toMatchObject({ restored: 1, failed: 0 });
  expect(await names(world, 'users')).toEqual(['ada', 'boss']);
  expect(await members(world, 'team')).toEqual(['ada']);
  expect(await written(world, () => runCycle(world, entries))).toBe(0);
});

it('holds deletes beyond the tenant’s own threshold before it sends any', async () => {
  await runCycle(world, entries);
  await world.get(`/v1.0/directory/onPremisesSynchronization/${world.sandbox.tenantId}`, 'PATCH', {
    configuration: { accidentalDeletionPrevention: { alertThreshold: 1 } },
  });
  entries.delete(dn('ada'));
  entries.delete(dn('partner'));
  entries.set(...user('new', 50));
  const held = await runCycle(world, entries);
  expect(held).toMatchObject({ state: 'held', counts: { created: 1, deleted: 0, held: 2 } });
  expect(held.error).toMatchObject({ code: 'CS4110' });
  expect(await names(world, 'users')).toEqual(['ada', 'boss', 'new']);
});

it('shows a partial write as a failure of its own and does not repeat it with every cycle', async () => {
  await runCycle(world, entries);
  entries.set(
    ...user('other', 60, 'proxyAddresses: smtp:a@corp.contoso.test', 'proxyAddresses: SMTP:o@corp.contoso.test'),
  );
  const partly = await runCycle(world, entries);
  expect(partly.counts).toMatchObject({ created: 1, failed: 1 });
  expect(await names(world, 'users')).toEqual(['ada', 'boss', 'other']);
  expect(await written(world, () => runCycle(world, entries))).toBe(0);
  // Its links go on all the same.
  entries.set(dn('team'), [...(entries.get(dn('team')) ?? []), `member: ${dn('other')}`]);
  expect(await written(world, () => runCycle(world, entries))).toBe(1);
  // Corrected, it is written at once, though the tenant shows nothing else than it is to be.
  entries.set(...user('other', 60, 'proxyAddresses: SMTP:o@corp.contoso.test'));
  expect(await written(world, () => runCycle(world, entries))).toBe(1);
  expect(await written(world, () => runCycle(world, entries))).toBe(0);
});

it('leaves out a group of more members than the tenant takes, and keeps one that has grown as it was', async () => {
  const limited = (limit: number) => `  syncApi: { membersPerGroup: ${limit} }`;
  const cycle = (limit: number) => runCycle(world, entries, 'delta', limited(limit));
  const look = (limit: number) =>
    withEngine(world, entries, limited(limit), (engine) => engine.object({ by: 'dn', value: dn('news') }));
  // Of its three members one takes no part: two are counted.
  entries.set(dn('partner'), ['objectClass: contact', 'objectGUID:: FAAAAAAAAAAAAAAAAAAAAA==', 'cn: partner']);
  expect((await cycle(1)).counts).toMatchObject({ created: 4, failed: 0, held: 0 });
  expect(await names(world, 'groups')).toEqual(['team']);
  expect((await look(1))?.reason).toEqual({
    code: 'tooManyMembers',
    text: 'It has more than the 1 members that the tenant takes of a group.',
  });
  expect((await cycle(2)).counts).toMatchObject({ created: 1, membersAdded: 4 });
  expect(await members(world, 'news')).toEqual(['ada', 'team']);
  const news = entries.get(dn('news')) ?? [];
  entries.set(dn('news'), [...news, `member: ${dn('boss')}`]);
  expect((await cycle(2)).counts).toMatchObject({ deleted: 0, membersAdded: 0 });
  expect(await members(world, 'news')).toEqual(['ada', 'team']);
  expect((await look(2))?.error).toMatchObject({ code: 'CS6035', object: dn('news') });
  // Small enough again, it follows: also what came meanwhile.
  entries.set(dn('news'), [...news.filter((line) => line !== `member: ${dn('ada')}`), `member: ${dn('boss')}`]);
  expect((await cycle(2)).counts).toMatchObject({ membersAdded: 1, membersRemoved: 1, failed: 0 });
  expect(await members(world, 'news')).toEqual(['boss', 'team']);
  expect((await look(2))?.error).toBeNull();
});

it('writes directory extensions of users and groups with their types, and reads the same back', async () => {
  const more = `directoryExtensions:
  user: [employeeNumber, { attribute: msDS-cloudExtensionAttribute1, name: Badge }, { attribute: logonCount, name: logons }, otherMailbox, lockoutTime]
  group: [{ attribute: msDS-cloudExtensionAttribute2, name: costCenter }]`;
  const prefix = `extension_${world.sandbox.clientId.replaceAll('-', '')}_`;
  // An application defines them, by Graph: the synchronization service has no call for that.
  const define = (name: string, dataType: string, isMultiValued = false, targetObjects = ['User']) =>
    world.get(`/v1.0/applications(appId='${world.sandbox.clientId}')/extensionProperties`, 'POST', {
      name,
      dataType,
      targetObjects,
      isMultiValued,
    });
  await define('employeeNumber', 'String');
  await define('Badge', 'String');
  await define('logons', 'Integer');
  await define('otherMailbox', 'String', true);
  await define('lockoutTime', 'LargeInteger');
  await define('costCenter', 'String', false, ['Group']);
  const add = (name: string, ...lines: readonly string[]) =>
    entries.set(dn(name), [...(entries.get(dn(name)) ?? []), ...lines]);
  add('ada', 'employeeNumber: 0042', 'msDS-cloudExtensionAttribute1: True', 'logonCount: 7');
  add('ada', 'otherMailbox: b', 'otherMailbox: a', 'lockoutTime: 133700000000000000');
  add('team', 'msDS-cloudExtensionAttribute2: 007');
  expect((await runCycle(world, entries, 'delta', more)).counts).toMatchObject({ created: 6, failed: 0, held: 0 });
  const shown = async (set: string, name: string): Promise<Record<string, unknown>> => {
    const names = [`${prefix}employeeNumber`, `${prefix}Badge`, `${prefix}logons`, `${prefix}otherMailbox`];
    const select = set === 'users' ? [...names, `${prefix}lockoutTime`] : [`${prefix}costCenter`];
    const { value } = await world.get<{ value: readonly Record<string, unknown>[] }>(
      `/v1.0/${set}?$filter=${encodeURIComponent(`displayName eq '${name}'`)}&$select=${select.join(',')}`,
    );
    return value[0] ?? {};
  };
  expect(await shown('users', 'ada')).toMatchObject({
    [`${prefix}employeeNumber`]: '0042',
    [`${prefix}Badge`]: 'True',
    [`${prefix}logons`]: 7,
    [`${prefix}otherMailbox`]: ['a', 'b'],
  });
  expect(await shown('groups', 'team')).toMatchObject({ [`${prefix}costCenter`]: '007' });
  expect(await written(world, () => runCycle(world, entries, 'full', more))).toBe(0);
  entries.set(
    dn('ada'),
    (entries.get(dn('ada')) ?? []).filter((line) => !/^(employeeNumber|otherMailbox)/.test(line)),
  );
  expect(await written(world, () => runCycle(world, entries, 'delta', more))).toBe(1);
  expect(await shown('users', 'ada')).not.toHaveProperty(`${prefix}employeeNumber`);
  expect(await written(world, () => runCycle(world, entries, 'full', more))).toBe(0);
});
