import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PasswordRun } from '../../src/engine/index.ts';
import { createReplicator } from '../samba/replicators.ts';
import { signsIn } from './user-sign-in.ts';
import { openWorld, type World } from './world.ts';

/** The account that reads passwords: which rights it needs, how it is told what it lacks, and what it goes on after. */

let world: World;
let configuration: string;
const password = 'Rep.lic8te!';

beforeAll(async () => {
  world = await openWorld({
    target: 'syncApi',
    scope: '      organizationalUnits: ["OU=People,DC=corp,DC=contoso,DC=test"]',
    more: 'passwords: { sync: true }\nsafety: { deletes: off }\n',
  });
  const { forest } = world;
  await createReplicator(forest, 'reader', password, ['getChanges', 'getChangesAll']);
  await createReplicator(forest, 'half', password, ['getChanges']);
  await forest.client.add(`OU=People,${forest.baseDn}`, { objectClass: ['organizationalUnit'] });
  for (const name of ['ada', 'grace']) await addUser(name);
  configuration = readFileSync(world.configurationFile, 'utf8');
  await world.cycle();
}, 120_000);
afterAll(() => world?.[Symbol.asyncDispose]());

const dn = (name: string): string => `CN=${name},OU=People,${world.forest.baseDn}`;
const works = (name: string, word = `First.${name}.1`): Promise<boolean> =>
  signsIn(world.sandbox, `${name}@corp.contoso.test`, word);

async function addUser(name: string, unicodePwd = `First.${name}.1`): Promise<void> {
  await world.forest.client.add(dn(name), {
    objectClass: ['user'],
    sAMAccountName: name,
    userPrincipalName: `${name}@corp.contoso.test`,
    displayName: name,
    // An account without a password is one that needs none.
    userAccountControl: unicodePwd === '' ? '544' : '512',
    ...(unicodePwd === '' ? {} : { unicodePwd: [Buffer.from(`"${unicodePwd}"`, 'utf16le')] as unknown as string[] }),
  });
}

/** Reads passwords by another account than the directory. */
function replicateBy(account: string): void {
  const own = configuration.replace(/^( +)bind: .*$/m, `$&\n$1replication: ${account}`);
  expect(own).not.toBe(configuration);
  writeFileSync(world.configurationFile, own);
}

const sync = (now?: () => Date): Promise<PasswordRun> =>
  world.withEngine((engine) => engine.syncPasswords(new AbortController().signal), now);

test('an account without the right to the secrets is told which right on which object it lacks', async () => {
  replicateBy('{ user: half@corp.contoso.test, password: { env: DC_PASSWORD } }');
  await world.forest.sambaTool('user', 'setpassword', 'half', `--newpassword=${world.forest.adminPassword}`);
  const run = await sync();
  expect(run).toMatchObject({
    sent: 0,
    errors: [{ connector: 'contoso/corp.contoso.test', error: { code: 'CS9001' } }],
  });
  const { message, remedy } = run.errors[0]?.error ?? {};
  expect(message).toContain('8453');
  expect(remedy).toContain('"Replicating Directory Changes All"');
  expect(remedy).toContain('DC=corp,DC=contoso,DC=test');
  expect(await works('ada')).toBe(false);
});

test('an account with the two replication rights and no other reads them, by a keytab', async () => {
  const keytab = join(world.folder, 'reader.keytab');
  await world.forest.sambaTool('domain', 'exportkeytab', keytab, '--principal=reader');
  replicateBy(`{ user: reader@corp.contoso.test, keytab: ./reader.keytab }`);
  expect(await sync()).toMatchObject({ sent: 2, failed: 0, errors: [] });
  expect([await works('ada'), await works('grace')]).toEqual([true, true]);
});

test('a keytab that is no keytab is told as such', async () => {
  writeFileSync(join(world.folder, 'broken.keytab'), 'no keytab');
  replicateBy('{ user: reader@corp.contoso.test, keytab: ./broken.keytab }');
  expect((await sync()).errors).toMatchObject([{ error: { code: 'CS9018' } }]);
  replicateBy('{ user: reader@corp.contoso.test, keytab: ./reader.keytab }');
});

test('where the domain controller cannot go on from the last read, all is read again and nothing is sent twice', async () => {
  const data = join(world.folder, 'data');
  const file = readdirSync(data).find((name) => name.endsWith('.db')) ?? '';
  const state = new Sqlite(join(data, file));
  const { cookie } = state.prepare('SELECT password_cookie AS cookie FROM connector').get() as { cookie: string };
  // A controller that was restored to a state before the last read.
  const { usn } = JSON.parse(cookie) as { usn: string[] };
  const later = JSON.stringify({ ...JSON.parse(cookie), usn: usn.map((one) => String(BigInt(one) + 1_000_000n)) });
  state.prepare('UPDATE connector SET password_cookie = ?').run(later);
  state.close();
  await world.forest.sambaTool('user', 'setpassword', 'grace', '--newpassword=Second.grace.2');
  expect(await sync()).toMatchObject({ sent: 1, failed: 0, errors: [] });
  expect([await works('ada'), await works('grace', 'Second.grace.2')]).toEqual([true, true]);
});

test('a domain controller that replicates to nobody is told as such, and read again once it does', async () => {
  const { searchEntries } = await world.forest.client.search(`CN=Sites,CN=Configuration,${world.forest.baseDn}`, {
    filter: '(objectClass=nTDSDSA)',
    attributes: ['dn'],
  });
  const options = (value: string): Promise<void> =>
    world.forest.client.modify(
      searchEntries[0]?.dn ?? '',
      new Change({ operation: 'replace', modification: new Attribute({ type: 'options', values: [value] }) }),
    );
  // DISABLE_OUTBOUND_REPL.
  await options('4');
  const [{ error } = { error: undefined }] = (await sync()).errors;
  expect(error).toMatchObject({ code: 'CS9014' });
  expect(error?.message).toContain('8456');
  await options('0');
  expect(await sync()).toMatchObject({ sent: 0, failed: 0, errors: [] });
});

