import type { ConnectorName, ErrorReport, ObjectGuid, ObjectKind, SourceAnchor, TenantId } from '../model/index.ts';
import type { Database } from './database.ts';

export interface OperationRow {
  readonly id: number;
  readonly cycle: number;
  readonly stage: number;
  readonly type: string;
  readonly kind: ObjectKind;
  readonly identity: number;
  readonly anchor: SourceAnchor;
  readonly display_name: string;
  readonly forest: string | null;
  readonly dn: string | null;
  readonly tenant_id: TenantId | null;
  readonly cause: string;
  /** JSON; the engine's. */
  readonly payload: string;
  readonly digest: Uint8Array;
  readonly state: string;
  readonly held_by: string | null;
  readonly error: string | null;
  readonly request_id: string | null;
}

export interface NewOperation {
  readonly cycle: number;
  readonly stage: number;
  readonly type: string;
  readonly kind: ObjectKind;
  readonly identity: number;
  readonly anchor: SourceAnchor;
  readonly displayName: string;
  readonly forest: string | null;
  readonly dn: string | null;
  readonly tenantId: TenantId | null;
  readonly cause: string;
  readonly payload: string;
  readonly digest: Uint8Array;
  /** Held from the start, and by what; `null` when it may go out. */
  readonly heldBy: string | null;
  readonly error: string | null;
}

export interface OperationQuery {
  readonly cycle: number;
  readonly state: string | null;
  readonly type: string | null;
  /** A part of its object's name or DN, in any case, or the whole of its anchor; the guard that holds it. */
  readonly search?: string | null;
  readonly heldBy?: string | null;
  readonly after: { readonly stage: number; readonly id: number };
  readonly limit: number;
}

/** When a change of the directory that was carried out was made and first read, and when the tenant confirmed it. */
export interface LagRow {
  readonly stage: number;
  readonly id: number;
  readonly forest: string | null;
  readonly ended_at: string;
  /** Null where the object itself says nothing of it: a link, or an object that is gone. */
  readonly read_at: string | null;
  /** Null where the directory was not asked, or could not tell. */
  readonly changed_at: string | null;
}

/** How many operations of a plan share a property. */
export interface PlanCount {
  readonly value: string;
  readonly type: string;
  readonly n: number;
}

const columns =
  'id, cycle, stage, type, kind, identity, anchor, display_name, forest, dn, tenant_id, cause, payload, digest, state, held_by, error, request_id';

