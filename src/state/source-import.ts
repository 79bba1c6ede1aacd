import {
  canonicalJson,
  type Dn,
  digestOf,
  type ObjectGuid,
  parseCanonicalJson,
  type Reference,
  type SourceAttributes,
  type SourceKind,
} from '../model/index.ts';
import type { Database } from './database.ts';
import { sourceLinkTransactor } from './links.ts';
import { below, pathOf } from './path.ts';
import { referenceTransactor } from './references.ts';

/** One object as read, in the state's terms. */
export interface ImportedObject {
  readonly guid: ObjectGuid;
  readonly kind: SourceKind;
  readonly dn: Dn;
  readonly sid: string | undefined;
  readonly attributes: SourceAttributes;
  /** Only what changed; an empty list is "no value now". */
  readonly partial: boolean;
  readonly usn: string | undefined;
}

export type ImportedLinks =
  | { readonly kind: 'whole' | 'first' | 'next' | 'last'; readonly values: readonly Reference[] }
  | { readonly kind: 'changed'; readonly added: readonly Reference[]; readonly removed: readonly Reference[] };

interface StoredObject {
  readonly id: number;
  readonly kind: SourceKind;
  readonly dn: string;
  readonly path: string;
  readonly sid: string | null;
  readonly hash: Uint8Array;
  readonly has_links: number;
}

/**
 * Stores what one read of one connector brings, page by page; each call belongs in its page's transaction.
 * An unchanged object costs a look-up and no write.
 */