test('an account without a password has nothing to send, and says why', async () => {
  await addUser('nemo', '');
  await world.cycle();
  expect(await sync()).toMatchObject({ sent: 0, failed: 0, errors: [] });
  const { items } = await world.withEngine((engine) => engine.log({ action: 'password' }, undefined, 10));
  expect(items.find(({ displayName }) => displayName === 'nemo')).toMatchObject({
    status: 'skipped',
    detail: { reason: { code: 'noPassword' } },
  });
});

test('a user whom the tenant does not know yet where it takes passwords gets his half a minute later', async () => {
  world.sandbox.changeProfile({ syncApi: { credentialDelaySeconds: 20 } });
  await addUser('late');
  await world.cycle();
  expect(await sync()).toMatchObject({ sent: 0, failed: 1, errors: [] });
  expect(await sync()).toMatchObject({ accounts: 0, sent: 0, failed: 0 });
  world.sandbox.clock.advance(31_000);
  expect(await sync(() => new Date(Date.now() + 31_000))).toMatchObject({ sent: 1, failed: 0 });
  expect(await works('late')).toBe(true);
});

test('a tenant whose switch was turned off in between has it turned on again before anything is sent', async () => {
  world.sandbox.changeProfile({ syncApi: { credentialDelaySeconds: 0 } });
  const features = `/v1.0/directory/onPremisesSynchronization/${world.sandbox.tenantId}`;
  await world.patch(features, { features: { passwordSyncEnabled: false } });
  await world.forest.sambaTool('user', 'setpassword', 'ada', '--newpassword=Second.ada.2');
  expect(await sync()).toMatchObject({ sent: 1, failed: 0, errors: [] });
  expect(await world.get(features)).toMatchObject({ features: { passwordSyncEnabled: true } });
  expect(await works('ada', 'Second.ada.2')).toBe(true);
});

const featuresPath = () => `/v1.0/directory/onPremisesSynchronization/${world.sandbox.tenantId}`;
const replace = (name: string, type: string, ...values: readonly string[]): Promise<void> =>
  world.forest.client.modify(
    dn(name),
    new Change({ operation: 'replace', modification: new Attribute({ type, values: [...values] }) }),
  );

test('a temporary password is kept back until the tenant takes such ones, and then as one to be changed', async () => {
  const reset = ['--newpassword=Temporary.1', '--must-change-at-next-login'];
  await world.forest.sambaTool('user', 'setpassword', 'grace', ...reset);
  expect(await sync()).toMatchObject({ sent: 0, skipped: 1 });
  expect(await works('grace', 'Second.grace.2')).toBe(true);
  await world.patch(featuresPath(), { features: { userForcePasswordChangeOnLogonEnabled: true } });
  expect(await sync()).toMatchObject({ sent: 1, failed: 0, errors: [] });
  // The tenant knows it, and wants another one first.
  expect([await works('grace', 'Second.grace.2'), await works('grace', 'Temporary.1')]).toEqual([false, false]);
  expect(await sync()).toMatchObject({ sent: 0, skipped: 0 });
  // Nobody has to change it any more: the password is the same, and is sent again without that.
  await replace('grace', 'pwdLastSet', '-1');
  expect(await sync()).toMatchObject({ sent: 1, failed: 0 });
  expect(await works('grace', 'Temporary.1')).toBe(true);
  expect(await sync()).toMatchObject({ sent: 0, skipped: 0 });
});

test('who was left out by a mark sends once the configuration asks for no mark', async () => {
  const passwords = (more: string): void =>
    writeFileSync(world.configurationFile, configuration.replace('sync: true', `sync: true, ${more}`));
  passwords('selective: exceptFiltered');
  await replace('ada', 'adminDescription', 'PHSFiltered');
  await world.cycle();
  await world.forest.sambaTool('user', 'setpassword', 'ada', '--newpassword=Third.ada.3');
  expect(await sync()).toMatchObject({ sent: 0, skipped: 1 });
  expect(await works('ada', 'Third.ada.3')).toBe(false);
  passwords('selective: everyone');
  expect(await sync()).toMatchObject({ sent: 1, failed: 0 });
  expect(await works('ada', 'Third.ada.3')).toBe(true);
  passwords('selective: onlyIncluded');
  await world.forest.sambaTool('user', 'setpassword', 'ada', '--newpassword=Fourth.ada.4');
  expect(await sync()).toMatchObject({ sent: 0, skipped: 1 });
  await replace('ada', 'adminDescription', 'PHSIncluded');
  await world.cycle();
  expect(await sync()).toMatchObject({ sent: 1, failed: 0 });
  expect(await works('ada', 'Fourth.ada.4')).toBe(true);
});

test('half an hour without a password sent, the tenant hears that the sync lives', async () => {
  // NTLM, which has no eye on the clock.
  writeFileSync(world.configurationFile, configuration.replace('sync: true', 'sync: true, signIn: ntlm'));
  const callsAfter = async (minutes: number): Promise<number> => {
    const before = world.sandbox.counters.syncCalls;
    const run = await sync(() => new Date(Date.now() + minutes * 60_000));
    expect(run).toMatchObject({ sent: 0, failed: 0, errors: [] });
    return world.sandbox.counters.syncCalls - before;
  };
  const without = await callsAfter(25);
  expect(await callsAfter(31)).toBe(without + 1);
  expect(await callsAfter(60)).toBe(without);
  expect(await callsAfter(62)).toBe(without + 1);
});
