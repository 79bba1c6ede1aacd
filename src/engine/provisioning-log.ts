import type { ErrorReport } from '../model/index.ts';
import type { OperationRow, StateTransactor } from '../state/index.ts';
import type { CycleRun } from './cycle-run.ts';
import { readPayload } from './payload.ts';
import { parseReport, redactedValue } from './show.ts';

/** What an entry of the provisioning log says of its action's end. */
export type LogStatus = 'success' | 'failure' | 'skipped' | 'held' | 'unknown';

interface OperationEnd {
  readonly status: LogStatus;
  readonly at: string;
  readonly requestId?: string | undefined;
  readonly error?: string | ErrorReport | null;
  readonly approvedBy?: string | undefined;
}

/** One operation's entry: before and after by attribute, the other ends by anchor, what the tenant said. */
export function logOperation(tx: StateTransactor, run: CycleRun, row: OperationRow, end: OperationEnd): void {
  const { attributes, changes, attribute, members, replaces } = readPayload(row.payload);
  const hidden = run.redacted?.[row.kind] ?? new Set();
  const error = typeof end.error === 'string' ? parseReport(end.error) : (end.error ?? undefined);
  tx.log.append({
    at: end.at,
    cycle: run.id,
    action: row.type,
    status: end.status,
    actor: run.actor,
    kind: row.kind,
    anchor: row.anchor,
    displayName: row.display_name,
    dn: row.dn,
    tenantId: tx.tenant.byIdentity(row.identity)?.tenant_id ?? row.tenant_id,
    detail: {
      cause: row.cause,
      ...(attributes === undefined ? {} : { attributes: withoutRedacted(attributes, hidden, () => redactedValue) }),
      ...(changes === undefined ? {} : { changes: withoutRedacted(changes, hidden, () => redactedChange) }),
      ...(attribute === undefined ? {} : { attribute }),
      ...(members === undefined ? {} : { members: members.map((member) => endOf(tx, member)) }),
      ...(replaces === undefined ? {} : { replaces: replaces.map((member) => endOf(tx, member)) }),
      ...(end.requestId === undefined ? {} : { requestId: end.requestId }),
      ...(end.approvedBy === undefined ? {} : { approvedBy: end.approvedBy }),
      ...(error === undefined || error === null ? {} : { error }),
    },
  });
}

/** Undo knows such a change by this and leaves it: nobody can bring back what is not kept. */
export const redactedChange = { before: redactedValue, after: redactedValue } as const;

function withoutRedacted<T>(
  values: Readonly<Record<string, T>>,
  hidden: ReadonlySet<string>,
  instead: () => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, hidden.has(name) ? instead() : value]),
  );
}

function endOf(tx: StateTransactor, identity: number): { readonly kind: string; readonly anchor: string } {
  const found = tx.objects.identity(identity);
  return { kind: found?.kind ?? '', anchor: found?.anchor ?? '' };
}

/** What people and the engine decide, beside operations. */
export function logDecision(
  tx: StateTransactor,
  entry: {
    readonly at: string;
    readonly action: string;
    readonly status: LogStatus;
    readonly actor: string;
    readonly cycle?: number | null;
    readonly kind?: string | null;
    readonly anchor?: string | null;
    readonly displayName?: string | null;
    readonly dn?: string | null;
    readonly detail: Readonly<Record<string, unknown>>;
  },
): void {
  tx.log.append({ cycle: null, kind: null, anchor: null, displayName: null, dn: null, tenantId: null, ...entry });
}
