import type { ErrorReport, ObjectKind, SourceAnchor, TenantId } from '../model/index.ts';
import type { Database } from './database.ts';

/** An identity that may differ from the tenant, with what is known of it there. */
export interface PlanRow {
  readonly id: number;
  readonly kind: ObjectKind;
  readonly anchor: SourceAnchor;
  readonly display_name: string;
  readonly user_principal_name: string | null;
  readonly mail: string | null;
  readonly desired: string | null;
  readonly desired_hash: Uint8Array | null;
  readonly cause: string;
  readonly error: string | null;
  readonly dn: string | null;
  readonly forest: string | null;
  readonly escrow_retry_at: string | null;
  readonly escrow_hash: Uint8Array | null;
  /** The code of the error it waits for. */
  readonly escrow_code: string | null;
}

/** A link in which directory and tenant differ: `wanted` says on which side it is. */
export interface PairRow {
  readonly holder: number;
  readonly attribute: string;
  readonly member: number;
  readonly member_anchor: SourceAnchor;
  readonly wanted: number;
  /**
   * Not to be written yet: the tenant refused it, and neither the time to try again has come nor has its holder changed;
   * or its member is leaving, and what holds the account of somebody who leaves holds the links to it as well.
   */
  readonly waits: 'refused' | 'leaving' | null;
}

/** The link of a pair that was refused, and why. */
export interface RefusedPair {
  readonly holder: number;
  readonly attribute: string;
  readonly member: number;
  readonly error: ErrorReport;
  readonly failures: number;
  readonly firstAt: string;
  readonly retryAt: string;
}

export interface EndRow {
  readonly id: number;
  /** 1 while its own values are not what they should be, or nobody has looked. */
  readonly dirty: number;
  readonly kind: ObjectKind;
  readonly anchor: SourceAnchor;
  readonly display_name: string;
  readonly tenant_id: TenantId | null;
  readonly forest: string | null;
  readonly dn: string | null;
  /** The code of what its evaluation failed with. */
  readonly error_code: string | null;
  readonly desired_hash: Uint8Array | null;
  readonly escrow_retry_at: string | null;
  readonly escrow_hash: Uint8Array | null;
  /** The code of the error it waits for. */
  readonly escrow_code: string | null;
}

/** A link mapped to the tenant: objects of this kind carry `source` in AD and `target` there. */
export interface LinkMapping {
  readonly kind: ObjectKind;
  readonly source: string;
  readonly target: string;
}

/** CROSS JOIN keeps the order: from the few that changed to their links, never through all there are. */
const pairFromSource = `INSERT INTO link_pair (holder, attribute, member)
  SELECT h.identity, m.target, e.identity`;
const sourceEnds = `CROSS JOIN link_mapping m ON m.kind = h.kind AND m.source = l.attribute
  CROSS JOIN reference r ON r.id = l.reference CROSS JOIN source_object e ON e.id = r.object
  WHERE h.identity IS NOT NULL AND e.identity IS NOT NULL`;

/**
 * A link that a directory names, over all source objects joined in the two identities. CROSS JOIN keeps the order: from
 * the two ends to the one link between them, never through all the links of a holder.
 */
const named = (more = '') => `EXISTS (
  SELECT 1 FROM source_object h CROSS JOIN source_object e CROSS JOIN link_mapping m
    CROSS JOIN reference r INDEXED BY reference_object CROSS JOIN source_link l
  WHERE h.identity = p.holder AND h.in_scope = 1 AND e.identity = p.member
    AND m.kind = h.kind AND m.target = p.attribute AND r.object = e.id
    AND l.source = h.id AND l.attribute = m.source AND l.reference = r.id ${more})`;
/** Every link that should be there. */
const wanted = named(`AND e.in_scope = 1
    AND EXISTS (SELECT 1 FROM identity hi WHERE hi.id = p.holder AND hi.desired IS NOT NULL)
    AND EXISTS (SELECT 1 FROM identity ei WHERE ei.id = p.member AND ei.desired IS NOT NULL)`);
const known = `EXISTS (
  SELECT 1 FROM tenant_object ht JOIN tenant_object mt ON mt.identity = p.member
    JOIN tenant_link l ON l.holder = ht.tenant_id AND l.attribute = p.attribute AND l.member = mt.tenant_id
  WHERE ht.identity = p.holder)`;

const planRow = (from: string) =>
  `SELECT i.id, i.kind, i.anchor, i.display_name, i.user_principal_name, i.mail, i.desired, i.desired_hash, i.cause, i.error,
     coalesce(o.dn, i.dn) AS dn, coalesce(c.forest, i.forest) AS forest, e.retry_at AS escrow_retry_at, e.desired_hash AS escrow_hash,
     e.error ->> '$.code' AS escrow_code
   FROM ${from}
     LEFT JOIN source_object o ON o.id = (SELECT s.id FROM source_object s WHERE s.identity = i.id ORDER BY s.connector, s.id LIMIT 1)
     LEFT JOIN connector c ON c.id = o.connector LEFT JOIN escrow e ON e.identity = i.id`;

