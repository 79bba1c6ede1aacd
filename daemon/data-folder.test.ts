import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';
import { DataFolderInUseError, DataFolderUnusableError } from './errors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('is made for its owner alone', () => {
  using data = openDataFolder(join(folder, 'new', 'data'));
  expect(statSync(data.path).mode & 0o777).toBe(0o700);
});

test('is held by one at a time, and free again once closed', () => {
  {
    using _ = openDataFolder(folder);
    expect(() => openDataFolder(folder)).toThrow(DataFolderInUseError);
  }
  using _again = openDataFolder(folder);
});

test('names the process that holds it, and is free as soon as that was killed', async () => {
  const script = `
    const { openDataFolder } = await import(${JSON.stringify(import.meta.resolve('./data-folder.ts'))});
    const folder = openDataFolder(process.argv[1]);
    console.log('held');
    setInterval(() => folder, 1000);
  `;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(() => openDataFolder(folder)).toThrow(`(process ${holder.pid})`);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  using _ = openDataFolder(folder);
});

test('is refused where it cannot be', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => openDataFolder(join(folder, 'file', 'data'))).toThrow(DataFolderUnusableError);
});
