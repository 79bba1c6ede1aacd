import type { Dn, ObjectGuid } from '../model/index.ts';
import type { Database } from './database.ts';
import { pathOf } from './path.ts';

/** Scope roots held by GUID, and who belongs to the scoping groups. */
export function scopingTransactor(database: Database) {
  const root = database.prepare<[string, string], { guid: string }>(
    'SELECT guid FROM scope_root WHERE forest = ? AND dn = ?',
  );
  const byPath = database.prepare<[string, string], { guid: string }>(
    `SELECT o.guid FROM source_object o JOIN connector c ON c.id = o.connector WHERE c.forest = ? AND o.path = ?`,
  );
  const dnOf = database.prepare<[string, string], { id: number; dn: Dn }>(
    `SELECT o.id, o.dn FROM source_object o JOIN connector c ON c.id = o.connector WHERE c.forest = ? AND o.guid = ?`,
  );
  const keep = database.prepare<[string, string, string]>(
    'INSERT OR REPLACE INTO scope_root (forest, dn, guid) VALUES (?, ?, ?)',
  );
  const roots = database.prepare<[], { forest: string; dn: string }>('SELECT forest, dn FROM scope_root');
  const drop = database.prepare<[string, string]>('DELETE FROM scope_root WHERE forest = ? AND dn = ?');
  database.exec(
    'CREATE TEMP TABLE IF NOT EXISTS scoping_now (object INTEGER, scoping_group TEXT, PRIMARY KEY (object, scoping_group)) WITHOUT ROWID',
  );
  const clear = database.prepare('DELETE FROM scoping_now');
  const collect = (depth: string) =>
    database.prepare(
      `INSERT OR IGNORE INTO scoping_now (object, scoping_group)
     WITH RECURSIVE member (object, level) AS (
       SELECT @group, 0
       UNION
       SELECT r.object, ${depth} FROM member m
         JOIN source_link l ON l.source = m.object AND l.attribute = 'member'
         JOIN reference r ON r.id = l.reference
       WHERE r.object IS NOT NULL AND m.level < 1
     ) SELECT object, @name FROM member WHERE object <> @group`,
    );
  const direct = collect('m.level + 1');
  const nested = collect('0');
  const retain = database.prepare<[string]>(
    `INSERT OR IGNORE INTO scoping_now (object, scoping_group)
     SELECT m.object, m.scoping_group FROM scoping_member m
       JOIN source_object o ON o.id = m.object JOIN connector c ON c.id = o.connector WHERE c.forest = ?`,
  );
  const differing = database.prepare(
    `UPDATE source_object SET dirty = 1 WHERE id IN (
       SELECT object FROM (SELECT object, scoping_group FROM scoping_now EXCEPT SELECT object, scoping_group FROM scoping_member)
       UNION SELECT object FROM (SELECT object, scoping_group FROM scoping_member EXCEPT SELECT object, scoping_group FROM scoping_now))`,
  );
  const forgetGone = database.prepare(
    `DELETE FROM scoping_member WHERE NOT EXISTS (SELECT 1 FROM scoping_now n
       WHERE n.object = scoping_member.object AND n.scoping_group = scoping_member.scoping_group)`,
  );
  const keepNew = database.prepare(
    'INSERT OR IGNORE INTO scoping_member (object, scoping_group) SELECT object, scoping_group FROM scoping_now',
  );
  const unsettled = database.prepare<[], { found: number }>(
    `SELECT EXISTS (SELECT 1 FROM link_change) OR EXISTS (SELECT 1 FROM source_object INDEXED BY source_object_dirty WHERE dirty = 1) AS found`,
  );
  return {
    /** Has anything changed since the last evaluation that could change who belongs to a group? */
    mayHaveChanged: (): boolean => unsettled.get()?.found === 1,
    /** Where a configured root is now; `undefined` when there is no such object (any more). */
    locate(forest: string, dn: Dn): { readonly id: number; readonly dn: Dn } | undefined {
      const held = root.get(forest, dn)?.guid ?? byPath.get(forest, pathOf(dn))?.guid;
      if (held === undefined) return undefined;
      const found = dnOf.get(forest, held);
      if (found !== undefined) keep.run(forest, dn, held as ObjectGuid);
      return found;
    },
    /** Forgets roots that are no longer configured, so that naming the DN again starts afresh. */
    keepRoots(configured: ReadonlySet<string>): void {
      for (const row of roots.all()) if (!configured.has(`${row.forest}\n${row.dn}`)) drop.run(row.forest, row.dn);
    },
    /**
     * Finds out who belongs to the scoping groups now, and marks for evaluation whoever came or went; in forests that
     * stay as they are everybody belongs where he did.
     */
    resolveMembers(
      groups: readonly { readonly id: number; readonly name: string; readonly nested: boolean }[],
      untouched: Iterable<string>,
    ): void {
      clear.run();
      for (const forest of untouched) retain.run(forest);
      for (const group of groups) (group.nested ? nested : direct).run({ group: group.id, name: group.name });
      differing.run();
      forgetGone.run();
      keepNew.run();
      clear.run();
    },
  };
}
