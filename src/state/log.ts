import { createHash } from 'node:crypto';
import { canonicalJson, parseCanonicalJson } from '../model/index.ts';
import type { Database } from './database.ts';

/** What happened to whom, by whom: one line of the provisioning log. */
export interface LogEntry {
  readonly at: string;
  readonly cycle: number | null;
  readonly action: string;
  readonly status: string;
  readonly actor: string;
  readonly kind: string | null;
  readonly anchor: string | null;
  readonly displayName: string | null;
  readonly dn: string | null;
  readonly tenantId: string | null;
  /** Attributes before and after, the reason, the request: by action. */
  readonly detail: Readonly<Record<string, unknown>>;
}

interface LogRow {
  readonly id: number;
  readonly at: string;
  readonly cycle: number | null;
  readonly action: string;
  readonly status: string;
  readonly actor: string;
  readonly kind: string | null;
  readonly anchor: string | null;
  readonly display_name: string | null;
  readonly dn: string | null;
  readonly tenant_id: string | null;
  readonly detail: string;
  readonly hash: Uint8Array;
}

export type StoredLogEntry = LogEntry & { readonly id: number };

export interface LogQuery {
  readonly cycle?: number | undefined;
  readonly action?: string | undefined;
  readonly status?: string | undefined;
  readonly anchor?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const noHash = new Uint8Array(32);

function hashOf(before: Uint8Array, entry: LogEntry): Buffer {
  return createHash('sha256').update(before).update(canonicalJson(entry)).digest();
}

function entryOf(row: LogRow): StoredLogEntry {
  const { id, at, cycle, action, status, actor, kind, anchor, dn, detail } = row;
  const parsed = parseCanonicalJson(detail) as LogEntry['detail'];
  return {
    id,
    at,
    cycle,
    action,
    status,
    actor,
    kind,
    anchor,
    displayName: row.display_name,
    dn,
    tenantId: row.tenant_id,
    detail: parsed,
  };
}

/** Where the retained part of the chain begins. */
const start = `SELECT CAST(value AS TEXT) AS hash FROM fact WHERE name = 'logStart'`;

export function logReader(database: Database) {
  // By anchor and by cycle there is an index, which a condition that may be switched off would not use.
  const page = (order: 'ASC' | 'DESC', by: string) =>
    database.prepare<[Record<string, unknown>], LogRow>(
      `SELECT * FROM log WHERE ${by} AND id ${order === 'ASC' ? '>' : '<'} @after AND (@cycle IS NULL OR cycle = @cycle)
         AND (@action IS NULL OR action = @action) AND (@status IS NULL OR status = @status)
         AND (@anchor IS NULL OR anchor = @anchor) AND (@from IS NULL OR at >= @from) AND (@to IS NULL OR at < @to)
       ORDER BY id ${order} LIMIT @limit`,
    );
  const pages = (order: 'ASC' | 'DESC') => {
    const byAnchor = page(order, 'anchor = @anchor');
    const byCycle = page(order, 'cycle = @cycle');
    const any = page(order, 'true');
    return (query: LogQuery) => (query.anchor !== undefined ? byAnchor : query.cycle !== undefined ? byCycle : any);
  };
  const forwards = pages('ASC');
  const backwards = pages('DESC');
  const startHash = database.prepare<[], { hash: string }>(start);
  const bind = (query: LogQuery, after: number, limit: number) => ({
    cycle: query.cycle ?? null,
    action: query.action ?? null,
    status: query.status ?? null,
    anchor: query.anchor ?? null,
    from: query.from ?? null,
    to: query.to ?? null,
    after,
    limit,
  });
  return {
    after: (query: LogQuery, after: number, limit: number) =>
      forwards(query)
        .all(bind(query, after, limit))
        .map(entryOf),
    before: (query: LogQuery, before: number, limit: number) =>
      backwards(query)
        .all(bind(query, before, limit))
        .map(entryOf),
    /** Follows the chain from its start, a page at a time; yields the id of the first row that does not fit, or nothing. */
    *verify(): Generator<undefined, number | undefined> {
      let hash: Uint8Array = Buffer.from(startHash.get()?.hash ?? '', 'hex');
      if (hash.length === 0) hash = noHash;
      for (let after = 0; ; ) {
        const rows = forwards({}).all(bind({}, after, 1000));
        for (const row of rows) {
          const { id, ...entry } = entryOf(row);
          hash = hashOf(hash, entry);
          if (Buffer.compare(hash, row.hash) !== 0) return id;
          after = id;
        }
        if (rows.length === 0) return undefined;
        yield;
      }
    },
  };
}

/** Append-only; each row's hash covers the row and the hash before it, so that a changed or missing row shows. */
export function logTransactor(database: Database) {
  const last = database.prepare<[], { hash: Uint8Array }>('SELECT hash FROM log ORDER BY id DESC LIMIT 1');
  const startHash = database.prepare<[], { hash: string }>(start);
  const insert = database.prepare(
    `INSERT INTO log (at, cycle, action, status, actor, kind, anchor, display_name, dn, tenant_id, detail, hash)
     VALUES (@at, @cycle, @action, @status, @actor, @kind, @anchor, @displayName, @dn, @tenantId, @detail, @hash)`,
  );
  const lastBefore = database.prepare<[string], { id: number; hash: Uint8Array }>(
    // Only the leading run of what is old: an entry written while the clock was wrong takes none with it.
    `SELECT id, hash FROM log WHERE id < coalesce((SELECT min(id) FROM log WHERE at >= ?), 0) ORDER BY id DESC LIMIT 1`,
  );
  const setStart = database.prepare<[string]>(`INSERT OR REPLACE INTO fact (name, value) VALUES ('logStart', ?)`);
  const drop = database.prepare<[number]>('DELETE FROM log WHERE id <= ?');
  return {
    ...logReader(database),
    append(entry: LogEntry): void {
      const before = last.get()?.hash ?? Buffer.from(startHash.get()?.hash ?? '00'.repeat(32), 'hex');
      insert.run({ ...entry, detail: canonicalJson(entry.detail), hash: hashOf(before, entry) });
    },
    /** Drops what is older; the chain then begins at the last hash dropped. */
    retain(since: string): number {
      const row = lastBefore.get(since);
      if (row === undefined) return 0;
      setStart.run(Buffer.from(row.hash).toString('hex'));
      return drop.run(row.id).changes;
    },
  };
}
