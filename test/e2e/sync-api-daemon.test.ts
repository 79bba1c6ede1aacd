import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running, run, start } from '../daemon/cloudsync.ts';
import { send } from '../daemon/http.ts';
import { signsIn } from './user-sign-in.ts';
import { openWorld, type World } from './world.ts';

/**
 * The daemon as a process of its own between a domain controller and a tenant: a new password is the user's in the
 * tenant as soon as the directory has moved, and nothing of any password is in anything that the process leaves.
 */

let world: World;
let folder: string;
let daemon: Running;
let env: Readonly<Record<string, string>>;
const upn = 'canary@corp.contoso.test';
/** With their NT hashes, as openssl works them out. */
const first = { password: 'Canary-Yellow.77', hash: '06075026c9e36c6a08e4cc681ac78ba3' };
const second = { password: 'Canary-Orange.78', hash: '9517238900ecec60b0ac7a6b56cf5735' };
const third = { password: 'Canary-Purple.79', hash: '2625cb8d8db60a6200da1f1007b1d534' };
/** Everything the processes have said. */
const said: string[] = [];

beforeAll(async () => {
  world = await openWorld({
    target: 'syncApi',
    scope: '      organizationalUnits: ["OU=People,DC=corp,DC=contoso,DC=test"]',
    // Only the watch can have seen what comes within an hour.
    more: 'schedule: { delta: 1h, full: 7d, watch: true }\npasswords: { sync: true, interval: 1h }\n',
  });
  folder = join(world.folder, 'data');
  const { client, baseDn } = world.forest;
  await client.add(`OU=People,${baseDn}`, { objectClass: ['organizationalUnit'] });
  for (const name of ['canary', 'finch']) {
    await client.add(`CN=${name},OU=People,${baseDn}`, {
      objectClass: ['user'],
      sAMAccountName: name,
      userPrincipalName: `${name}@corp.contoso.test`,
      displayName: name,
      userAccountControl: '512',
      unicodePwd: [Buffer.from(`"${first.password}"`, 'utf16le')] as unknown as string[],
    });
  }
  const reports = join(world.folder, 'reports');
  mkdirSync(reports);
  env = {
    TENANT_SECRET: world.sandbox.clientSecret,
    DC_PASSWORD: world.forest.adminPassword,
    NODE_OPTIONS: `--report-on-signal --report-uncaught-exception --report-directory=${reports}`,
  };
  // A log that gives way to the next one with the first lines.
  mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'logs/cloudsync.log'), `${'.'.repeat(10 * 1024 * 1024 - 200)}\n`, { mode: 0o600 });
  await startDaemon();
}, 120_000);
afterAll(async () => {
  daemon?.process.kill('SIGKILL');
  await world?.[Symbol.asyncDispose]();
});

const surroundings = () => ({ cwd: world.folder, env });
const common = () => ['--config', world.configurationFile, '--data', folder];

async function startDaemon(): Promise<void> {
  daemon = start(['daemon', '--listen', '127.0.0.1:0', '--log-level', 'debug', ...common()], surroundings());
  void daemon.ended.then(({ out, err }) => said.push(out, err));
  await daemon.said(/listens on (\S+);/);
}

async function api(path: string, method = 'GET'): Promise<string> {
  const [, url = ''] = await daemon.said(/listens on (\S+);/);
  const headers = { 'content-type': 'application/json' };
  const body = method === 'GET' ? {} : { body: '{}', headers };
  const token = readFileSync(join(folder, 'token'), 'utf8');
  const { status, text } = await send(url, { path, method, token, ...body });
  if (status >= 400) throw new Error(`${path} is answered by ${status}: ${text}`);
  return text;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(100);
}

const works = (password: string): Promise<boolean> => signsIn(world.sandbox, upn, password);
const setPassword = (password: string): Promise<string> =>
  world.forest.sambaTool('user', 'setpassword', 'canary', `--newpassword=${password}`);

/** Every file below a folder. */
function filesIn(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
}

