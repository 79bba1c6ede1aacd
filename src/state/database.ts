import { readFileSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { DiskFullError, StateCorruptError, StateTooNewError, StateUnavailableError } from './errors.ts';

export type { Database } from 'better-sqlite3';

/** Numbered, forward only; the number of the last one applied is the file's `user_version`. */
const migrations = [readFileSync(new URL('./migrations/0001-initial.sql', import.meta.url), 'utf8')];

export interface OpenOptions {
  readonly file: string;
  readonly mode: 'writer' | 'reader';
}

/**
 * Opens the state file. The writer makes and migrates it; readers share it by WAL.
 * The journal must survive a power cut, so commits are synced in full.
 */
export function openDatabase({ file, mode }: OpenOptions): Database {
  let database: Database | undefined;
  try {
    database = new Sqlite(file, { readonly: mode === 'reader', fileMustExist: mode === 'reader', timeout: 10_000 });
    if (mode === 'writer') {
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.pragma('wal_autocheckpoint = 4000');
    }
    database.pragma('foreign_keys = ON');
    database.pragma('temp_store = FILE');
    database.pragma('cache_size = -32768');
    if (mode === 'writer') migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw asStateError(error, file);
  }
}

function migrate(database: Database, file: string): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > migrations.length) throw new StateTooNewError(file, version, migrations.length);
  migrations.slice(version).forEach((text, i) => {
    database.transaction(() => {
      database.exec(text);
      database.pragma(`user_version = ${version + i + 1}`);
    })();
  });
}

/** Names the causes an admin can do something about; everything else stays what it is. */
export function asStateError(error: unknown, file: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB')
    return new StateCorruptError(file, error);
  if (error.code === 'SQLITE_FULL') return new DiskFullError(file, error);
  if (/^SQLITE_(CANTOPEN|READONLY|BUSY|LOCKED|PERM|IOERR)/.test(error.code))
    return new StateUnavailableError(file, error);
  return error;
}