export function journalReader(database: Database) {
  const page = database.prepare<[Record<string, unknown>], OperationRow>(
    `SELECT ${columns} FROM operation WHERE cycle = @cycle AND (stage, id) > (@stage, @id)
       AND (@state IS NULL OR state = @state) AND (@type IS NULL OR type = @type) ORDER BY stage, id LIMIT @limit`,
  );
  // By itself, since an export pages without looking for anything.
  const found = database.prepare<[Record<string, unknown>], OperationRow>(
    `SELECT ${columns} FROM operation WHERE cycle = @cycle AND (stage, id) > (@stage, @id)
       AND (@state IS NULL OR state = @state) AND (@type IS NULL OR type = @type) AND (@heldBy IS NULL OR held_by = @heldBy)
       AND (@search IS NULL OR anchor = @search OR instr(lower(display_name), lower(@search)) > 0 OR instr(lower(dn), lower(@search)) > 0)
     ORDER BY stage, id LIMIT @limit`,
  );
  const digests = database.prepare<[Record<string, unknown>], { stage: number; id: number; digest: Uint8Array }>(
    `SELECT stage, id, digest FROM operation WHERE cycle = @cycle AND (stage, id) > (@stage, @id) ORDER BY stage, id LIMIT @limit`,
  );
  const heldDigests = database.prepare<[number, Uint8Array, number], { digest: Uint8Array }>(
    `SELECT digest FROM operation INDEXED BY operation_digest
     WHERE cycle = ? AND state = 'held' AND digest > ? ORDER BY digest LIMIT ?`,
  );
  const count = database.prepare<[number], { n: number }>('SELECT count(*) AS n FROM operation WHERE cycle = ?');
  const byType = database.prepare<[number, string], { type: string; n: number }>(
    'SELECT type, count(*) AS n FROM operation WHERE cycle = ? AND state = ? GROUP BY type',
  );
  const countBy = (value: string, limit: number) =>
    database.prepare<[number], PlanCount>(
      `SELECT ${value} AS value, type, count(*) AS n FROM operation WHERE cycle = ? AND ${value} IS NOT NULL
       GROUP BY 1, 2 ORDER BY n DESC, 1 LIMIT ${limit}`,
    );
  const counts = {
    kind: countBy('kind', 100),
    state: countBy('state', 100),
    cause: countBy('cause', 100),
    forest: countBy('forest', 1000),
    // The parent's DN: what follows the first comma that is not escaped.
    organizationalUnit: countBy(`substr(dn, instr(replace(replace(dn, '\\\\', '__'), '\\,', '__'), ',') + 1)`, 200),
    group: countBy(`iif(type IN ('addMembers', 'removeMember'), display_name, NULL)`, 200),
  };
  const differing = database.prepare<[Record<string, unknown>], OperationRow & { readonly side: 'before' | 'now' }>(
    `SELECT ${columns}, 'before' AS side FROM operation b WHERE b.cycle = @before
       AND NOT EXISTS (SELECT 1 FROM operation n INDEXED BY operation_digest WHERE n.cycle = @now AND n.digest = b.digest)
     UNION ALL
     SELECT ${columns}, 'now' AS side FROM operation n WHERE n.cycle = @now
       AND NOT EXISTS (SELECT 1 FROM operation b INDEXED BY operation_digest WHERE b.cycle = @before AND b.digest = n.digest)
     LIMIT @limit`,
  );
  // From what was done, which is little beside what a plan may hold.
  const doneSince = database.prepare<[Record<string, unknown>], { type: string; display_name: string; cycle: number }>(
    `SELECT o.type, o.display_name, o.cycle FROM cycle c
       CROSS JOIN operation o INDEXED BY operation_cycle ON o.cycle = c.id AND o.state = 'done'
       CROSS JOIN operation p INDEXED BY operation_digest ON p.cycle = @cycle AND p.digest = o.digest
     WHERE c.id >= @cycle AND c.preview = 0 LIMIT @limit`,
  );
  const lags = database.prepare<[Record<string, unknown>], LagRow>(
    `SELECT o.stage, o.id, o.forest, o.ended_at, o.changed_at,
       iif(o.cause IN ('linkAdded', 'linkRemoved'), NULL,
         (SELECT max(s.read_at) FROM source_object s INDEXED BY source_object_identity WHERE s.identity = o.identity)) AS read_at
     FROM operation o INDEXED BY operation_cycle WHERE o.cycle = @cycle AND (o.stage, o.id) > (@stage, @id) AND o.state = 'done'
       AND o.ended_at IS NOT NULL AND o.cause NOT IN ('tenantDrift', 'configurationChanged', 'undo')
     ORDER BY o.stage, o.id LIMIT @limit`,
  );
  // Of the first of them alone, however many there are and wherever they come from.
  const freshChanges = database.prepare<[Record<string, unknown>], { id: number; guid: ObjectGuid }>(
    `SELECT first.id, s.guid FROM (SELECT id, identity, state, cause FROM operation INDEXED BY operation_cycle
         WHERE cycle = @cycle ORDER BY stage, id LIMIT 1000) first
       CROSS JOIN source_object s INDEXED BY source_object_identity
         ON s.identity = first.identity AND s.connector = (SELECT id FROM connector WHERE name = @connector)
     WHERE first.state = 'planned' AND first.cause NOT IN ('tenantDrift', 'configurationChanged', 'undo')
       AND (first.cause IN ('linkAdded', 'linkRemoved') OR s.read_at >= (SELECT started_at FROM cycle WHERE id = @cycle))
     LIMIT @limit`,
  );
  const heldByForest = database.prepare<[number], { forest: string | null; n: number }>(
    `SELECT forest, count(*) AS n FROM operation INDEXED BY operation_undone
     WHERE cycle = ? AND state IN ('planned', 'held') AND state = 'held' GROUP BY forest`,
  );
  const byDigest = database.prepare<[number, Uint8Array], OperationRow>(
    `SELECT ${columns} FROM operation INDEXED BY operation_digest WHERE cycle = ? AND digest = ?`,
  );
  const byId = database.prepare<[number], OperationRow>(`SELECT ${columns} FROM operation WHERE id = ?`);
  const ofIdentity = database.prepare<[number, number], OperationRow>(
    `SELECT ${columns} FROM operation INDEXED BY operation_identity WHERE identity = ? ORDER BY id DESC LIMIT ?`,
  );
  return {
    byId: (id: number) => byId.get(id),
    byDigest: (cycle: number, digest: Uint8Array) => byDigest.get(cycle, digest),
    page: ({ after, search = null, heldBy = null, ...query }: OperationQuery) =>
      search === null && heldBy === null
        ? page.all({ ...query, ...after })
        : found.all({ ...query, ...after, search, heldBy }),
    digests: (cycle: number, after: { stage: number; id: number }, limit: number) =>
      digests.all({ cycle, ...after, limit }),
    /** In the order of the digests themselves, since what is held has no order. */
    heldDigests: (cycle: number, after: Uint8Array, limit: number) => heldDigests.all(cycle, after, limit),
    count: (cycle: number) => count.get(cycle)?.n ?? 0,
    countByType: (cycle: number, state: string): ReadonlyMap<string, number> =>
      new Map(byType.all(cycle, state).map((row) => [row.type, row.n])),
    countsBy: (cycle: number, property: keyof typeof counts) => counts[property].all(cycle),
    /** Operations of one plan that the other has not. */
    differing: (before: number, now: number, limit: number) => differing.all({ before, now, limit }),
    /** Operations of a plan that were carried out, by itself or by a later cycle. */
    doneSince: (cycle: number, limit: number) => doneSince.all({ cycle, limit }),
    /** Of what a cycle carried out since the directory had changed. */
    lags: (cycle: number, after: { stage: number; id: number }, limit: number) => lags.all({ cycle, ...after, limit }),
    /** Some of what a cycle is about to do since it has read a change of this connector, or may have: a link does not tell. */
    freshChanges: (cycle: number, connector: ConnectorName, limit: number) =>
      freshChanges.all({ cycle, connector, limit }),
    heldByForest: (cycle: number) => heldByForest.all(cycle),
    /** Newest first. */
    ofIdentity: (identity: number, limit: number) => ofIdentity.all(identity, limit),
  };
}