export function sourceImporter(database: Database, connector: number, mode: 'full' | 'delta') {
  // Several connectors may be read at once, each with its own rows here.
  database.exec(
    'CREATE TEMP TABLE IF NOT EXISTS seen (connector INTEGER, id INTEGER, PRIMARY KEY (connector, id)) WITHOUT ROWID',
  );
  const references = referenceTransactor(database);
  const links = sourceLinkTransactor(database, references);
  const stored = database.prepare<[number, string], StoredObject>(
    `SELECT id, kind, dn, path, sid, hash, EXISTS (SELECT 1 FROM source_link l WHERE l.source = source_object.id) AS has_links
     FROM source_object WHERE connector = ? AND guid = ?`,
  );
  const attributesOf = database.prepare<[number], { attributes: string }>(
    'SELECT attributes FROM source_object WHERE id = ?',
  );
  const insert = database.prepare(
    `INSERT INTO source_object (connector, guid, kind, dn, path, sid, attributes, hash, usn, read_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    `UPDATE source_object SET kind = ?, dn = ?, path = ?, sid = ?, attributes = ?, hash = ?, usn = coalesce(?, usn), read_at = ?, dirty = 1
     WHERE id = ?`,
  );
  const rebase = database.prepare(
    `UPDATE source_object SET path = @path || substr(path, length(@oldPath) + 1),
       dn = substr(dn, 1, length(dn) - length(@oldDn)) || @dn, dirty = 1
     WHERE connector = @connector AND path >= @from AND path < @to`,
  );
  const orphan = database.prepare<[string, number]>(
    `UPDATE identity SET stale = 1, links_dirty = 1, cause = ? WHERE id = (SELECT identity FROM source_object WHERE id = ?)`,
  );
  const remove = database.prepare<[number]>('DELETE FROM source_object WHERE id = ?');
  const placeOf = database.prepare<[number], { guid: string; path: string }>(
    'SELECT guid, path FROM source_object WHERE id = ?',
  );
  const unlink = database.prepare(
    'DELETE FROM source_link WHERE reference IN (SELECT id FROM reference WHERE key = @guid OR key = @path)',
  );
  const unseen = database.prepare<[number, number], { id: number }>(
    `SELECT id FROM source_object o WHERE connector = ? AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.connector = o.connector AND s.id = o.id) LIMIT ?`,
  );
  const connectorObjects = database.prepare<[number, number], { id: number }>(
    'SELECT id FROM source_object WHERE connector = ? LIMIT ?',
  );
  const see = database.prepare<[number, number]>('INSERT OR IGNORE INTO seen (connector, id) VALUES (?, ?)');
  const forgetSeen = database.prepare<[number]>('DELETE FROM seen WHERE connector = ?');
  forgetSeen.run(connector);

  /** The last whole object that had links, and which of its reference attributes have come: the others have no values now. */
  let open: { readonly id: number; readonly attributes: Set<string> } | undefined;

  function closeObject(): void {
    if (open !== undefined) links.keepOnly(open.id, open.attributes);
    open = undefined;
  }

  /** As in AD, the links from and to an object end with it: one that comes back is in no group until told otherwise. */
  function removeObject(id: number): void {
    const { guid, path } = placeOf.get(id) ?? {};
    if (guid !== undefined) unlink.run({ guid, path: `dn:${path}` });
    orphan.run('deletedInSource', id);
    links.removeHolder(id);
    remove.run(id);
  }

  function store(object: ImportedObject, before: StoredObject | undefined, readAt: string): number {
    const attributes =
      object.partial && before !== undefined
        ? merge(parseAttributes(attributesOf.get(before.id)?.attributes), object.attributes)
        : object.attributes;
    const text = canonicalJson(attributes);
    const hash = digestOf(text);
    const sid = object.sid ?? (object.partial ? (before?.sid ?? null) : null);
    if (
      before !== undefined &&
      before.dn === object.dn &&
      before.sid === sid &&
      before.kind === object.kind &&
      Buffer.compare(before.hash, hash) === 0
    ) {
      return before.id;
    }
    const path = pathOf(object.dn);
    changed += 1;
    if (before === undefined) {
      const result = insert.run(
        connector,
        object.guid,
        object.kind,
        object.dn,
        path,
        sid,
        text,
        hash,
        object.usn ?? null,
        readAt,
      );
      const id = Number(result.lastInsertRowid);
      references.appeared({ id, guid: object.guid, path, kind: object.kind, sid });
      return id;
    }
    update.run(object.kind, object.dn, path, sid, text, hash, object.usn ?? null, readAt, before.id);
    if (before.path !== path) {
      references.leftPath(before.path);
      if (object.kind === 'container') {
        const { from, to } = below(before.path);
        rebase.run({ path, oldPath: before.path, dn: object.dn, oldDn: before.dn, connector, from, to });
      }
    }
    if (before.path !== path || before.sid !== sid)
      references.appeared({ id: before.id, guid: object.guid, path, kind: object.kind, sid });
    return before.id;
  }

  const lostRoot = database.prepare<[number], { dn: Dn }>(
    `SELECT o.dn FROM scope_root r JOIN source_object o ON o.guid = r.guid
     WHERE o.connector = ? AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.connector = o.connector AND s.id = o.id) LIMIT 1`,
  );

  let read = 0;
  let changed = 0;
  let removed = 0;
  return {
    /** A read begins, or begins again after a lost connection: nothing has been seen yet. */
    begin(): void {
      open = undefined;
      forgetSeen.run(connector);
    },
    object(object: ImportedObject, readAt: string): void {
      closeObject();
      read += 1;
      const before = stored.get(connector, object.guid);
      const id = store(object, before, readAt);
      if (mode === 'full') see.run(connector, id);
      if (!object.partial && before?.has_links === 1) open = { id, attributes: new Set() };
    },
    links(guid: ObjectGuid, attribute: string, part: ImportedLinks): void {
      const holder = stored.get(connector, guid);
      if (holder === undefined) return;
      if (open?.id === holder.id) open.attributes.add(attribute);
      links.apply(holder.id, attribute, part);
    },
    deleted(guid: ObjectGuid): void {
      closeObject();
      read += 1;
      const before = stored.get(connector, guid);
      if (before === undefined) return;
      removed += 1;
      removeObject(before.id);
    },
    /** What kind an object is by what has been taken in so far. */
    kindOf: (guid: ObjectGuid): SourceKind | undefined => stored.get(connector, guid)?.kind,
    /** A scope root that a full read did not show: it has been deleted, or the account may not see it any more. */
    lostScopeRoot: (): Dn | undefined => (mode === 'full' ? lostRoot.get(connector)?.dn : undefined),
    /** The read is provably complete: after a full one, what did not come is gone. One transaction with the watermark. */
    complete(): void {
      closeObject();
      if (mode === 'delta') return;
      for (;;) {
        const rows = unseen.all(connector, 1000);
        if (rows.length === 0) break;
        for (const row of rows) {
          removed += 1;
          removeObject(row.id);
        }
      }
      forgetSeen.run(connector);
    },
    /** The connector is no longer configured: everything it brought leaves, with that as the cause. */
    forget(): void {
      for (;;) {
        const rows = connectorObjects.all(connector, 1000);
        if (rows.length === 0) return;
        for (const row of rows) {
          orphan.run('connectorRemoved', row.id);
          links.removeHolder(row.id);
          remove.run(row.id);
        }
      }
    },
    counts: () => ({ read, changed, removed }),
  };
}

export type SourceImporter = ReturnType<typeof sourceImporter>;

function merge(before: SourceAttributes, changes: SourceAttributes): SourceAttributes {
  const merged = new Map(Object.entries(before));
  for (const [name, values] of Object.entries(changes)) {
    if (values.length === 0) merged.delete(name);
    else merged.set(name, values);
  }
  return Object.fromEntries(merged);
}

/** Reads the attributes column, which only `store` writes. */
export function parseAttributes(text: string | undefined): SourceAttributes {
  return text === undefined ? {} : (parseCanonicalJson(text) as SourceAttributes);
}
