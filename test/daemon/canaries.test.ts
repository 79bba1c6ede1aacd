import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Forest, startForest } from '../samba/index.ts';
import { type Running, run, start } from './cloudsync.ts';
import { type Answer, readEvents, send, sendJson } from './http.ts';
import { Contract } from './openapi.ts';

/**
 * A daemon as it is deployed, with every kind of secret it can have: each one used, and written by its owner where it does
 * not belong. None comes out anywhere but from the files that are there to hold it.
 */

const reason = 'Canary~Reason.4';
const later = 'Canary~Later.5';
const wrong = 'Canary~Wrong.6';

let cwd: string;
let forest: Forest;
let sandbox: Running;
let daemon: Running;
let url: string;
/** By what they open. */
let canaries: Readonly<Record<string, string>>;

/** The files that are there to hold a secret, and the configuration, which is kept as it was written, comments and all. */
const keepers = ['token', 'reader-token', 'vault.json', 'vault.key', '000001.yaml'];

const at = (...path: readonly string[]): string => join(cwd, ...path);
const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
  sendJson(url, canaries['operator token'] ?? '', method, `/api/v1/${path}`, body);

function configuration(password: string): string {
  const tenant = JSON.parse(readFileSync(at('tenant/sandbox.json'), 'utf8')) as Record<string, string>;
  return `version: 1
# The application's secret is ${canaries['client secret']}, in case somebody asks.
tenant:
  id: ${tenant['tenantId']}
  cloud: custom
  credential: { clientId: ${tenant['clientId']}, clientSecret: { vault: application } }
  endpoints: { graph: "${tenant['graphUrl']}", authority: "${tenant['authority']}", ca: ${tenant['ca']} }
forests:
  - name: contoso
    domains:
      - name: corp.contoso.test
        servers: ["${forest.ldapsUrl}"]
        bind: { user: ${forest.adminUser}, password: { file: ${password} } }
        tls: { ca: "${forest.caFile}" }
`;
}

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'cloudsync-canaries-'));
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  const serve = ['sandbox', '--listen', '127.0.0.1:0', '--data', 'tenant', '--domain', 'corp.contoso.test'];
  sandbox = start(serve, { cwd });
  await sandbox.said(/Sandbox tenant/);
  const { clientSecret } = JSON.parse(readFileSync(at('tenant/sandbox.json'), 'utf8')) as { clientSecret: string };
  canaries = { 'client secret': clientSecret, 'bind password': forest.adminPassword };
  writeFileSync(at('bind.txt'), forest.adminPassword);
  writeFileSync(at('wrong.txt'), wrong);
  writeFileSync(at('cloudsync.yaml'), configuration('./bind.txt'));
  writeFileSync(at('wrong.yaml'), configuration('./wrong.txt'));
  for (const [name, value] of [
    ['application', clientSecret],
    ['unused', reason],
  ] as const) {
    expect((await start(['secret', 'set', name, '--data', 'data'], { cwd }, value).ended).code).toBe(0);
  }
  const report = `--report-on-signal --report-signal=SIGUSR2 --report-directory=${cwd} --report-filename=report.json`;
  const args = ['daemon', '--listen', '127.0.0.1:0', '--data', 'data', '--log-level', 'debug'];
  daemon = start(args, { cwd, env: { NODE_OPTIONS: report } });
  [, url = ''] = await daemon.said(/listens on (\S+);/);
  canaries = {
    ...canaries,
    'secret of the vault': reason,
    'wrong password': wrong,
    'operator token': readFileSync(at('data/token'), 'utf8'),
    'reader token': readFileSync(at('data/reader-token'), 'utf8'),
  };
});
afterAll(async () => {
  daemon?.process.kill();
  sandbox?.process.kill();
  await Promise.all([daemon?.ended, sandbox?.ended]);
  await forest?.[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true, force: true });
});