/** The plan and the journal: an operation is `sent` before it goes out, and has a result or is looked up. */
export function journalTransactor(database: Database) {
  const insert = database.prepare(
    `INSERT INTO operation (cycle, stage, type, kind, identity, anchor, display_name, forest, dn, tenant_id, cause, payload, digest, state, held_by, error)
     VALUES (@cycle, @stage, @type, @kind, @identity, @anchor, @displayName, @forest, @dn, @tenantId, @cause, @payload, @digest,
       iif(@heldBy IS NULL, 'planned', 'held'), @heldBy, @error)`,
  );
  const send = database.prepare<[string, string | null, number]>(
    `UPDATE operation SET state = 'sent', sent_at = ?, tenant_id = coalesce(tenant_id, ?) WHERE id = ?`,
  );
  const end = database.prepare(
    `UPDATE operation SET state = @state, error = @error, request_id = coalesce(@requestId, request_id), ended_at = @at,
       tenant_id = coalesce(@tenantId, tenant_id) WHERE id = @id`,
  );
  const noteChange = database.prepare<[string, number]>('UPDATE operation SET changed_at = ? WHERE id = ?');
  const inFlight = database.prepare<[number], OperationRow>(
    `SELECT ${columns} FROM operation INDEXED BY operation_in_flight WHERE state IN ('sent', 'unknown') ORDER BY id LIMIT ?`,
  );
  const dropUndone = database.prepare<[number, number, number, number]>(
    `DELETE FROM operation WHERE id IN (SELECT id FROM operation INDEXED BY operation_undone
       WHERE state IN ('planned', 'held') AND cycle < ? AND cycle NOT IN (?, ?, ?) AND cycle NOT IN (SELECT id FROM cycle WHERE saved = 1))`,
  );
  // A slice a cycle, so that the memory of a first cycle of a million does not go in one stroke.
  const dropOld = database.prepare<[number, number]>(
    `DELETE FROM operation WHERE id IN (SELECT id FROM operation INDEXED BY operation_cycle
       WHERE cycle <= (SELECT id FROM cycle WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET ?)
         AND state NOT IN ('sent', 'unknown') AND cycle NOT IN (SELECT id FROM cycle WHERE saved = 1) LIMIT 20000)`,
  );
  const escrow = database.prepare(
    `INSERT INTO escrow (identity, error, failures, first_at, retry_at, desired_hash) VALUES (@identity, @error, 1, @at, @retryAt, @hash)
     ON CONFLICT (identity) DO UPDATE SET error = @error, failures = failures + 1, retry_at = @retryAt, desired_hash = @hash`,
  );
  const release = database.prepare<[number]>('DELETE FROM escrow WHERE identity = ?');
  const releaseAll = database.prepare('DELETE FROM escrow');
  const releaseLinks = database.prepare(
    `UPDATE link_pair SET error = NULL, failures = NULL, first_at = NULL, retry_at = NULL, desired_hash = NULL
     WHERE error IS NOT NULL AND (@holder IS NULL OR holder = @holder)`,
  );
  const escrowOf = database.prepare<[number], { failures: number; first_at: string }>(
    'SELECT failures, first_at FROM escrow WHERE identity = ?',
  );
  return {
    ...journalReader(database),
    plan: (operation: NewOperation): number => Number(insert.run(operation).lastInsertRowid),
    /** Belongs in a transaction of its own that is durable before the first byte goes out. */
    send: (operation: number, at: string, tenantId: TenantId | null) => void send.run(at, tenantId, operation),
    end(operation: {
      id: number;
      state: 'done' | 'failed' | 'unknown';
      error: ErrorReport | null;
      requestId: string | null;
      tenantId: TenantId | null;
      at: string;
    }): void {
      end.run({ ...operation, error: operation.error === null ? null : JSON.stringify(operation.error) });
    },
    /** When somebody made the change it carries out. */
    noteChange: (operation: number, at: string) => void noteChange.run(at, operation),
    /** Sent by a process that ended before it had the answer, or without an answer. */
    inFlight: (limit: number) => inFlight.all(limit),
    /**
     * What earlier plans left undone, which the new plan replaces, and what cycles long past have done, which the log
     * tells. Saved plans stay, the one to be compared with, what the last undo holds, and for a preview what the last real
     * cycle holds.
     */
    prune: (cycle: number, keep: { cycle: number; held: number; undo: number; cycles: number }) => {
      dropUndone.run(cycle, keep.cycle, keep.held, keep.undo);
      dropOld.run(cycle, keep.cycles);
    },
    escrow(entry: {
      identity: number;
      error: ErrorReport;
      at: string;
      retryAt: string;
      hash: Uint8Array | null;
    }): void {
      escrow.run({ ...entry, error: JSON.stringify(entry.error) });
    },
    escrowOf: (identity: number) => escrowOf.get(identity),
    release: (identity: number) => void release.run(identity),
    /** The links of an object that the tenant refused. */
    releaseLinks: (holder: number) => void releaseLinks.run({ holder }),
    releaseAll(): void {
      releaseAll.run();
      releaseLinks.run({ holder: null });
    },
  };
}
