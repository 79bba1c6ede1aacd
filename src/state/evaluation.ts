import type { ConnectorName, ErrorReport, ObjectGuid, ObjectKind, SourceAnchor } from '../model/index.ts';
import type { Database } from './database.ts';

/** A source object with what the rules need to know of its domain. */
export interface EvaluationRow {
  readonly id: number;
  readonly connector: ConnectorName;
  readonly forest: string;
  readonly fqdn: string;
  readonly netbios: string;
  readonly guid: ObjectGuid;
  readonly kind: ObjectKind;
  readonly dn: string;
  readonly attributes: string;
  readonly identity: number | null;
  readonly in_scope: number;
  readonly signs_in: number;
  readonly reason_code: string;
  /** Configured scoping groups it belongs to, joined by line feeds. */
  readonly scoping_groups: string | null;
}

export interface IdentityRow {
  readonly id: number;
  readonly kind: ObjectKind;
  readonly anchor: SourceAnchor;
  readonly display_name: string;
  readonly user_principal_name: string | null;
  /** The primary SMTP address, lower case. */
  readonly mail: string | null;
  readonly desired: string | null;
  readonly desired_hash: Uint8Array | null;
  readonly cause: string;
  readonly error: string | null;
  readonly forest: string | null;
}

/** Where an identity's first source object is; nulls where it has none any more. */
export interface Place {
  readonly forest: string | null;
  readonly dn: string | null;
}

const kinds = `('user', 'group', 'contact', 'device')`;
const evaluationColumns = `o.id, c.name AS connector, c.forest, c.fqdn, c.netbios, o.guid, o.kind, o.dn, o.attributes, o.identity, o.in_scope, o.signs_in, o.reason_code,
  (SELECT group_concat(s.scoping_group, char(10)) FROM scoping_member s WHERE s.object = o.id) AS scoping_groups`;

