import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Profile } from '../profile.ts';
import { seededRandom } from '../random.ts';
import { type ChangeReader, changeReader } from './changes.ts';
import { type Database, openDatabase } from './database.ts';
import { type Domains, domainStore } from './domains.ts';
import { type Facts, factStore } from './facts.ts';
import { type LinkReader, linkReader } from './links.ts';
import { type ObjectReader, objectReader } from './objects.ts';
import { type DirectoryWriter, directoryWriter } from './writer.ts';

/**
 * The tenant's directory: objects, the links between them, what is unique, what is deleted, what changed. It knows
 * no service that reads or writes it; Graph and the sync API are faces of it.
 */
export interface Directory extends Disposable {
  readonly objects: ObjectReader;
  readonly links: LinkReader;
  readonly changes: ChangeReader;
  readonly domains: Domains;
  readonly facts: Facts;
  /** For the tables of those beside the directory: applications' credentials. */
  readonly database: Database;
  /** All of `work` happens or none of it; inside another, it can fail by itself. */
  transact<T>(work: (writer: DirectoryWriter) => T): T;
}

const tidiesEvery = 60_000;

export function openDirectory(folder: string, clock: Clock, profile: () => Profile): Directory {
  const database = openDatabase(folder, join(folder, 'tenant.sqlite'));
  const context = { database, clock, profile, random: seededRandom(profile().replication.seed) };
  const objects = objectReader(context);
  const domains = domainStore(context);
  const writer = directoryWriter(context, objects);
  let tidied = clock.now();

  // One wrapper for all: making one costs as much as a small transaction.
  const inTransaction = database.transaction((work: () => void) => work());

  function tidyNowAndThen(): void {
    if (clock.now() - tidied < tidiesEvery) return;
    tidied = clock.now();
    writer.tidy();
  }

  return {
    objects,
    links: linkReader(context),
    changes: changeReader(context),
    domains,
    facts: factStore(database),
    database,
    transact<T>(work: (writer: DirectoryWriter) => T): T {
      const done: T[] = [];
      try {
        inTransaction(() => {
          tidyNowAndThen();
          done.push(work(writer));
        });
      } catch (error) {
        domains.forget();
        throw error;
      }
      for (const result of done) return result;
      throw new Error('the transaction ended without a result');
    },
    // No statistics are kept of the tables: those of a small tenant would have a grown one scanned for each look-up.
    [Symbol.dispose](): void {
      database.close();
    },
  };
}