/** All the shapes in which a password, its hash or what is made of it could lie somewhere. */
function shapesOf({ password, hash }: { readonly password: string; readonly hash: string }): readonly Buffer[] {
  const bytes = Buffer.from(hash, 'hex');
  const upper = hash.toUpperCase();
  const base64 = bytes.toString('base64');
  const texts = [password, hash, upper, base64.replace(/=+$/, ''), [...bytes].join(','), [...bytes].join(', ')];
  return [bytes, ...texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')])];
}

/** What the tenant was sent: marks of the forms it keeps, salt and key of each. */
function formsSent(): readonly Buffer[] {
  const kept = filesIn(join(world.folder, 'sandbox'))
    .map((file) => readFileSync(file, 'latin1'))
    .join('');
  const forms = [...new Set(kept.match(/PPH1_MD4,[0-9a-f]{20},1000,[0-9a-f]{64}/g) ?? [])];
  return [
    Buffer.from('PPH1_MD4'),
    ...forms.flatMap((form) => {
      const [, , , key = ''] = form.split(',');
      return [Buffer.from(key), Buffer.from(key, 'hex')];
    }),
  ];
}

/** Where any of it is found; `seen` is what was looked through. */
function findings(): { readonly found: readonly string[]; readonly seen: readonly string[] } {
  const secrets = [...[first, second, third].flatMap(shapesOf), ...formsSent()];
  const files = [folder, join(world.folder, 'reports'), join(world.folder, 'backup')]
    .filter((path) => readdirSync(world.folder).includes(path.split('/').at(-1) ?? ''))
    .flatMap(filesIn);
  const found = files.filter((file) => {
    const bytes = readFileSync(file);
    return secrets.some((secret) => bytes.includes(secret));
  });
  const text = Buffer.from([...said, daemon.out(), daemon.err()].join('\n'));
  if (secrets.some((secret) => text.includes(secret))) found.push('what the process said');
  return { found, seen: files.map((file) => file.slice(world.folder.length + 1)) };
}

test('the first passwords arrive after the first cycle, long before their own time', async () => {
  await until(() => works(first.password));
});

test('a new password signs in, and the old one no longer, as soon as the directory has moved', async () => {
  const began = performance.now();
  await setPassword(second.password);
  await until(() => works(second.password));
  // What users are promised; it is a tenth of that.
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await works(first.password)).toBe(false);
}, 60_000);

test('nothing of a password is in the state, its journal, the logs, a diagnostic report or the API while it runs', async () => {
  const answers = [
    await api('/api/v1/status'),
    await api('/api/v1/provisioning-log?limit=100'),
    await api('/api/v1/log?level=debug&limit=500'),
    await api(`/api/v1/objects/explanation?by=userPrincipalName&value=${upn}`),
    await api('/metrics'),
  ];
  said.push(...answers);
  daemon.process.kill('SIGUSR2');
  await until(async () => filesIn(join(world.folder, 'reports')).length > 0);
  const { found, seen } = findings();
  expect(found).toEqual([]);
  expect(seen).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^data\/[^/]+\.db$/),
      expect.stringMatching(/^data\/[^/]+-wal$/),
      'data/logs/cloudsync.log',
      'data/logs/cloudsync.1.log',
      expect.stringMatching(/^reports\/report/),
    ]),
  );
});

test('nor in a report that is written, or what a crash leaves, while a hash is on its way', async () => {
  const { faults } = world.sandbox.counters;
  const rules = [{ kind: 'hang' as const, path: 'ProvisionCredentials' }];
  world.sandbox.changeProfile({ faults: { rules, hangSeconds: 60 } });
  const reports = filesIn(join(world.folder, 'reports')).length;
  await setPassword(first.password);
  await until(async () => world.sandbox.counters.faults > faults);
  daemon.process.kill('SIGUSR2');
  await until(async () => filesIn(join(world.folder, 'reports')).length > reports);
  daemon.process.kill('SIGABRT');
  await daemon.ended;
  expect(findings().found).toEqual([]);
  world.sandbox.changeProfile({ faults: { rules: [] } });
  await startDaemon();
  await until(() => works(first.password));
}, 60_000);

test('nor after passwords that the tenant does not take, nor in a copy of the state', async () => {
  const { id } = (await world.user(upn)) ?? {};
  await world.patch(`/v1.0/users/${String(id)}/onPremisesSyncBehavior`, { isCloudManaged: true });
  await setPassword(third.password);
  const failures = '/api/v1/provisioning-log?action=password&status=failure';
  await until(async () => (await api(failures)).includes('CS4122'));
  said.push(await api(failures), await api('/api/v1/log?level=debug&limit=500'));
  const backup = await run(['backup', '--to', join(world.folder, 'backup'), ...common()], surroundings());
  said.push(backup.out, backup.err);
  expect(backup.code).toBe(0);
  const { found, seen } = findings();
  expect(found).toEqual([]);
  expect(seen).toContainEqual(expect.stringMatching(/^backup\//));
  await world.patch(`/v1.0/users/${String(id)}/onPremisesSyncBehavior`, { isCloudManaged: false });
});

test('nor in what a process leaves that was killed, and the one after it', async () => {
  daemon.process.kill('SIGKILL');
  await daemon.ended;
  expect(findings().found).toEqual([]);
  await startDaemon();
  await setPassword(first.password);
  await api('/api/v1/passwords/sync', 'POST');
  await until(() => works(first.password));
  daemon.process.kill('SIGTERM');
  await daemon.ended;
  expect(findings().found).toEqual([]);
});

test('and whatever is looked for would have been found', () => {
  // The tenant's own files hold the forms, as they must.
  const [, key = Buffer.alloc(0)] = formsSent();
  expect(key).toHaveLength(64);
  expect(filesIn(join(world.folder, 'sandbox')).some((file) => readFileSync(file).includes(key))).toBe(true);
  for (const shape of [...shapesOf(second), key]) {
    const planted = join(folder, 'planted');
    writeFileSync(planted, Buffer.concat([Buffer.alloc(100, 1), shape, Buffer.alloc(100, 2)]));
    expect(findings().found).toEqual([planted]);
  }
});
