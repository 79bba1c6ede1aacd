import { chmodSync, copyFileSync, existsSync, globSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { asStateError, StateCorruptError } from '../../src/state/index.ts';
import { makeFolder } from '../data-folder.ts';
import { DataFolderUnusableError, FolderRefusedError, PlaceTakenError, SandboxRunningError } from '../errors.ts';
import { version } from '../version.ts';
import { digestOf, type Manifest, manifestName } from './manifest.ts';

/** Databases, each copied as of one moment: the state even while a daemon writes it. */
const state = 'state.db';
const sandbox = 'sandbox/tenant.sqlite';
/** What else a data folder cannot be without. Tokens are made anew, logs stay where they are. */
const files = ['schedule.json', 'configurations/*'];

/** Copies a data folder's state to a new folder, also while its daemon runs. */
export async function backUp(dataDirectory: string, to: string, now: Date): Promise<Manifest> {
  const from = resolve(dataDirectory);
  const target = resolve(to);
  const found = statSync(join(from, state), { throwIfNoEntry: false });
  if (found === undefined) throw new DataFolderUnusableError(from, 'there is no state in it');
  if (found.size === 0) throw new StateCorruptError(join(from, state), new Error('it is empty'));
  if (existsSync(target)) throw new PlaceTakenError(target);
  const unfinished = `${target}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    makeFolder(unfinished);
  } catch (error) {
    throw new FolderRefusedError(to, error);
  }
  try {
    return await fill(from, unfinished, target, now);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function fill(from: string, unfinished: string, target: string, now: Date): Promise<Manifest> {
  const copies: string[] = [];
  const place = (path: string): string => {
    const file = join(unfinished, path);
    makeFolder(dirname(file));
    copies.push(path);
    return file;
  };
  // First, since it is refused at once where it is refused.
  if (existsSync(join(from, sandbox))) {
    snapshot(join(from, sandbox), place(sandbox), 500, (error) => new SandboxRunningError(join(from, sandbox), error));
  }
  snapshot(join(from, state), place(state), 10_000, (error) => error);
  for (const file of globSync(files.map((pattern) => join(from, pattern)))) {
    const path = relative(from, file).replaceAll('\\', '/');
    const to = place(path);
    copyFileSync(file, to);
    chmodSync(to, 0o600);
  }
  const manifest: Manifest = {
    format: 1,
    program: version,
    at: now.toISOString(),
    files: await Promise.all(
      copies.map(async (path) => {
        const file = join(unfinished, path);
        return { path, bytes: statSync(file).size, sha256: await digestOf(file) };
      }),
    ),
  };
  writeFileSync(join(unfinished, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(unfinished, target);
  return manifest;
}

/** One read transaction: what it sees is one moment. `busy` is what it means that somebody else has it for too long. */
function snapshot(file: string, to: string, patience: number, busy: (error: unknown) => unknown): void {
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(file, { readonly: true, timeout: patience });
    database.prepare('VACUUM INTO ?').run(to);
    chmodSync(to, 0o600);
  } catch (error) {
    const isBusy = error instanceof Sqlite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
    const known = asStateError(error, file);
    throw isBusy ? busy(known) : known;
  } finally {
    database?.close();
  }
}
