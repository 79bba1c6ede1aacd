import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './cloudsync.ts';
import { byHand } from './dashboard-session.ts';
import { send } from './http.ts';
import { startTestService, type TestService } from './service.ts';

/** `cloudsync dashboard` beside a daemon that runs. */

let daemon: TestService;
let cwd: string;
beforeAll(async () => {
  daemon = await startTestService({ tenant: 'nobody' });
  cwd = mkdtempSync(join(tmpdir(), 'cloudsync-dashboard-'));
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true, force: true });
});

test('prints a link that opens the dashboard once', async () => {
  const { code, out, err } = await run(['dashboard', '--data', daemon.data], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { pathname: path, origin } = new URL(out.trim());
  expect(origin).toBe(daemon.url);
  expect((await send(daemon.url, { path, headers: byHand })).status).toBe(303);
  expect(daemon.lines.some((line) => /"dashboardOpened".*"role":"operator"/.test(line))).toBe(true);
});

test('--open hands the link to the browser and to nobody else; --role reader makes one that only looks', async () => {
  const bin = join(cwd, 'bin');
  const opened = join(cwd, 'opened');
  mkdirSync(bin);
  writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > "${opened}"\n`, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env['PATH']}` };
  const args = ['dashboard', '--open', '--role', 'reader', '--data', daemon.data];
  expect(await run(args, { cwd, env })).toEqual({ code: 0, out: '', err: '' });
  const path = new URL(readFileSync(opened, 'utf8')).pathname;
  expect((await send(daemon.url, { path, headers: byHand })).status).toBe(303);
  expect(daemon.lines.some((line) => /"dashboardOpened".*"role":"reader"/.test(line))).toBe(true);
});

test('says so where no browser can be opened, no daemon runs, or the role is none', async () => {
  const bin = join(cwd, 'broken');
  mkdirSync(bin);
  writeFileSync(join(bin, 'xdg-open'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  for (const [args, exit, says, env] of [
    [['--open', '--data', daemon.data], 1, /CS7012.*xdg-open/, { PATH: `${bin}:${process.env['PATH']}` }],
    [['--open', '--data', daemon.data], 1, /CS7012.*xdg-open/, { PATH: '/nowhere' }],
    [['--data', cwd], 1, /CS7010.*No daemon runs/, {}],
    [['--role', 'owner'], 2, /CS1101.*owner/, {}],
  ] as const) {
    const { code, out, err } = await run(['dashboard', ...args], { cwd, env });
    expect({ code, out }).toEqual({ code: exit, out: '' });
    expect(err).toMatch(says);
  }
});

test('says so where a daemon that is gone has left its file behind', async () => {
  const facts = { url: 'http://127.0.0.1:9', tokenFile: join(cwd, 'token'), readerTokenFile: join(cwd, 'token') };
  writeFileSync(facts.tokenFile, 'x');
  writeFileSync(join(cwd, 'daemon.json'), JSON.stringify({ ...facts, startedAt: '' }));
  const { code, err } = await run(['dashboard', '--data', cwd], { cwd });
  expect(code).toBe(1);
  expect(err).toMatch(/CS7010/);
  writeFileSync(join(cwd, 'daemon.json'), JSON.stringify({ ...facts, url: daemon.url, startedAt: '' }));
  const refused = await run(['dashboard', '--data', cwd], { cwd });
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/CS7011.*CS7103/);
});