/** What turning source objects into identities reads and writes; every write belongs in a batch's transaction. */
export function evaluationTransactor(database: Database) {
  const dirty = database.prepare<[number, number], EvaluationRow>(
    `SELECT ${evaluationColumns} FROM source_object o INDEXED BY source_object_dirty JOIN connector c ON c.id = o.connector
     WHERE o.dirty = 1 AND o.id > ? AND o.kind IN ${kinds} ORDER BY o.id LIMIT ?`,
  );
  const source = database.prepare<[number], EvaluationRow>(
    `SELECT ${evaluationColumns} FROM source_object o JOIN connector c ON c.id = o.connector WHERE o.id = ? AND o.kind IN ${kinds}`,
  );
  const joined = database.prepare<[number, number], EvaluationRow>(
    `SELECT DISTINCT ${evaluationColumns} FROM join_key mine CROSS JOIN join_key k ON k.key = mine.key
       CROSS JOIN source_object me ON me.id = mine.object CROSS JOIN source_object o ON o.id = k.object
       JOIN connector c ON c.id = o.connector
     WHERE mine.object = ? AND k.object <> ? AND o.kind = me.kind AND o.connector <> me.connector AND o.in_scope = 1 ORDER BY o.id`,
  );
  const dropKeys = database.prepare<[number]>('DELETE FROM join_key WHERE object = ?');
  const addKey = database.prepare<[number, string]>('INSERT OR IGNORE INTO join_key (object, key) VALUES (?, ?)');
  const setIdentity = database.prepare<[number, number]>('UPDATE source_object SET identity = ? WHERE id = ?');
  const countDirty = database.prepare<[], { n: number }>(
    `SELECT count(*) AS n FROM source_object INDEXED BY source_object_dirty WHERE dirty = 1`,
  );
  const markAll = database.prepare(`UPDATE source_object SET dirty = 1 WHERE dirty = 0 AND kind IN ${kinds}`);
  const compareAll = database.prepare('UPDATE identity SET dirty = 1, links_dirty = 1');
  const compareOne = database.prepare<[number]>('UPDATE identity SET dirty = 1, links_dirty = 1 WHERE id = ?');
  const settleOthers = database.prepare(`UPDATE source_object SET dirty = 0 WHERE dirty = 1 AND kind NOT IN ${kinds}`);
  const setScope = database.prepare<[number, string, string, number | null, number]>(
    'UPDATE source_object SET in_scope = ?, reason_code = ?, reason = ?, identity = ?, dirty = 0 WHERE id = ?',
  );
  const identityByAnchor = database.prepare<[string, string], { id: number }>(
    'SELECT id FROM identity WHERE kind = ? AND anchor = ?',
  );
  const insertIdentity = database.prepare<[string, string, string]>(
    `INSERT INTO identity (kind, anchor, display_name, cause) VALUES (?, ?, ?, 'new')`,
  );
  const anchorOf = database.prepare<[number], { kind: string; anchor: string; known: number }>(
    `SELECT i.kind, i.anchor, EXISTS (SELECT 1 FROM tenant_object t WHERE t.identity = i.id) AS known FROM identity i WHERE i.id = ?`,
  );
  const stale = database.prepare<[number, number], IdentityRow>(
    `SELECT id, kind, anchor, display_name, user_principal_name, mail, desired, desired_hash, cause, error, forest
     FROM identity INDEXED BY identity_stale WHERE stale = 1 AND id > ? ORDER BY id LIMIT ?`,
  );
  const staleOne = database.prepare<[number], IdentityRow>(
    `SELECT id, kind, anchor, display_name, user_principal_name, mail, desired, desired_hash, cause, error, forest
     FROM identity WHERE stale = 1 AND id = ?`,
  );
  const markStale = database.prepare<[number]>('UPDATE identity SET stale = 1 WHERE id = ? AND stale = 0');
  const sources = database.prepare<[number], EvaluationRow>(
    `SELECT ${evaluationColumns} FROM source_object o JOIN connector c ON c.id = o.connector
     WHERE o.identity = ? AND o.in_scope = 1 ORDER BY o.connector, o.id`,
  );
  const hasSources = database.prepare<[number], { n: number }>(
    'SELECT count(*) AS n FROM source_object WHERE identity = ?',
  );
  const settle = database.prepare<[string | null, string | null, number]>(
    'UPDATE identity SET stale = 0, error = NULL, forest = coalesce(?, forest), dn = coalesce(?, dn) WHERE id = ?',
  );
  const setDesired = database.prepare(
    `UPDATE identity SET desired = @desired, desired_hash = @hash, display_name = @displayName, user_principal_name = @userPrincipalName, mail = @mail,
       forest = coalesce(@forest, forest), dn = coalesce(@dn, dn), cause = @cause, error = NULL, stale = 0, dirty = 1, links_dirty = CASE WHEN @linksChanged THEN 1 ELSE links_dirty END
     WHERE id = @id`,
  );
  const hold = database.prepare<[string, string, number]>(
    'UPDATE identity SET error = ?, display_name = ?, stale = 0 WHERE id = ?',
  );
  const refuse = database.prepare<[string, string, number]>(
    'UPDATE source_object SET in_scope = 0, reason_code = ?, reason = ? WHERE identity = ? AND in_scope = 1',
  );
  const markSizes = database.prepare<{ attribute: string; limit: number }>(
    `UPDATE source_object AS o SET dirty = 1 WHERE o.dirty = 0 AND o.kind = 'group'
       AND o.id IN (SELECT source FROM link_change WHERE attribute = @attribute)
       AND (o.reason_code = 'tooManyMembers' OR EXISTS (SELECT 1 FROM identity i WHERE i.id = o.identity AND i.error IS NOT NULL)
         OR EXISTS (SELECT 1 FROM source_link l WHERE l.source = o.id AND l.attribute = @attribute LIMIT 1 OFFSET @limit))`,
  );
  const beyond = database.prepare<{ identity: number; attribute: string; limit: number }, { n: number }>(
    `SELECT 1 AS n FROM source_object h CROSS JOIN source_link l ON l.source = h.id AND l.attribute = @attribute
     WHERE h.identity = @identity AND h.in_scope = 1 LIMIT 1 OFFSET @limit`,
  );
  const beyondInScope = database.prepare<{ identity: number; attribute: string; limit: number }, { n: number }>(
    `SELECT 1 AS n FROM source_object h CROSS JOIN source_link l ON l.source = h.id AND l.attribute = @attribute
       CROSS JOIN reference r ON r.id = l.reference CROSS JOIN source_object m ON m.id = r.object
     WHERE h.identity = @identity AND h.in_scope = 1 AND m.in_scope = 1 LIMIT 1 OFFSET @limit`,
  );
  const forget = database.prepare(
    `DELETE FROM identity WHERE desired IS NULL AND stale = 0
       AND NOT EXISTS (SELECT 1 FROM source_object o WHERE o.identity = identity.id)
       AND NOT EXISTS (SELECT 1 FROM tenant_object t WHERE t.identity = identity.id)`,
  );
  return {
    dirtySources: (after: number, limit: number) => dirty.all(after, limit),
    /** Objects of other connectors that are known by one of these keys too, and take part. */
    joinedBy(object: number, keys: readonly string[]): readonly EvaluationRow[] {
      dropKeys.run(object);
      for (const key of keys) addKey.run(object, key);
      return keys.length === 0 ? [] : joined.all(object, object);
    },
    setIdentity: (object: number, identity: number) => void setIdentity.run(identity, object),
    source: (id: number) => source.get(id),
    countDirty: () => countDirty.get()?.n ?? 0,
    /** The rules have changed: every object is to be decided on again. */
    markAllDirty: () => void markAll.run(),
    /** Every identity and every link is to be compared with the tenant. */
    compareAll: () => void compareAll.run(),
    /** One identity and its links are to be compared with the tenant. */
    compare: (identity: number) => void compareOne.run(identity),
    /** Containers and foreign principals only help to understand others. */
    settleOthers: () => void settleOthers.run(),
    setScope(source: number, inScope: boolean, reason: { code: string; text: string }, identity: number | null): void {
      setScope.run(inScope ? 1 : 0, reason.code, reason.text, identity, source);
    },
    ensureIdentity(kind: ObjectKind, anchor: SourceAnchor, displayName: string): number {
      return (
        identityByAnchor.get(kind, anchor)?.id ?? Number(insertIdentity.run(kind, anchor, displayName).lastInsertRowid)
      );
    },
    anchorOf: (identity: number) => anchorOf.get(identity),
    markStale: (identity: number) => void markStale.run(identity),
    staleIdentity: (id: number) => staleOne.get(id),
    staleIdentities: (after: number, limit: number) => stale.all(after, limit),
    /** Groups whose members changed and may be more than the limit now, or no longer: to be decided on again. */
    markSizes: (attribute: string, limit: number) => void markSizes.run({ attribute, limit }),
    /** More members than the limit that take part themselves? Counted one by one only where there are so many at all. */
    hasMoreMembers(identity: number, attribute: string, limit: number): boolean {
      const asked = { identity, attribute, limit };
      return beyond.get(asked) !== undefined && beyondInScope.get(asked) !== undefined;
    },
    sourcesInScope: (identity: number) => sources.all(identity),
    hasSources: (identity: number) => (hasSources.get(identity)?.n ?? 0) > 0,
    /** Evaluated, and nothing came out differently. */
    settle: (identity: number, place: Place) => void settle.run(place.forest, place.dn, identity),
    setDesired(
      values: Place & {
        readonly id: number;
        readonly desired: string | null;
        readonly hash: Uint8Array | null;
        readonly displayName: string;
        readonly userPrincipalName: string | null;
        readonly mail: string | null;
        readonly cause: string;
        readonly linksChanged: number;
      },
    ): void {
      setDesired.run(values);
    },
    /** What should be in the tenant can't be told: it stays as it was last known to be right. */
    hold(identity: number, error: ErrorReport, displayName: string): void {
      hold.run(JSON.stringify(error), displayName, identity);
    },
    /** The objects joined in it are ones the target can't write. */
    refuse: (identity: number, code: string, reason: string) => void refuse.run(code, reason, identity),
    /** Identities that neither a directory nor the tenant holds any more. */
    forgetIdentities: () => forget.run().changes,
  };
}
