import { chmodSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { SandboxDataError, SandboxDataTooNewError, SandboxInUseError } from '../errors.ts';

export type { Database } from 'better-sqlite3';

/** Numbered, forward only; the number of the last one applied is the file's `user_version`. */
const migrations = [
  readFileSync(new URL('./migrations/0001-directory.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/0002-provisioning.sql', import.meta.url), 'utf8'),
];

/**
 * Opens the tenant's file, which it makes where there is none. It is this process's alone while it is open, and
 * its owner's alone always: it holds the tenant's keys.
 */
export function openDatabase(folder: string, file: string): Database {
  makeOwn(folder, file);
  let database: Database | undefined;
  try {
    database = new Sqlite(file, { timeout: 500 });
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    // Safe against a killed process; a power cut may cost the last moments, which a sandbox can bear.
    database.pragma('synchronous = NORMAL');
    database.pragma('wal_autocheckpoint = 4000');
    database.pragma('foreign_keys = ON');
    database.pragma('temp_store = FILE');
    database.pragma('cache_size = -32768');
    blindToValues(database);
    migrate(database, file);
    addFunctions(database);
    return database;
  } catch (error) {
    database?.close();
    throw asSandboxError(error, folder, file);
  }
}

/**
 * SQLite may choose a statement's way by the values bound to it, and compiles one that joins or sorts anew on every run for that.
 * `+?` is the same value, which it does not look at.
 */
function blindToValues(database: Database): void {
  const prepare = database.prepare.bind(database);
  database.prepare = ((text: string) => prepare(text.replace(/\?|@\w+/g, '+$&'))) as typeof database.prepare;
}

function makeOwn(folder: string, file: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  } catch (error) {
    throw new SandboxDataError(folder, error instanceof Error ? error.message : String(error), error);
  }
}

/** SQLite folds ASCII alone; names are not. */
function addFunctions(database: Database): void {
  const options = { deterministic: true };
  database.function('fold', options, (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value));
  database.function('ends_with', options, (value: unknown, end: unknown) =>
    typeof value === 'string' && typeof end === 'string' && value.endsWith(end) ? 1 : 0,
  );
}

function migrate(database: Database, file: string): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > migrations.length) throw new SandboxDataTooNewError(file, version, migrations.length);
  // An empty write takes the lock even where nothing is to be migrated.
  database.transaction(() => database.pragma(`user_version = ${version}`)).exclusive();
  migrations.slice(version).forEach((text, i) => {
    database.transaction(() => {
      database.exec(text);
      database.pragma(`user_version = ${version + i + 1}`);
    })();
  });
}

function asSandboxError(error: unknown, folder: string, file: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) return new SandboxInUseError(folder, error);
  return new SandboxDataError(file, error.message, error);
}
