import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StateCorruptError } from '../../src/state/index.ts';
import { openDataFolder } from '../data-folder.ts';
import { BackupBrokenError, DataFolderUnusableError, PlaceTakenError } from '../errors.ts';
import { backUp } from './backup.ts';
import { openBackup, restore } from './restore.ts';

let folder: string;
let data: string;
const now = new Date(0);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-backup-'));
  data = join(folder, 'data');
  mkdirSync(join(data, 'configurations'), { recursive: true });
  writeFileSync(join(data, 'schedule.json'), '{}');
  writeFileSync(join(data, 'configurations', '000001.yaml'), 'version: 1');
  writeFileSync(join(data, 'token'), 'secret');
  using database = open('state.db');
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(name: string): Sqlite.Database & Disposable {
  const database = new Sqlite(join(data, name));
  return Object.assign(database, { [Symbol.dispose]: () => database.close() });
}

const rows = (): unknown => {
  using database = open('state.db');
  return database.prepare('SELECT n FROM t').pluck().all();
};

/** A file of no bytes that the manifest knows as such. */
function emptied(to: string, path: string): void {
  writeFileSync(join(to, path), '');
  const file = join(to, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
    files: { path: string; bytes: number; sha256: string }[];
  };
  const sha256 = createHash('sha256').digest('hex');
  const files = manifest.files.map((one) => (one.path === path ? { path, bytes: 0, sha256 } : one));
  writeFileSync(file, JSON.stringify({ ...manifest, files }));
}

async function restoreInto(path: string, from: string, replace = false) {
  const backup = await openBackup(from);
  using held = openDataFolder(path);
  return restore({ backup, folder: held, replace, now });
}

test('gives back what was there, and no token', async () => {
  const to = join(folder, 'backup');
  const { files } = await backUp(data, to, now);
  expect(files.map(({ path }) => path).sort()).toEqual(['configurations/000001.yaml', 'schedule.json', 'state.db']);
  for (const path of readdirSync(to).filter((name) => name.includes('.')))
    expect([path, statSync(join(to, path)).mode & 0o077]).toEqual([path, 0]);
  using writer = open('state.db');
  writer.exec('INSERT INTO t VALUES (2)');
  await restoreInto(join(folder, 'other'), to);
  data = join(folder, 'other');
  expect(rows()).toEqual([1]);
  expect(readFileSync(join(data, 'configurations', '000001.yaml'), 'utf8')).toBe('version: 1');
  expect(existsSync(join(data, 'token'))).toBe(false);
});

test('is of one moment while another process goes on writing', async () => {
  const script = `
    const { default: Sqlite } = await import(${JSON.stringify(import.meta.resolve('better-sqlite3'))});
    const database = new Sqlite(process.argv[1], { timeout: 5000 });
    database.exec('CREATE TABLE pair (a INTEGER, b INTEGER); INSERT INTO pair VALUES (0, 0)');
    console.log('writing');
    const write = () => { database.exec('BEGIN; UPDATE pair SET a = a + 1; UPDATE pair SET b = b + 1; COMMIT'); setImmediate(write); };
    write();
  `;
  const writer = spawn(process.execPath, ['--input-type=module', '--eval', script, join(data, 'state.db')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(writer.stdout, 'data');
  const to = join(folder, 'backup');
  await backUp(data, to, now);
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  await restoreInto(join(folder, 'other'), to);
  data = join(folder, 'other');
  using database = open('state.db');
  const pair = database.prepare<[], { a: number; b: number }>('SELECT a, b FROM pair').get();
  expect(pair?.a).toBe(pair?.b);
});

test('never overwrites: neither a backup nor, unasked, a state', async () => {
  const to = join(folder, 'backup');
  await backUp(data, to, now);
  await expect(backUp(data, to, now)).rejects.toThrow(PlaceTakenError);
  await expect(restoreInto(data, to)).rejects.toThrow(PlaceTakenError);
  using writer = open('state.db');
  writer.exec('INSERT INTO t VALUES (2)');
  mkdirSync(join(data, 'answers'));
  const { aside } = await restoreInto(data, to, true);
  expect(rows()).toEqual([1]);
  // What was answered of the other state is no answer any more.
  expect(existsSync(join(data, 'answers'))).toBe(false);
  data = aside ?? '';
  expect(rows()).toEqual([1, 2]);
});

test('that was changed, cut short or never finished is not restored', async () => {
  const fresh = join(folder, 'fresh');
  for (const spoil of [
    (to: string) => appendFileSync(join(to, 'state.db'), 'x'),
    (to: string) => rmSync(join(to, 'schedule.json')),
    (to: string) => rmSync(join(to, 'manifest.json')),
    (to: string) => emptied(to, 'state.db'),
    (to: string) => writeFileSync(join(to, 'manifest.json'), '{"format":1,"files":[{"path":"../../etc/passwd"}]}'),
  ]) {
    const to = join(folder, 'backup');
    await backUp(data, to, now);
    spoil(to);
    await expect(restoreInto(fresh, to)).rejects.toThrow(BackupBrokenError);
    expect(existsSync(fresh)).toBe(false);
    rmSync(to, { recursive: true });
  }
});

test('of a state that is damaged or of no bytes is refused, and leaves nothing half done', async () => {
  const to = join(folder, 'backup');
  writeFileSync(join(data, 'state.db'), '');
  await expect(backUp(data, to, now)).rejects.toThrow(StateCorruptError);
  writeFileSync(join(data, 'state.db'), 'this was once a spreadsheet'.repeat(500));
  await expect(backUp(data, to, now)).rejects.toThrow(StateCorruptError);
  expect(readdirSync(folder)).toEqual(['data']);
});

test('of a folder without a state is refused', async () => {
  await expect(backUp(join(folder, 'nothing'), join(folder, 'backup'), now)).rejects.toThrow(DataFolderUnusableError);
});