export function planningReader(database: Database) {
  const row = database.prepare<[number], PlanRow>(`${planRow('identity i')} WHERE i.id = ?`);
  const linked = database.prepare<[number, number, string], { found: number }>(
    `SELECT 1 AS found FROM tenant_object h JOIN tenant_object m ON m.identity = ?
       JOIN tenant_link l ON l.holder = h.tenant_id AND l.member = m.tenant_id WHERE h.identity = ? AND l.attribute = ?`,
  );
  return {
    /** Does the tenant have this link between two identities? */
    isLinked: (holder: number, attribute: string, member: number) =>
      linked.get(member, holder, attribute) !== undefined,
    /** One identity as planning sees it. */
    row: (identity: number) => row.get(identity),
  };
}

/** What planning reads: identities and links in which directory and tenant may differ. */
export function planningTransactor(database: Database) {
  database.exec(
    'CREATE TEMP TABLE IF NOT EXISTS link_mapping (kind TEXT, source TEXT, target TEXT, PRIMARY KEY (kind, source, target)) WITHOUT ROWID',
  );
  const clearMappings = database.prepare('DELETE FROM link_mapping');
  const mapping = database.prepare<[string, string, string]>(
    'INSERT INTO link_mapping (kind, source, target) VALUES (?, ?, ?)',
  );
  const dirty = database.prepare<[number, number], PlanRow>(
    `${planRow('identity i INDEXED BY identity_dirty')} WHERE i.dirty = 1 AND i.id > ? ORDER BY i.id LIMIT ?`,
  );
  const countDirty = database.prepare<[], { n: number }>(
    'SELECT count(*) AS n FROM identity INDEXED BY identity_dirty WHERE dirty = 1',
  );
  const clean = database.prepare<[number]>('UPDATE identity SET dirty = 0 WHERE id = ?');
  const collect = [
    // A link that somebody changed is tried again at once.
    `${pairFromSource} FROM link_change l CROSS JOIN source_object h ON h.id = l.source ${sourceEnds}
     ON CONFLICT DO UPDATE SET retry_at = first_at`,
    `${pairFromSource} FROM identity i INDEXED BY identity_links_dirty CROSS JOIN source_object h ON h.identity = i.id
       CROSS JOIN source_link l ON l.source = h.id ${sourceEnds} AND i.links_dirty = 1 ON CONFLICT DO NOTHING`,
    `${pairFromSource} FROM identity i INDEXED BY identity_links_dirty CROSS JOIN source_object e ON e.identity = i.id
       CROSS JOIN reference r INDEXED BY reference_object ON r.object = e.id CROSS JOIN source_link l INDEXED BY source_link_reference ON l.reference = r.id
       CROSS JOIN source_object h ON h.id = l.source CROSS JOIN link_mapping m ON m.kind = h.kind AND m.source = l.attribute
     WHERE i.links_dirty = 1 AND h.identity IS NOT NULL ON CONFLICT DO NOTHING`,
    `INSERT OR IGNORE INTO link_pair (holder, attribute, member)
     SELECT ht.identity, l.attribute, mt.identity FROM identity i INDEXED BY identity_links_dirty
       CROSS JOIN tenant_object ht ON ht.identity = i.id CROSS JOIN tenant_link l ON l.holder = ht.tenant_id
       CROSS JOIN tenant_object mt ON mt.tenant_id = l.member WHERE i.links_dirty = 1 AND mt.identity IS NOT NULL`,
    `INSERT OR IGNORE INTO link_pair (holder, attribute, member)
     SELECT ht.identity, l.attribute, mt.identity FROM identity i INDEXED BY identity_links_dirty
       CROSS JOIN tenant_object mt ON mt.identity = i.id CROSS JOIN tenant_link l INDEXED BY tenant_link_member ON l.member = mt.tenant_id
       CROSS JOIN tenant_object ht ON ht.tenant_id = l.holder WHERE i.links_dirty = 1 AND ht.identity IS NOT NULL`,
    'DELETE FROM link_change',
    'UPDATE identity SET links_dirty = 0 WHERE links_dirty = 1',
  ];
  const settlePairs = `DELETE FROM link_pair AS p WHERE ${wanted} = ${known}
    OR EXISTS (SELECT 1 FROM identity i WHERE i.id = p.holder AND i.desired IS NULL)
    OR EXISTS (SELECT 1 FROM identity i WHERE i.id = p.member AND i.desired IS NULL AND (i.kind <> 'user' OR ? = 0 OR ${named()}))`;
  // Prepared here, since they read the temporary table of mappings.
  const collectStatements = collect.map((text) => database.prepare(text));
  const settle = database.prepare<[number]>(settlePairs);
  const pairs = database.prepare<[string, number, string, number, number], PairRow>(
    `SELECT p.holder, p.attribute, p.member, e.anchor AS member_anchor, ${wanted} AS wanted,
       iif(p.retry_at > ? AND p.desired_hash IS (SELECT h.desired_hash FROM identity h WHERE h.id = p.holder), 'refused',
         iif(e.desired IS NULL AND e.dirty = 1, 'leaving', NULL)) AS waits
     FROM link_pair p JOIN identity e ON e.id = p.member
     WHERE (p.holder, p.attribute, p.member) > (?, ?, ?)
     ORDER BY p.holder, p.attribute, p.member LIMIT ?`,
  );
  const end = database.prepare<[number], EndRow>(
    `SELECT i.id, i.dirty, i.kind, i.anchor, i.display_name, i.forest, i.error ->> '$.code' AS error_code, i.desired_hash, e.retry_at AS escrow_retry_at, e.desired_hash AS escrow_hash,
       e.error ->> '$.code' AS escrow_code, (SELECT t.tenant_id FROM tenant_object t WHERE t.identity = i.id AND t.soft_deleted = 0) AS tenant_id,
       coalesce((SELECT o.dn FROM source_object o WHERE o.identity = i.id ORDER BY o.connector, o.id LIMIT 1), i.dn) AS dn
     FROM identity i LEFT JOIN escrow e ON e.identity = i.id WHERE i.id = ?`,
  );
  const managed = database.prepare<[], { kind: ObjectKind; n: number }>(
    'SELECT kind, count(*) AS n FROM tenant_object WHERE identity IS NOT NULL AND soft_deleted = 0 GROUP BY kind',
  );
  const dropPair = database.prepare<[number, string, number]>(
    'DELETE FROM link_pair WHERE holder = ? AND attribute = ? AND member = ?',
  );
  const refusal = database.prepare<[number, string, number], { failures: number; first_at: string }>(
    'SELECT failures, first_at FROM link_pair WHERE holder = ? AND attribute = ? AND member = ? AND error IS NOT NULL',
  );
  const refuse = database.prepare(
    `UPDATE link_pair SET error = @error, failures = @failures, first_at = @firstAt, retry_at = @retryAt,
       desired_hash = (SELECT h.desired_hash FROM identity h WHERE h.id = link_pair.holder)
     WHERE holder = @holder AND attribute = @attribute AND member = @member`,
  );
  const countLinks = database.prepare<[string, number], { n: number }>(
    `SELECT count(*) AS n FROM tenant_object t CROSS JOIN tenant_link l ON l.holder = t.tenant_id AND l.attribute = ?
     WHERE t.identity = ?`,
  );
  return {
    ...planningReader(database),
    setLinkMappings(mappings: readonly LinkMapping[]): void {
      clearMappings.run();
      for (const { kind, source, target } of mappings) mapping.run(kind, source, target);
    },
    dirtyIdentities: (after: number, limit: number) => dirty.all(after, limit),
    countDirty: () => countDirty.get()?.n ?? 0,
    /** Directory and tenant agree on it. */
    clean: (identity: number) => void clean.run(identity),
    /**
     * Gathers every pair that may differ and keeps those that do. An object that is to go takes its links with it; one that
     * stays in the tenant without taking part keeps those that a directory still names, and gets no new ones.
     */
    collectPairs({ usersStay }: { readonly usersStay: boolean }): void {
      for (const statement of collectStatements) statement.run();
      settle.run(usersStay ? 1 : 0);
    },
    pairsAfter: (last: { holder: number; attribute: string; member: number }, now: string, limit: number) =>
      pairs.all(now, last.holder, last.attribute, last.member, limit),
    /** How often and since when the tenant has refused this link. */
    refusalOf: (holder: number, attribute: string, member: number) => refusal.get(holder, attribute, member),
    /** The link waits by itself, for as long as the pair differs. */
    refusePair: (pair: RefusedPair) => void refuse.run({ ...pair, error: JSON.stringify(pair.error) }),
    /** References of one attribute that the tenant has of it, also to objects that are not ours. */
    countLinks: (holder: number, attribute: string) => countLinks.get(attribute, holder)?.n ?? 0,
    end: (identity: number) => end.get(identity),
    /** Objects in the tenant that are ours, by kind: what a percentage is of. */
    managed: (): ReadonlyMap<ObjectKind, number> => new Map(managed.all().map((row) => [row.kind, row.n])),
    dropPair: (holder: number, attribute: string, member: number) => void dropPair.run(holder, attribute, member),
  };
}
