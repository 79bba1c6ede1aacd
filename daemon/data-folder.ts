import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { DataFileDamagedError, DataFolderInUseError, DataFolderOpenError, DataFolderUnusableError } from './errors.ts';

/** The folder that holds all a daemon knows, made for its owner alone. */
export interface DataFolder extends Disposable {
  readonly path: string;
}

/** A data folder used beside whoever holds it; made where it is missing. */
export function besideDataFolder(folder: string): string {
  const path = resolve(folder);
  try {
    makeFolder(path);
    return path;
  } catch (error) {
    throw new DataFolderUnusableError(path, error);
  }
}

const holderFile = z.object({ pid: z.number().int() });

/**
 * Takes the folder for this process. The lock is SQLite's on a file of its own: the operating system holds it, so it
 * goes with the process, however that ends, and is never stale.
 */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  let lock: Sqlite.Database | undefined;
  try {
    makeFolder(path);
    requirePrivate(path);
    const file = join(path, 'lock.db');
    closeSync(openSync(file, 'a', 0o600));
    lock = new Sqlite(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (error instanceof DataFolderOpenError) throw error;
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new DataFolderInUseError(path, holderOf(path));
    }
    throw new DataFolderUnusableError(path, error);
  }
  const held = lock;
  writePrivate(join(path, 'holder.json'), JSON.stringify({ pid: process.pid }));
  return { path, [Symbol.dispose]: () => void held.close() };
}

/** A folder that was there may be open to others: one of ours, or an empty one, is closed; any other is not ours to change. */
function requirePrivate(path: string): void {
  const { mode, uid } = statSync(path);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const content = readdirSync(path);
  const isOurs =
    uid === process.getuid?.() && (content.length === 0 || content.includes('lock.db') || content.includes('state.db'));
  if (!isOurs) throw new DataFolderOpenError(path);
  chmodSync(path, 0o700);
}

function holderOf(path: string): number | undefined {
  try {
    return holderFile.parse(JSON.parse(readFileSync(join(path, 'holder.json'), 'utf8'))).pid;
  } catch {
    // Only names the holder more closely.
    return undefined;
  }
}

/** Makes a folder and those above it for their owner alone. Node's own recursive form never ends where none can be made, as in /proc. */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      // Somebody else has just made it.
      if (!existsSync(folder)) throw error;
    }
  }
}

/** Replaces a file as a whole, readable by its owner only unless said otherwise: a reader sees the old or the new one. */
export function writePrivate(file: string, text: string, mode = 0o600): void {
  makeFolder(dirname(file));
  const fresh = `${file}.${process.pid}.new`;
  const descriptor = openSync(fresh, 'w', mode);
  try {
    chmodSync(fresh, mode);
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, file);
}

/** What a JSON file of the data folder says; one that was damaged is named, with what to do about it. */
export function parseDataFile<T>(file: string, text: string, schema: z.ZodType<T>, remedy: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? new Error(z.prettifyError(error)) : error;
    throw new DataFileDamagedError(file, remedy, reason);
  }
}
