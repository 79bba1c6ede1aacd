import type { ObjectGuid, ObjectKind, SourceAnchor, TenantId } from '../model/index.ts';
import type { Database } from './database.ts';

/** An account as the password sync needs to know it. */
export interface PasswordSubjectRow {
  readonly guid: ObjectGuid;
  readonly kind: ObjectKind;
  readonly dn: string;
  readonly attributes: string;
  readonly in_scope: number;
  /** It is the account of its identity that signs in. */
  readonly signs_in: number;
  readonly anchor: SourceAnchor | null;
  readonly display_name: string | null;
  readonly tenant_id: TenantId | null;
  readonly version: string | null;
  readonly state: string | null;
  /** Why it was left out, what it failed with, or how it was sent. */
  readonly reason: string | null;
  readonly failures: number | null;
}

export interface PasswordNote {
  readonly connector: number;
  readonly guid: ObjectGuid;
  readonly version: string | null;
  readonly state: 'sent' | 'skipped' | 'failed';
  readonly reason: string | null;
  readonly failures: number;
  readonly retryAt: string | null;
  readonly at: string;
}

/** What became of each account's password, by its version. */
export function passwordTransactor(database: Database) {
  const subject = database.prepare<[number, string], PasswordSubjectRow>(
    `SELECT o.guid, o.kind, o.dn, o.attributes, o.in_scope, o.signs_in, i.anchor, i.display_name,
       (SELECT t.tenant_id FROM tenant_object t WHERE t.identity = o.identity AND t.soft_deleted = 0) AS tenant_id,
       p.version, p.state, p.reason, p.failures
     FROM source_object o LEFT JOIN identity i ON i.id = o.identity
       LEFT JOIN password p ON p.connector = o.connector AND p.guid = o.guid
     WHERE o.connector = ? AND o.guid = ?`,
  );
  const note = database.prepare(
    `INSERT INTO password (connector, guid, version, state, reason, failures, retry_at, at)
     VALUES (@connector, @guid, @version, @state, @reason, @failures, @retryAt, @at)
     ON CONFLICT (connector, guid) DO UPDATE SET version = @version, state = @state, reason = @reason, failures = @failures,
       retry_at = @retryAt, at = @at`,
  );
  const open = database.prepare<[Record<string, unknown>], { guid: ObjectGuid }>(
    `SELECT p.guid FROM password p INDEXED BY password_open CROSS JOIN source_object o ON o.connector = p.connector AND o.guid = p.guid
     WHERE p.connector = @connector AND p.guid > @after AND p.state <> 'sent' AND (
       (p.state = 'failed' AND (p.retry_at IS NULL OR p.retry_at <= @now))
       OR (p.state = 'skipped' AND (o.read_at > p.at OR p.reason IN (SELECT value FROM json_each(@noReasons))))
       OR (p.state = 'skipped' AND p.reason = 'notSynced' AND o.in_scope = 1
         AND EXISTS (SELECT 1 FROM tenant_object t WHERE t.identity = o.identity AND t.soft_deleted = 0)))
     ORDER BY p.guid LIMIT @limit`,
  );
  const again = database.prepare<[number]>(
    `UPDATE password SET state = 'skipped', reason = 'notSynced' WHERE state = 'sent'
       AND (connector, guid) IN (SELECT connector, guid FROM source_object WHERE identity = ?)`,
  );
  const setSignsIn = database.prepare<[number, number]>('UPDATE source_object SET signs_in = ? WHERE id = ?');
  const goesNow = database.prepare<[number]>(
    `UPDATE password SET state = 'skipped', reason = 'notSynced'
     WHERE (connector, guid) IN (SELECT connector, guid FROM source_object WHERE id = ?)`,
  );
  const isReplaced = database.prepare<[number]>(
    `UPDATE password SET state = 'skipped', reason = 'otherAccount'
     WHERE (connector, guid) IN (SELECT connector, guid FROM source_object WHERE id = ?)`,
  );
  const forget = database.prepare<[number, string]>('DELETE FROM password WHERE connector = ? AND guid = ?');
  const resume = database.prepare<[string | null, number]>('UPDATE connector SET password_cookie = ? WHERE id = ?');
  return {
    subject: (connector: number, guid: ObjectGuid) => subject.get(connector, guid),
    note: (entry: PasswordNote) => void note.run(entry),
    /**
     * Accounts to be decided on anew: due again after a failure, or changed since they were left out; or left out for
     * what is no reason any more.
     */
    due: (connector: number, after: string, now: string, noReasons: readonly string[], limit: number) =>
      open.all({ connector, after, now, noReasons: JSON.stringify(noReasons), limit }).map(({ guid }) => guid),
    /** The account in the tenant is a new one: what was sent to the one before is to be sent again. */
    again: (identity: number) => void again.run(identity),
    /** Another account of its identity signs in from now on, or it does: then its password is due, sent before or not. */
    signsIn(source: number, yes: boolean): void {
      setSignsIn.run(yes ? 1 : 0, source);
      (yes ? goesNow : isReplaced).run(source);
    },
    forget: (connector: number, guid: ObjectGuid) => void forget.run(connector, guid),
    /** Where the next read resumes; belongs in the transaction of what became of the accounts before. */
    resume: (connector: number, cookie: string | null) => void resume.run(cookie, connector),
  };
}
