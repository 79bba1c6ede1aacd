import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openDataFolder, parseDataFile } from './data-folder.ts';
import { DataFileDamagedError, DataFolderInUseError, DataFolderOpenError, DataFolderUnusableError } from './errors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('is made for its owner alone', () => {
  using data = openDataFolder(join(folder, 'new', 'data'));
  expect(statSync(data.path).mode & 0o777).toBe(0o700);
});

test('that others could enter is closed where it is empty or ours, and refused where it is neither', () => {
  const mode = (path: string): number => statSync(path).mode & 0o777;
  chmodSync(folder, 0o755);
  {
    using _ = openDataFolder(folder);
    expect([mode(folder), mode(join(folder, 'lock.db')), mode(join(folder, 'holder.json'))]).toEqual([
      0o700, 0o600, 0o600,
    ]);
  }
  chmodSync(folder, 0o750);
  {
    using _ = openDataFolder(folder);
    expect(mode(folder)).toBe(0o700);
  }
  const other = join(folder, 'other');
  mkdirSync(other, { mode: 0o755 });
  writeFileSync(join(other, 'letter.txt'), 'of somebody');
  expect(() => openDataFolder(other)).toThrow(DataFolderOpenError);
  expect([mode(other), readdirSync(other)]).toEqual([0o755, ['letter.txt']]);
});

test('a file of it that was damaged is told by name, with what to do', () => {
  const shape = z.object({ at: z.string() });
  for (const text of ['{', '{"at": 1}', 'null']) {
    try {
      parseDataFile('schedule.json', text, shape, 'Remove it.');
      expect.fail(text);
    } catch (error) {
      expect(error).toBeInstanceOf(DataFileDamagedError);
      expect(error).toMatchObject({ code: 'CS7014', object: 'schedule.json', remedy: 'Remove it.' });
    }
  }
  expect(parseDataFile('schedule.json', '{"at": "now"}', shape, '')).toEqual({ at: 'now' });
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
