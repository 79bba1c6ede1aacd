import type { ErrorReport, ObjectKind, SourceAnchor, TenantId } from '../model/index.ts';
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
  readonly dn: string | null;
  readonly tenant_id: TenantId | null;
  readonly cause: string;
  /** JSON; the engine's. */
  readonly payload: string;
  readonly state: string;
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
  readonly dn: string | null;
  readonly tenantId: TenantId | null;
  readonly cause: string;
  readonly payload: string;
}

export interface OperationQuery {
  readonly cycle: number;
  readonly state: string | null;
  readonly type: string | null;
  readonly after: { readonly stage: number; readonly id: number };
  readonly limit: number;
}

const columns =
  'id, cycle, stage, type, kind, identity, anchor, display_name, dn, tenant_id, cause, payload, state, error, request_id';

export function journalReader(database: Database) {
  const page = database.prepare<[Record<string, unknown>], OperationRow>(
    `SELECT ${columns} FROM operation WHERE cycle = @cycle AND (stage, id) > (@stage, @id)
       AND (@state IS NULL OR state = @state) AND (@type IS NULL OR type = @type) ORDER BY stage, id LIMIT @limit`,
  );
  const count = database.prepare<[number], { n: number }>('SELECT count(*) AS n FROM operation WHERE cycle = ?');
  const byType = database.prepare<[number, string], { type: string; n: number }>(
    'SELECT type, count(*) AS n FROM operation WHERE cycle = ? AND state = ? GROUP BY type',
  );
  return {
    page: ({ after, ...query }: OperationQuery) => page.all({ ...query, ...after }),
    count: (cycle: number) => count.get(cycle)?.n ?? 0,
    countByType: (cycle: number, state: string): ReadonlyMap<string, number> =>
      new Map(byType.all(cycle, state).map((row) => [row.type, row.n])),
  };
}

/** The plan and the journal: an operation is `sent` before it goes out, and has a result or is looked up. */
export function journalTransactor(database: Database) {
  const insert = database.prepare(
    `INSERT INTO operation (cycle, stage, type, kind, identity, anchor, display_name, dn, tenant_id, cause, payload, state)
     VALUES (@cycle, @stage, @type, @kind, @identity, @anchor, @displayName, @dn, @tenantId, @cause, @payload, 'planned')`,
  );
  const send = database.prepare<[string, string | null, number]>(
    `UPDATE operation SET state = 'sent', sent_at = ?, tenant_id = coalesce(tenant_id, ?) WHERE id = ?`,
  );
  const end = database.prepare(
    `UPDATE operation SET state = @state, error = @error, request_id = coalesce(@requestId, request_id), ended_at = @at,
       tenant_id = coalesce(@tenantId, tenant_id) WHERE id = @id`,
  );
  const hold = database.prepare<[string, number, string]>(
    `UPDATE operation SET state = 'held', error = ? WHERE cycle = ? AND type = ? AND state = 'planned'`,
  );
  const inFlight = database.prepare<[number], OperationRow>(
    `SELECT ${columns} FROM operation INDEXED BY operation_in_flight WHERE state IN ('sent', 'unknown') ORDER BY id LIMIT ?`,
  );
  const prune = database.prepare<
    [number]
  >(`DELETE FROM operation WHERE id IN (SELECT o.id FROM operation o JOIN cycle c ON c.id = o.cycle
    WHERE c.id < ? AND (c.preview = 1 OR o.state IN ('planned', 'held')))`);
  const escrow = database.prepare(
    `INSERT INTO escrow (identity, error, failures, first_at, retry_at, desired_hash) VALUES (@identity, @error, 1, @at, @retryAt, @hash)
     ON CONFLICT (identity) DO UPDATE SET error = @error, failures = failures + 1, retry_at = @retryAt, desired_hash = @hash`,
  );
  const release = database.prepare<[number]>('DELETE FROM escrow WHERE identity = ?');
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
    hold: (cycle: number, type: string, error: ErrorReport): number =>
      hold.run(JSON.stringify(error), cycle, type).changes,
    /** Sent by a process that ended before it had the answer, or without an answer. */
    inFlight: (limit: number) => inFlight.all(limit),
    /** Plans of earlier previews, and what earlier cycles left undone: this plan replaces them. */
    prune: (beforeCycle: number) => prune.run(beforeCycle).changes,
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
  };
}

export type JournalTransactor = ReturnType<typeof journalTransactor>;
