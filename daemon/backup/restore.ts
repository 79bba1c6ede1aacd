import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import { makeFolder } from '../data-folder.ts';
import { BackupBrokenError, PlaceTakenError } from '../errors.ts';
import { type Manifest, readManifest } from './manifest.ts';

/** A backup that was found whole and sound. */
export interface SoundBackup {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface RestoreOptions {
  readonly backup: SoundBackup;
  /** Held by this process: no daemon may run on it. */
  readonly folder: DataFolder;
  /** A state that is there already is moved aside, never lost; without this it is a reason to refuse. */
  readonly replace: boolean;
  readonly now: Date;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Where the former state is now. */
  readonly aside: string | undefined;
}

/** Looks at a backup before anything is made or moved for its sake. */
export async function openBackup(from: string): Promise<SoundBackup> {
  const folder = resolve(from);
  const manifest = await readManifest(folder);
  const paths = manifest.files.map(({ path }) => path);
  if (!paths.includes('state.db')) throw new BackupBrokenError(folder, 'there is no state in it');
  for (const path of paths.filter((path) => /\.(db|sqlite)$/.test(path))) checkSound(folder, path);
  return { folder, manifest };
}

/** Puts a backup's state in place. The state file comes last: until then the folder has none, and nothing starts on half. */
export function restore({ backup, folder, replace, now }: RestoreOptions): Restored {
  const { folder: source, manifest } = backup;
  const paths = manifest.files.map(({ path }) => path);
  const occupied = existsSync(join(folder.path, 'state.db'));
  if (occupied && !replace) throw new PlaceTakenError(join(folder.path, 'state.db'));
  const aside = occupied ? join(folder.path, `replaced-${now.toISOString().replaceAll(':', '')}`) : undefined;
  if (aside !== undefined) moveAside(folder.path, aside);
  for (const path of [...paths.filter((path) => path !== 'state.db'), 'state.db']) {
    const file = join(folder.path, path);
    makeFolder(dirname(file));
    copyFileSync(join(source, path), `${file}.restoring`);
    renameSync(`${file}.restoring`, file);
  }
  return { manifest, aside };
}

const ofOneState = [
  'state.db',
  'state.db-wal',
  'state.db-shm',
  'sandbox',
  'configurations',
  'schedule.json',
  'answers',
];

/**
 * The write-ahead log belongs to its database: left behind, it would be laid over the restored one. So do answers that name
 * the cycles of the state.
 */
function moveAside(folder: string, aside: string): void {
  mkdirSync(aside, { mode: 0o700 });
  for (const name of ofOneState) {
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(aside, name));
  }
  for (const name of ['state.db-wal', 'state.db-shm']) rmSync(join(folder, name), { force: true });
}

function checkSound(folder: string, path: string): void {
  let database: Sqlite.Database | undefined;
  try {
    // SQLite would take it for a new one.
    if (statSync(join(folder, path)).size === 0) throw new BackupBrokenError(folder, `${path} is empty`);
    database = new Sqlite(join(folder, path), { readonly: true });
    const verdict = database.pragma('quick_check', { simple: true });
    if (verdict !== 'ok') throw new BackupBrokenError(folder, `${path} is damaged`);
  } catch (error) {
    throw error instanceof BackupBrokenError
      ? error
      : new BackupBrokenError(folder, `${path} is not a database`, error);
  } finally {
    database?.close();
  }
}
