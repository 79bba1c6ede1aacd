import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { Scenario } from '../../test/model/scenario.ts';
import type { ObjectGuid } from '../model/index.ts';
import { DiskFullError, StateCorruptError, StateTooNewError, StateUnavailableError } from './errors.ts';
import { openState, openStateReader } from './state.ts';

const guid = '00000000-0000-0000-0000-000000000001' as ObjectGuid;
let memory: ReturnType<typeof memoryFolder>;
let file = '';

beforeEach(() => {
  memory = memoryFolder();
  file = join(memory.path, 'state.db');
});

afterEach(() => memory[Symbol.dispose]());

async function filled(): Promise<void> {
  await using scenario = await Scenario.open(file);
  await scenario.withUsers(30);
}

describe('a damaged state file', () => {
  it('is refused on opening, whichever page is hit, and is rebuilt from both ends once moved away', async () => {
    await filled();
    const whole = readFileSync(file);
    const page = 4096;
    let refused = 0;
    for (let at = page; at < whole.length; at += page * 5) {
      const damaged = Buffer.from(whole);
      damaged.fill(0xa5, at, at + page);
      writeFileSync(file, damaged);
      try {
        openState(file)[Symbol.dispose]();
      } catch (error) {
        expect(error).toBeInstanceOf(StateCorruptError);
        refused += 1;
      }
    }
    // A page that is free, or an index's padding, may be hit without harm.
    expect(refused).toBeGreaterThan((whole.length / page / 5) * 0.8);
    expect(new StateCorruptError(file, undefined).remedy).toContain('rebuilt');
  });

  it('tells so wherever a damaged page is met later: by a look or by an import', async () => {
    await filled();
    const whole = readFileSync(file);
    const met = { look: 0, log: 0, import: 0 };
    for (let at = 4096; at < whole.length; at += 4096) {
      writeFileSync(file, whole);
      using state = openState(file);
      // Another writer's commit empties the cache of what was read on opening.
      const other = new Sqlite(file);
      other.exec(`PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE)`);
      const descriptor = openSync(file, 'r+');
      writeSync(descriptor, Buffer.alloc(4096, 0xa5), 0, 4096, at);
      closeSync(descriptor);
      other.close();
      const note = (what: keyof typeof met, error: unknown): void => {
        expect(error).toBeInstanceOf(StateCorruptError);
        met[what] += 1;
      };
      const attempt = (what: keyof typeof met, work: () => unknown): void => {
        try {
          work();
        } catch (error) {
          note(what, error);
        }
      };
      attempt('look', () => state.read.objects.countsByKind());
      attempt('log', () => state.read.log.before({}, Number.MAX_SAFE_INTEGER, 100));
      attempt('import', () => {
        const importer = state.importer(1, 'full');
        importer.begin();
        state.transact(() => importer.kindOf(guid));
        importer.forget();
      });
    }
    expect(Object.values(met).filter((n) => n === 0)).toEqual([]);
  });

  it('of no bytes is refused as damaged, not taken for a new one; one whose making was cut short is made again', () => {
    writeFileSync(file, '');
    expect(() => openState(file)).toThrow(/is not a sound database: it is empty\./);
    expect(() => openStateReader(file)).toThrow(StateCorruptError);
    expect(statSync(file).size).toBe(0);
    rmSync(file);
    writeFileSync(`${file}.making`, 'half of it');
    openState(file)[Symbol.dispose]();
    expect(readdirSync(memory.path)).toEqual(['state.db']);
  });

  it('that is no database at all is refused', () => {
    writeFileSync(file, 'this was once a spreadsheet'.repeat(500));
    expect(() => openState(file)).toThrow(StateCorruptError);
  });
});

it('a state of a newer version is refused, untouched', async () => {
  await filled();
  const database = new Sqlite(file);
  database.pragma('user_version = 99');
  database.close();
  const before = readFileSync(file);
  expect(() => openState(file)).toThrow(StateTooNewError);
  expect(readFileSync(file).equals(before)).toBe(true);
});

it('a state another process writes to is waited for, then named', async () => {
  await filled();
  using state = openState(file, 50);
  const other = new Sqlite(file);
  other.exec('BEGIN IMMEDIATE');
  expect(() => state.transact((tx) => tx.facts.set('tenantId', 'x'))).toThrow(StateUnavailableError);
  other.exec('ROLLBACK');
  other.close();
  state.transact((tx) => tx.facts.set('tenantId', 'x'));
  expect(state.read.facts.get('tenantId')).toBe('x');
});

/** A file system of its own that is soon full: only root may mount one. */
const mayMount = process.getuid?.() === 0 && process.platform === 'linux';

function tryFullDisk(): void {
  let folder = '';

  beforeEach(() => {
    folder = join(memory.path, 'small');
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'cloudsync-test', folder]);
  });

  afterEach(() => execFileSync('umount', ['-l', folder]));

  it('ends the cycle with its reason and loses nothing: with room again, the next one goes on', async () => {
    await using scenario = await Scenario.open(join(folder, 'state.db'));
    await scenario.withUsers(5);
    const ballast = join(folder, 'ballast');
    const filling = openSync(ballast, 'w');
    try {
      for (;;) writeSync(filling, Buffer.alloc(64 * 1024));
    } catch {
      // Now it is full.
    }
    for (let n = 10; n < 400; n += 1) await scenario.take({ do: 'addUser', forest: 0, n });
    const ended = await scenario.cycle('delta').catch((error: unknown) => error);
    const code =
      ended instanceof Error ? (ended as DiskFullError).code : (ended as { error: { code: string } }).error.code;
    expect(code).toBe(DiskFullError.code);
    closeSync(filling);
    rmSync(ballast);
    scenario.restart();
    await scenario.settle();
    expect(scenario.actual()).toEqual(scenario.expected());
    expect(statSync(join(folder, 'state.db')).size).toBeGreaterThan(0);
  });
}

if (mayMount) describe('a full disk', tryFullDisk);
else
  it.skip('a full disk', () => {
    // Only root may mount a small file system.
  });