/** Those of the secrets that stand in a text. */
function found(text: string): readonly string[] {
  return Object.entries(canaries).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));
}

/** Every file of a folder with the secrets in it, but for those that are there to hold one. */
function foundIn(folder: string, keepers: readonly string[] = []): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => statSync(join(folder, file)).isFile() && !keepers.includes(basename(file)))
    .flatMap((file) => found(readFileSync(join(folder, file), 'latin1')).map((name) => `${file}: ${name}`));
}

/** A cycle of its own, once those of the schedule have ended, with all that is told of it. */
async function cycle(body: unknown): Promise<string> {
  let started = await ask('POST', 'cycles', body);
  while (started.status === 409) {
    await sleep(50);
    started = await ask('POST', 'cycles', body);
  }
  const { status, text } = started;
  expect(status, text).toBe(202);
  const { id } = JSON.parse(text) as { id: number };
  const events = await readEvents(url, canaries['operator token'] ?? '', `/api/v1/cycles/${id}/events`);
  return JSON.stringify(events);
}

/** A process and all it has started. */
function family(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(family)];
}

describe('no secret comes out', () => {
  test('by what the daemon does with them', async () => {
    expect(found(await cycle({ type: 'full' }))).toEqual([]);
    // It was let in everywhere: all of them are the right ones.
    expect(JSON.parse((await ask('GET', 'cycles?limit=1')).text)).toMatchObject({ items: [{ state: 'succeeded' }] });
    const checks = await ask('POST', 'checks');
    expect(JSON.parse(checks.text).items.filter((one: { state: string }) => one.state === 'failed')).toEqual([]);
    const dn = `CN=Administrator,CN=Users,${forest.baseDn}`;
    const answers = [checks, await ask('POST', 'objects/provision', { by: 'dn', value: dn, apply: true })];
    expect(answers.flatMap(({ text }) => found(text))).toEqual([]);
  });

  test('that was written down before it was one', async () => {
    await ask('POST', 'suspend', { reason: `the new one is ${later}` });
    expect((await ask('PUT', 'secrets/later', { value: later })).status).toBe(200);
    for (const path of ['status', 'schedule']) {
      const { text } = await ask('GET', path);
      expect(text).toContain('the new one is ***');
      expect(text).not.toContain(later);
    }
    await ask('POST', 'resume');
  });

  test('where somebody writes one into what is kept: it is not taken', async () => {
    const { text } = JSON.parse((await ask('GET', 'configuration')).text) as { text: string };
    for (const [method, path, body] of [
      ['POST', 'suspend', { reason: `it is ${reason}` }],
      ['POST', 'suspend', { reason: canaries['operator token'] }],
      ['PUT', 'configuration', { text: `${text}# ${reason}\n` }],
      ['POST', 'configuration/assess', { text: `${text}# ${canaries['bind password']}\n` }],
    ] as const) {
      const answer = await ask(method, path, body);
      expect(JSON.parse(answer.text), path).toMatchObject({ status: 422, code: 'CS7123' });
      expect(found(answer.text), path).toEqual([]);
    }
  });

  test('with a request that has it in the wrong place', async () => {
    const token = canaries['operator token'] ?? '';
    for (const headers of [{ authorization: token }, { cookie: `token=${token}` }, { 'cloudsync-actor': token }]) {
      expect(found((await send(url, { path: `/api/v1/status?token=${token}`, headers })).text)).toEqual([]);
    }
    expect(found((await send(url, { path: `/api/v1/${token}`, token })).text)).toEqual([]);
    expect(found((await ask('POST', 'cycles', { type: token })).text)).toEqual([]);
  });

  test('from any address that is read, and so from the diagnostic made of them', async () => {
    const { operations } = new Contract((await ask('GET', 'openapi.json')).text);
    const reading = operations.filter(({ method, path }) => method === 'GET' && !path.endsWith('/events'));
    expect(reading.length).toBeGreaterThan(20);
    const values: Readonly<Record<string, string>> = { by: 'userPrincipalName', value: `nobody@${forest.domain}` };
    for (const { path, parameters } of reading) {
      const filled = path.replaceAll(/\{\w+\}/g, '1');
      const required = parameters.filter((one) => one.in === 'query' && one.required);
      const query = new URLSearchParams(required.map(({ name }) => [name, values[name] ?? '']));
      for (const more of [{}, { limit: '1000' }, { limit: '1000', level: 'debug' }]) {
        const search = new URLSearchParams([...query, ...Object.entries(more)]).toString();
        const { status, headers, text } = await ask('GET', `../..${filled}?${search}`.replace('../../api/v1/', ''));
        if (Object.keys(more).length === 0) expect([200, 404], `${path}: ${text}`).toContain(status);
        expect(found(`${JSON.stringify(headers)}${text}`), path).toEqual([]);
      }
    }
    expect((await ask('GET', 'configuration')).text).toContain('secret is ***, in case');
    const lines = readEvents(url, canaries['operator token'] ?? '', '/api/v1/log/events', () => true);
    const nudge = setInterval(() => void ask('POST', 'resume'), 50);
    expect(found(JSON.stringify(await lines))).toEqual([]);
    clearInterval(nudge);
  });

  test('from its command line, its environment, or those of what it starts', async () => {
    const pid = daemon.process.pid ?? 0;
    const pids = new Set<number>();
    const looking = (async () => {
      for (const until = Date.now() + 1500; Date.now() < until; await sleep(20)) {
        for (const one of family(pid)) pids.add(one);
      }
    })();
    await cycle({ type: 'delta' });
    await looking;
    for (const one of pids) {
      for (const file of ['cmdline', 'environ']) {
        if (existsSync(`/proc/${one}`)) expect(found(readFileSync(`/proc/${one}/${file}`, 'latin1')), file).toEqual([]);
      }
    }
    expect(pids.has(pid)).toBe(true);
  });

  test('with a report of a crash', async () => {
    daemon.process.kill('SIGUSR2');
    while (!existsSync(at('report.json'))) await sleep(50);
    await sleep(500);
    const report = readFileSync(at('report.json'), 'latin1');
    expect(report).toContain('javascriptStack');
    expect(found(report)).toEqual([]);
  });

  test('from what commands say, when all is right and when a secret is wrong', async () => {
    for (const [config, ...args] of [
      ['wrong.yaml', 'cycle', '--type', 'delta', '--data', 'other'],
      ['wrong.yaml', 'config', 'check'],
      ['cloudsync.yaml', 'cycle', '--type', 'delta', '--data', 'data'],
      ['cloudsync.yaml', 'secret', 'list', '--data', 'data'],
      ['cloudsync.yaml', 'backup', 'copy', '--data', 'data'],
    ]) {
      const { out, err } = await run([...args, '--config', config ?? ''], { cwd });
      expect(`${out}${err}`).not.toBe('');
      expect(found(`${out}${err}`), args.join(' ')).toEqual([]);
    }
    expect(foundIn(at('other'), keepers)).toEqual([]);
  });

  test('from the data folder, its logs and its databases, while it runs and after its end', async () => {
    expect(readdirSync(at('data'))).toEqual(
      expect.arrayContaining(['state.db', 'state.db-wal', 'logs', 'token', 'vault.json']),
    );
    expect(foundIn(at('data'), keepers)).toEqual([]);
    daemon.process.kill('SIGTERM');
    const { code, out, err } = await daemon.ended;
    expect(code).toBe(0);
    expect(err.length).toBeGreaterThan(1000);
    expect(found(out)).toEqual([]);
    expect(found(err)).toEqual([]);
    expect(foundIn(at('data'), keepers)).toEqual([]);
    expect(found(readFileSync(at('data/vault.json'), 'latin1'))).toEqual([]);
  });
});
