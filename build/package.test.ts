import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from './bundle.ts';
import { packageFor, platforms } from './package.ts';
import { rcDataOf } from './portable-executable.ts';

const run = promisify(execFile);
const [linux, windows] = platforms;
// What Node looks for in its own file: `:1` once something has been injected.
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:';

describe('single binaries', () => {
  let folder: string;
  let parts: Bundle;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cloudsync-package-'));
    parts = await bundle(join(folder, 'out'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('runs the demo from an empty folder, with nothing of Node or of the checkout around it', async () => {
    if (linux === undefined) throw new Error('no Linux platform');
    const binary = await packageFor(linux, parts);
    // Nothing beside the executable may be what makes it run.
    await rm(parts.main);
    const empty = join(folder, 'empty');
    const home = join(folder, 'home');
    await mkdir(empty);
    await mkdir(home);
    const { stdout } = await run(binary, ['demo', '--once'], {
      cwd: empty,
      env: { HOME: home, PATH: '/nowhere', TMPDIR: folder },
    });
    expect(stdout).toMatch(/created/i);
    expect(await readdir(empty)).toEqual([]);
    const cache = join(home, '.cache', 'cloudsync');
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
    expect(await readdir(cache)).toContainEqual(expect.stringMatching(/^[0-9a-f]{16}-better-sqlite3-linux-x64\.node$/));
  });

  it('serves the dashboard out of itself', async () => {
    const folderOfDemo = join(folder, 'demo');
    await mkdir(folderOfDemo);
    const env = { HOME: folderOfDemo, PATH: '/nowhere', TMPDIR: folder };
    const demo = spawn(join(parts.folder, linux?.output ?? ''), ['demo'], { cwd: folderOfDemo, env });
    try {
      let said = '';
      for await (const text of demo.stdout.setEncoding('utf8')) {
        said += text;
        if (/The dashboard, .*: \S+\n/.test(said)) break;
      }
      const [, link = ''] = said.match(/The dashboard, .*: (\S+)\n/) ?? [];
      const browser = { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'document' };
      const get = async (path: string, headers: Record<string, string>) => {
        const asked = request(new URL(path, link), { headers }).end();
        const [answer]: IncomingMessage[] = await once(asked, 'response');
        return { status: answer?.statusCode, text: (await answer?.setEncoding('utf8').toArray())?.join('') };
      };
      expect(await get(link, browser)).toMatchObject({ status: 303 });
      expect(await get('/dashboard/', browser)).toMatchObject({
        status: 200,
        text: expect.stringContaining('dashboard.js') as string,
      });
      for (const [name, dest] of [
        ['dashboard.js', 'script'],
        ['dashboard.css', 'style'],
        ['icon.svg', 'image'],
      ] as const) {
        const { status, text } = await get(`/dashboard/${name}`, {
          'Sec-Fetch-Site': 'same-origin',
          'Sec-Fetch-Dest': dest,
        });
        expect({ name, status, long: (text?.length ?? 0) > 200 }).toEqual({ name, status: 200, long: true });
      }
    } finally {
      demo.kill();
      await once(demo, 'close');
    }
  });

  it('carries the program and the add-on of Windows in a Windows executable', async () => {
    if (windows === undefined) throw new Error('no Windows platform');
    const { main, addon, ...rest } = await bundle(parts.folder);
    const binary = await readFile(await packageFor(windows, { main, addon, ...rest }));
    expect(binary.includes(`${fuse}1`)).toBe(true);
    const payload = rcDataOf(binary, 'NODE_SEA_BLOB');
    expect(payload?.includes(await readFile(main))).toBe(true);
    expect(payload?.includes(await readFile(addon('win32-x64')))).toBe(true);
  });

  it('says to a Node that is too old what is needed, without a line of its code', async () => {
    const { launcher } = await bundle(parts.folder);
    const older = join(folder, 'older.mjs');
    await writeFile(older, "Object.defineProperty(process, 'version', { value: 'v20.1.0' });");
    const old = run(process.execPath, ['--import', older, launcher, '--version']);
    await expect(old).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^cloudsync: .*v20\.1\.0.*\n$/),
    });
    expect((await run(process.execPath, [launcher, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
