import type { Database } from './database.ts';
import type { referenceTransactor } from './references.ts';
import type { ImportedLinks } from './source-import.ts';

/** Keeps the values of reference attributes, one row a value, and notes each that comes or goes for the next plan. */
export function sourceLinkTransactor(database: Database, references: ReturnType<typeof referenceTransactor>) {
  database.exec(
    'CREATE TEMP TABLE IF NOT EXISTS incoming (source INTEGER, reference INTEGER, PRIMARY KEY (source, reference)) WITHOUT ROWID',
  );
  const add = database.prepare<[number, string, number]>(
    'INSERT OR IGNORE INTO source_link (source, attribute, reference) VALUES (?, ?, ?)',
  );
  const remove = database.prepare<[number, string, number]>(
    'DELETE FROM source_link WHERE source = ? AND attribute = ? AND reference = ?',
  );
  const note = database.prepare<[number, string, number]>(
    'INSERT OR IGNORE INTO link_change (source, attribute, reference) VALUES (?, ?, ?)',
  );
  const values = database.prepare<[number, string], { reference: number }>(
    'SELECT reference FROM source_link WHERE source = ? AND attribute = ?',
  );
  const attributes = database.prepare<[number], { attribute: string }>(
    'SELECT DISTINCT attribute FROM source_link WHERE source = ?',
  );
  const noteAll = database.prepare<[number, string]>(
    `INSERT OR IGNORE INTO link_change (source, attribute, reference)
     SELECT source, attribute, reference FROM source_link WHERE source = ? AND attribute = ?`,
  );
  const removeAll = database.prepare<[number, string]>('DELETE FROM source_link WHERE source = ? AND attribute = ?');
  const removeHolder = database.prepare<[number]>('DELETE FROM source_link WHERE source = ?');
  const receive = database.prepare<[number, number]>(
    'INSERT OR IGNORE INTO incoming (source, reference) VALUES (?, ?)',
  );
  const clearIncoming = database.prepare<[number]>('DELETE FROM incoming WHERE source = ?');
  const noteGone = database.prepare(
    `INSERT OR IGNORE INTO link_change (source, attribute, reference)
     SELECT source, attribute, reference FROM source_link
     WHERE source = @source AND attribute = @attribute AND reference NOT IN (SELECT reference FROM incoming WHERE source = @source)`,
  );
  const removeGone = database.prepare(
    `DELETE FROM source_link
     WHERE source = @source AND attribute = @attribute AND reference NOT IN (SELECT reference FROM incoming WHERE source = @source)`,
  );
  const noteNew = database.prepare(
    `INSERT OR IGNORE INTO link_change (source, attribute, reference)
     SELECT @source, @attribute, reference FROM incoming
     WHERE source = @source AND NOT EXISTS (SELECT 1 FROM source_link l
       WHERE l.source = @source AND l.attribute = @attribute AND l.reference = incoming.reference)`,
  );
  const addNew = database.prepare(
    `INSERT OR IGNORE INTO source_link (source, attribute, reference)
     SELECT @source, @attribute, reference FROM incoming WHERE source = @source`,
  );

  function addValue(source: number, attribute: string, reference: number): void {
    if (add.run(source, attribute, reference).changes > 0) note.run(source, attribute, reference);
  }

  function removeValue(source: number, attribute: string, reference: number): void {
    if (remove.run(source, attribute, reference).changes > 0) note.run(source, attribute, reference);
  }

  return {
    apply(source: number, attribute: string, part: ImportedLinks): void {
      switch (part.kind) {
        case 'changed':
          for (const reference of part.removed) removeValue(source, attribute, references.idOf(reference));
          for (const reference of part.added) addValue(source, attribute, references.idOf(reference));
          return;
        case 'whole': {
          const wanted = new Set(part.values.map((reference) => references.idOf(reference)));
          for (const { reference } of values.all(source, attribute)) {
            if (!wanted.delete(reference)) removeValue(source, attribute, reference);
          }
          for (const reference of wanted) addValue(source, attribute, reference);
          return;
        }
        case 'first':
        case 'next':
        case 'last':
          if (part.kind === 'first') clearIncoming.run(source);
          for (const reference of part.values) receive.run(source, references.idOf(reference));
          if (part.kind !== 'last') return;
          noteGone.run({ source, attribute });
          removeGone.run({ source, attribute });
          noteNew.run({ source, attribute });
          addNew.run({ source, attribute });
          clearIncoming.run(source);
          return;
        default:
          part satisfies never;
      }
    },
    /** The reference attributes not named have no values any more. */
    keepOnly(source: number, named: ReadonlySet<string>): void {
      for (const { attribute } of attributes.all(source)) {
        if (named.has(attribute)) continue;
        noteAll.run(source, attribute);
        removeAll.run(source, attribute);
      }
    },
    /** The holder itself is gone: its links go with it, and need no comparing. */
    removeHolder(source: number): void {
      removeHolder.run(source);
    },
  };
}
