import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/index.ts';
import { checkDirectories, type Finding } from '../../src/engine/index.ts';
import { startDouble } from '../directory/index.ts';
import { addReader, letReplicate, letSeeDeletions } from '../samba/accounts.ts';
import { type Forest, startForest } from '../samba/index.ts';
import { makeIdentity } from '../tls/index.ts';

/** What is found, before any cycle, of a real domain controller and of one that is not as it should be. */

let forest: Forest;
beforeAll(async () => {
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  for (const name of ['reader', 'seer', 'copier']) await addReader(forest, name);
  await letSeeDeletions(forest, 'seer');
  await letReplicate(forest, 'copier');
}, 120_000);
afterAll(() => forest?.[Symbol.asyncDispose]());

interface Written {
  readonly user?: string;
  readonly servers?: readonly string[];
  readonly ca?: string;
  readonly passwords?: boolean;
  readonly domain?: string;
  readonly clearText?: boolean;
}

function configure(written: Written = {}): string {
  const { user = forest.adminUser, servers = [forest.ldapsUrl], ca = forest.caFile } = written;
  const { passwords = false, domain = forest.domain, clearText = false } = written;
  const file = join(forest.folder, 'cloudsync.yaml');
  writeFileSync(
    file,
    JSON.stringify({
      version: 1,
      tenant: { id: 'contoso.test', cloud: 'sandbox', target: 'syncApi' },
      forests: [
        {
          name: 'contoso',
          domains: [
            { name: domain, servers, clearText, bind: { user, password: { env: 'DC_PASSWORD' } }, tls: { ca } },
          ],
        },
      ],
      passwords: { sync: passwords },
    }),
  );
  return file;
}

async function check(
  written: Written = {},
  more: { readonly password?: string; readonly now?: () => Date } = {},
): Promise<readonly Finding[]> {
  const { password = forest.adminPassword, now = () => new Date() } = more;
  const environment = { env: { DC_PASSWORD: password }, now, log() {} };
  return await checkDirectories(loadConfiguration(configure(written)), environment, new AbortController().signal);
}

const told = (findings: readonly Finding[]) => findings.map((one) => `${one.check} ${one.state}`);
const wrong = (findings: readonly Finding[]) => findings.filter(({ state }) => state !== 'passed');
const reached = ['servers passed', 'port passed', 'tls passed', 'signIn passed', 'directory passed'];

test('an account with all rights has all that a read needs, passwords too', async () => {
  const findings = await check({ passwords: true });
  expect(told(findings)).toEqual([
    ...reached,
    'clock passed',
    'replicationRight passed',
    'replicationPort passed',
    'replicationSignIn passed',
    'passwordRight passed',
  ]);
  expect(findings.every(({ remedy, code }) => remedy === null && code === null)).toBe(true);
});

test('rights the account has not got are named, with what comes of it', async () => {
  const rights = async (name: string) => wrong(await check({ user: `${name}@${forest.domain}` }));
  expect(await rights('copier')).toEqual([]);
  expect(await rights('seer')).toMatchObject([
    { check: 'replicationRight', state: 'warning', message: expect.stringContaining('may not replicate') as unknown },
  ]);
  const [reader] = await rights('reader');
  expect(reader).toMatchObject({ state: 'warning', message: expect.stringContaining('in full') as unknown });
  expect(reader?.remedy).toContain('Replicating Directory Changes');
  const passwords = wrong(await check({ user: `copier@${forest.domain}`, passwords: true }));
  expect(passwords).toMatchObject([{ check: 'passwordRight', state: 'failed', code: 'CS9001' }]);
  expect(passwords[0]?.remedy).toContain('Replicating Directory Changes All');
});

test('what cannot be reached, trusted or signed in to is told in that order, and nothing after it', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as { port: number };
  await new Promise((resolve) => silent.close(resolve));
  const unreachable = await check({ servers: [`ldaps://127.0.0.1:${port}`, forest.ldapsUrl] });
  expect(told(unreachable).slice(0, 3)).toEqual(['servers passed', 'port failed', 'port passed']);
  expect(wrong(unreachable)).toMatchObject([{ subject: `ldaps://127.0.0.1:${port}`, code: 'CS2003' }]);

  const other = join(forest.folder, 'other-ca.pem');
  writeFileSync(other, makeIdentity({ commonName: 'other.test' }).certificate);
  const untrusted = await check({ ca: other });
  expect(told(untrusted)).toEqual(['servers passed', 'port passed', 'tls failed']);
  expect(wrong(untrusted)).toMatchObject([{ code: 'CS2004' }]);

  const twice = { servers: [forest.ldapsUrl, forest.ldapUrl] };
  const refused = await check(twice, { password: 'Wrong~canary.1' });
  expect(told(refused)).toEqual(['servers passed', 'port passed', 'tls passed', 'signIn failed']);
  expect(JSON.stringify(refused)).not.toContain('canary');

  await using double = await startDouble({ domain: 'other.test' });
  const foreign = await check({ servers: [double.url], clearText: true });
  expect(told(foreign).slice(3)).toEqual(['signIn passed', 'directory failed']);
  expect(foreign.at(-1)).toMatchObject({ code: 'CS2010' });
});

test('a clock that Kerberos would not take is told, with the gap', async () => {
  const off = (seconds: number) => check({}, { now: () => new Date(Date.now() + seconds * 1000) });
  expect(wrong(await off(-90))).toMatchObject([{ check: 'clock', state: 'warning' }]);
  const [clock] = wrong(await off(900));
  expect(clock).toMatchObject({ check: 'clock', state: 'failed' });
  expect(clock?.message).toMatch(/^Its clock is (89\d|90\d) seconds behind/);
});

test('clear text is warned of', async () => {
  await using double = await startDouble({ domain: 'double.test' });
  const findings = await check({ servers: [double.url], domain: 'double.test', clearText: true });
  expect(told(findings)).toContain('tls warning');
});

test('the command prints each finding and ends with 1 when one failed', async () => {
  const run = (file: string, ...more: string[]): Promise<{ code: number; output: string }> =>
    new Promise((resolve) => {
      const main = join(import.meta.dirname, '../../daemon/main.ts');
      const env = { ...process.env, DC_PASSWORD: forest.adminPassword };
      execFile(process.execPath, [main, 'check', 'directory', '--config', file, ...more], { env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: out + err }),
      );
    });
  const fine = await run(configure());
  expect(fine.output).toMatch(/^passed {3}replicationRight {3}ldaps:/m);
  expect(fine.code).toBe(0);
  const down = await run(configure({ servers: ['ldaps://127.0.0.1:1'] }), '--json');
  expect(JSON.parse(down.output)).toMatchObject([{ check: 'servers' }, { check: 'port', code: 'CS2003' }]);
  expect(down.code).toBe(1);
});
