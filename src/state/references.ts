import type { Reference, Sid } from '../model/index.ts';
import type { Database } from './database.ts';
import { pathOf } from './path.ts';

/** By GUID, else by the SID where there is nothing but that, else by place. */
function keyOf({ guid, sid, dn }: Reference): string {
  if (guid !== undefined) return guid;
  return sid !== undefined && dn.startsWith('<SID=') ? `sid:${sid}` : `dn:${pathOf(dn)}`;
}

/** References are cached per read: a group's members come in runs, and most are named more than once. */
const cacheLimit = 50_000;

/**
 * Turns what AD gives of a named object into one row per named object, and finds the source object it is:
 * by GUID, by SID, else by DN, and through a foreignSecurityPrincipal by SID to the object in the other forest.
 */
export function referenceTransactor(database: Database) {
  const insert = database.prepare<[string, string, number | null]>(
    'INSERT INTO reference (key, dn, object) VALUES (?, ?, ?)',
  );
  const byKey = database.prepare<[string], { id: number }>('SELECT id FROM reference WHERE key = ?');
  const objectByGuid = database.prepare<[string], { id: number; kind: string; sid: string | null }>(
    'SELECT id, kind, sid FROM source_object WHERE guid = ?',
  );
  const objectByPath = database.prepare<[string], { id: number; kind: string; sid: string | null }>(
    'SELECT id, kind, sid FROM source_object WHERE path = ?',
  );
  const objectBySid = database.prepare<[string], { id: number }>(
    `SELECT id FROM source_object WHERE sid = ? AND kind IN ('user', 'group', 'contact', 'device') ORDER BY id LIMIT 1`,
  );
  const point = database.prepare<[number | null, string], { id: number }>(
    'UPDATE reference SET object = ? WHERE key = ? RETURNING id',
  );
  const principalsOf = database.prepare<[string], { guid: string; path: string }>(
    `SELECT guid, path FROM source_object WHERE sid = ? AND kind = 'foreignSecurityPrincipal'`,
  );
  const linksChanged = database.prepare<[number]>(
    `INSERT OR IGNORE INTO link_change (source, attribute, reference)
     SELECT source, attribute, reference FROM source_link WHERE reference = ?`,
  );
  const cache = new Map<string, number>();

  function find(key: string): number | null {
    if (key.startsWith('sid:')) return objectBySid.get(key.slice(4))?.id ?? null;
    const found = key.startsWith('dn:') ? objectByPath.get(key.slice(3)) : objectByGuid.get(key);
    if (found === undefined) return null;
    if (found.kind !== 'foreignSecurityPrincipal' || found.sid === null) return found.id;
    return objectBySid.get(found.sid)?.id ?? null;
  }

  function repoint(key: string, object: number | null): void {
    const row = point.get(object, key);
    if (row !== undefined) linksChanged.run(row.id);
  }

  return {
    idOf(reference: Reference): number {
      const key = keyOf(reference);
      const known = cache.get(key);
      if (known !== undefined) return known;
      const id = byKey.get(key)?.id ?? Number(insert.run(key, reference.dn, find(key)).lastInsertRowid);
      if (cache.size >= cacheLimit) cache.clear();
      cache.set(key, id);
      return id;
    },
    /** An object has appeared, moved or changed its SID: whoever named it before now finds it. */
    appeared(object: { id: number; guid: string; path: string; kind: string; sid: Sid | string | null }): void {
      const target = object.kind === 'foreignSecurityPrincipal' ? find(object.guid) : object.id;
      repoint(object.guid, target);
      repoint(`dn:${object.path}`, target);
      if (object.sid === null || object.kind === 'foreignSecurityPrincipal') return;
      repoint(`sid:${object.sid}`, object.id);
      for (const principal of principalsOf.all(object.sid)) {
        repoint(principal.guid, object.id);
        repoint(`dn:${principal.path}`, object.id);
      }
    },
    /** An object has left the place it was named by. */
    leftPath(path: string): void {
      repoint(`dn:${path}`, null);
    },
  };
}
