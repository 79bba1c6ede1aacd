import { chmodSync, closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import Sqlite, { type Database, type Statement } from 'better-sqlite3';
import { DiskFullError, StateCorruptError, StateTooNewError, StateUnavailableError } from './errors.ts';

export type { Database } from 'better-sqlite3';

/** Numbered, forward only; the number of the last one applied is the file's `user_version`. */
const migrations = [
  readFileSync(new URL('./migrations/0001-initial.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/0002-phases.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/0003-changed-at.sql', import.meta.url), 'utf8'),
  readFileSync(new URL('./migrations/0004-link-refusals.sql', import.meta.url), 'utf8'),
];

export interface OpenOptions {
  readonly file: string;
  readonly mode: 'writer' | 'reader';
  /** Milliseconds to wait for another process that writes. */
  readonly patience?: number | undefined;
}

/** A file up to this size is checked whole whenever it is opened for writing; a larger one when it was not closed. */
const checkedAlways = 256 * 1024 * 1024;

/**
 * Opens the state file. The writer makes and migrates it; readers share it by WAL.
 * The journal must survive a power cut, so commits are synced in full.
 */
export function openDatabase({ file, mode, patience = 10_000 }: OpenOptions): Database {
  let database: Database | undefined;
  try {
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    // SQLite takes it for a new one; it is what a full disk or a broken copy has left of a state.
    if (size === 0) throw new StateCorruptError(file, new Error('it is empty'));
    if (size === undefined && mode === 'writer') makeDatabase(file);
    if (mode === 'writer') keepPrivate(file);
    database = new Sqlite(file, { readonly: mode === 'reader', fileMustExist: mode === 'reader', timeout: patience });
    // A journal that is still there is one that nobody closed.
    const crashed = mode === 'writer' && (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
    if (mode === 'writer') {
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.pragma('wal_autocheckpoint = 4000');
    }
    database.pragma('foreign_keys = ON');
    database.pragma('temp_store = FILE');
    database.pragma('cache_size = -32768');
    prepareOurWay(database, file);
    if (mode === 'writer') {
      requireSound(database, file, crashed);
      migrate(database, file);
    }
    return database;
  } catch (error) {
    database?.close();
    throw asStateError(error, file);
  }
}

/** A state of a former version, or put there by hand, may be open to others. */
function keepPrivate(file: string): void {
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    const mode = statSync(each, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o077) !== 0) chmodSync(each, 0o600);
  }
}

/** Made under another name: killed at any instant, it is there as a whole or not at all. */
function makeDatabase(file: string): void {
  const making = `${file}.making`;
  for (const leftover of [making, `${making}-wal`, `${making}-shm`]) rmSync(leftover, { force: true });
  // SQLite gives its journals the rights of the file.
  closeSync(openSync(making, 'wx', 0o600));
  const database = new Sqlite(making);
  try {
    database.pragma('journal_mode = WAL');
    migrate(database, making);
  } finally {
    database.close();
  }
  renameSync(making, file);
}

/**
 * SQLite may choose a statement's way by the values bound to it; for that it compiles one that joins or sorts anew on every run,
 * which takes ten times as long as the small statements everything here is made of. `+?` is the same value, which it does not look at.
 * Whatever a statement then meets, a damaged page or a full disk, it tells as the state's own error.
 */
function prepareOurWay(database: Database, file: string): void {
  const prepare = database.prepare.bind(database);
  database.prepare = ((text: string) =>
    namingErrors(prepare(text.replace(/\?|@\w+/g, '+$&')), file)) as typeof database.prepare;
}

function namingErrors(statement: Statement<unknown[]>, file: string): Statement<unknown[]> {
  for (const method of ['run', 'get', 'all'] as const) {
    const plain = statement[method].bind(statement) as (...values: unknown[]) => never;
    statement[method] = (...values: unknown[]) => {
      try {
        return plain(...values);
      } catch (error) {
        throw asStateError(error, file);
      }
    };
  }
  return statement;
}

/** A damaged page may lie where no statement looks for weeks: it is looked for before anything is built on it. */
function requireSound(database: Database, file: string, crashed: boolean): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > checkedAlways && !crashed) return;
  const found = String(database.pragma('quick_check(1)', { simple: true }));
  if (found !== 'ok') throw new StateCorruptError(file, new Error(found));
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
