import type { ConnectorName, ErrorReport } from '../model/index.ts';
import type { Database } from './database.ts';

export interface ConnectorRow {
  readonly id: number;
  readonly name: ConnectorName;
  readonly forest: string;
  readonly fqdn: string;
  readonly netbios: string;
  readonly naming_context: string;
  readonly server: string | null;
  readonly watermark: string | null;
  readonly attributes: string;
  readonly password_cookie: string | null;
  readonly read_at: string | null;
  /** An `ErrorReport`. */
  readonly error: string | null;
  readonly error_at: string | null;
  readonly failures: number;
  readonly failing_since: string | null;
  readonly retry_at: string | null;
  readonly objects: number;
}

/** Reads the `attributes` column. */
export function attributesOf(row: ConnectorRow): readonly string[] {
  return JSON.parse(row.attributes) as string[];
}

export function connectorReader(database: Database) {
  const byName = database.prepare<[string], ConnectorRow>('SELECT * FROM connector WHERE name = ?');
  const all = database.prepare<[], ConnectorRow>('SELECT * FROM connector ORDER BY name');
  return {
    byName: (name: ConnectorName) => byName.get(name),
    /** Connectors number as domains do. */
    list: (): readonly ConnectorRow[] => all.all(),
  };
}

export function connectorTransactor(database: Database) {
  const ensure = database.prepare<[string, string, string]>(
    'INSERT INTO connector (name, forest, fqdn) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING',
  );
  const idOf = database.prepare<[string], { id: number }>('SELECT id FROM connector WHERE name = ?');
  const describe = database.prepare<[string, string, string, string, number]>(
    'UPDATE connector SET fqdn = ?, netbios = ?, naming_context = ?, server = ? WHERE id = ?',
  );
  const complete = database.prepare<[string, string, string, number]>(
    `UPDATE connector SET watermark = ?, attributes = ?, read_at = ?, error = NULL, error_at = NULL, failures = 0, failing_since = NULL, retry_at = NULL WHERE id = ?`,
  );
  const fail = database.prepare(
    `UPDATE connector SET error = @error, error_at = @at, failures = @failures, failing_since = @since, retry_at = @retryAt
     WHERE name = @name`,
  );
  const release = database.prepare<[string | null]>(
    'UPDATE connector SET failures = 0, failing_since = NULL, retry_at = NULL WHERE name = coalesce(?, name)',
  );
  return {
    ...connectorReader(database),
    /** The row of a configured connector, made when it is new. */
    ensure(name: ConnectorName, forest: string, domain: string): number {
      ensure.run(name, forest, domain);
      const row = idOf.get(name);
      if (row === undefined) throw new Error(`connector ${name} was not stored`);
      return row.id;
    },
    describe(id: number, facts: { fqdn: string; netbios: string; namingContext: string; server: string }): void {
      describe.run(facts.fqdn, facts.netbios, facts.namingContext, facts.server, id);
    },
    /** Belongs in the transaction of the last rows the watermark covers. */
    complete(id: number, watermark: string, attributes: readonly string[], readAt: string): void {
      complete.run(watermark, JSON.stringify(attributes), readAt, id);
    },
    fail(failure: {
      readonly name: ConnectorName;
      readonly error: ErrorReport;
      readonly at: string;
      readonly failures: number;
      readonly since: string;
      readonly retryAt: string | null;
    }): void {
      fail.run({ ...failure, error: JSON.stringify(failure.error) });
    },
    /** Out of quarantine: one connector, or all. */
    release: (name: string | null) => release.run(name).changes,
  };
}
