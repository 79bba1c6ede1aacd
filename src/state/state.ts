import { connectorReader, connectorTransactor } from './connectors.ts';
import { cycleReader, cycleTransactor } from './cycles.ts';
import { asStateError, type Database, openDatabase } from './database.ts';
import { evaluationTransactor } from './evaluation.ts';
import { factReader, factTransactor } from './facts.ts';
import { guardingReader, guardingTransactor } from './guarding.ts';
import { journalReader, journalTransactor } from './journal.ts';
import { listReader } from './lists.ts';
import { logReader, logTransactor } from './log.ts';
import { objectReader } from './objects.ts';
import { passwordTransactor } from './passwords.ts';
import { pinReader, pinTransactor } from './pins.ts';
import { planningReader, planningTransactor } from './planning.ts';
import { scopingTransactor } from './scoping.ts';
import { type SourceImporter, sourceImporter } from './source-import.ts';
import { tenantReader, tenantTransactor } from './tenant.ts';

function readers(database: Database) {
  return {
    connectors: connectorReader(database),
    cycles: cycleReader(database),
    facts: factReader(database),
    guarding: guardingReader(database),
    journal: journalReader(database),
    lists: listReader(database),
    log: logReader(database),
    objects: objectReader(database),
    pins: pinReader(database),
    planning: planningReader(database),
    tenant: tenantReader(database),
  };
}

function transactors(database: Database) {
  return {
    connectors: connectorTransactor(database),
    cycles: cycleTransactor(database),
    evaluation: evaluationTransactor(database),
    facts: factTransactor(database),
    guarding: guardingTransactor(database),
    journal: journalTransactor(database),
    log: logTransactor(database),
    objects: objectReader(database),
    passwords: passwordTransactor(database),
    pins: pinTransactor(database),
    planning: planningTransactor(database),
    scoping: scopingTransactor(database),
    tenant: tenantTransactor(database),
  };
}

export type StateReader = ReturnType<typeof readers>;
/** Exists only inside `transact`. */
export type StateTransactor = ReturnType<typeof transactors>;
/** What a transaction may give back: anything but a promise, since nothing is awaited inside one. */
type Settled<T> = T extends PromiseLike<unknown> ? never : T;

/** The state of one daemon: one writer, any number of readers, each in a thread of its own. */
export interface State extends Disposable {
  readonly read: StateReader;
  /** Runs `work` in one transaction: all of it is durable when this returns, or none of it. */
  transact<T>(work: (tx: StateTransactor) => Settled<T>): T;
  /** Takes in one read of one connector, over many transactions. */
  importer(connector: number, mode: 'full' | 'delta'): SourceImporter;
  /** Writes a consistent copy to a file that is not there yet. */
  copy(file: string): Promise<void>;
  /** Lets go of what later reads no longer need, between cycles. */
  tidy(): void;
}

/** Opens the state for writing; makes or migrates it where needed. */
export function openState(file: string, patience?: number): State {
  const database = openDatabase({ file, mode: 'writer', patience });
  const parts = transactors(database);
  return {
    read: readers(database),
    transact<T>(work: (tx: StateTransactor) => Settled<T>): T {
      try {
        return database.transaction(() => work(parts)).immediate();
      } catch (error) {
        throw asStateError(error, file);
      }
    },
    importer: (connector, mode) => sourceImporter(database, connector, mode),
    async copy(to) {
      try {
        await database.backup(to);
      } catch (error) {
        throw asStateError(error, file);
      }
    },
    tidy(): void {
      try {
        database.pragma('optimize');
        database.pragma('wal_checkpoint(PASSIVE)');
      } catch (error) {
        throw asStateError(error, file);
      }
    },
    [Symbol.dispose](): void {
      database.close();
    },
  };
}

/** Opens a state that a writer has made, for looking only. */
export function openStateReader(file: string): Disposable & { readonly read: StateReader } {
  const database = openDatabase({ file, mode: 'reader' });
  return {
    read: readers(database),
    [Symbol.dispose](): void {
      database.close();
    },
  };
}
