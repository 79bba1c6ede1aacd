import type { ErrorReport, TenantValue } from '../model/index.ts';
import type { Rules } from '../rules/index.ts';
import type { CycleRow, OperationRow, StateReader, StoredLogEntry } from '../state/index.ts';
import { noCounts } from './cycle-run.ts';
import { type Payload, readPayload } from './payload.ts';
import type { Quarantine } from './quarantine.ts';
import type {
  Cycle,
  CycleCounts,
  CycleState,
  CycleType,
  LogInfo,
  OperationState,
  PlannedOperation,
  PlanSummary,
  Progress,
} from './shapes.ts';

/** Reads an error column, which only the engine fills. */
export function parseReport(text: string | null): ErrorReport | null {
  return text === null ? null : (JSON.parse(text) as ErrorReport);
}

/** How the tenant is doing; nothing while it answers. */
export function tenantQuarantine(read: StateReader): Quarantine | undefined {
  const text = read.facts.get('tenantQuarantine');
  return text === undefined ? undefined : (JSON.parse(text) as Quarantine);
}

/** A cycle's row as it is shown. */
export function showCycle(row: CycleRow): Cycle {
  return {
    id: row.id,
    type: row.type as CycleType,
    preview: row.preview === 1,
    trigger: row.trigger as Cycle['trigger'],
    saved: row.saved === 1,
    state: row.state as CycleState,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as Progress),
    phases: JSON.parse(row.phases) as Cycle['phases'],
    counts: { ...noCounts, ...(JSON.parse(row.counts) as CycleCounts) },
    digest: row.digest,
    heldDigest: row.held_digest,
    holds: JSON.parse(row.holds) as Cycle['holds'],
    error: parseReport(row.error),
    connectorErrors: JSON.parse(row.connector_errors) as Cycle['connectorErrors'],
  };
}

/** A cycle's plan in numbers. */
export function summarize({ journal }: StateReader, cycle: Cycle): PlanSummary {
  return {
    cycle,
    operations: journal.count(cycle.id),
    byKind: journal.countsBy(cycle.id, 'kind'),
    byState: journal.countsBy(cycle.id, 'state'),
    byCause: journal.countsBy(cycle.id, 'cause'),
    byForest: journal.countsBy(cycle.id, 'forest'),
    byOrganizationalUnit: journal.countsBy(cycle.id, 'organizationalUnit'),
    byGroup: journal.countsBy(cycle.id, 'group'),
  };
}

/** An operation as it is shown: attribute by attribute, the other ends by name. */
export function showOperation(read: StateReader, row: OperationRow, { redacted }: Redacting): PlannedOperation {
  const payload = readPayload(row.payload);
  return {
    id: row.id,
    cycle: row.cycle,
    type: row.type,
    kind: row.kind,
    anchor: row.anchor,
    displayName: row.display_name,
    dn: row.dn,
    tenantId: row.tenant_id,
    cause: row.cause,
    changes: showChanges(payload, redacted[row.kind]),
    references: (payload.members ?? []).map((member) => {
      const identity = read.objects.identity(member);
      return { anchor: identity?.anchor ?? '', displayName: identity?.display_name ?? '' };
    }),
    state: row.state as OperationState,
    heldBy: row.held_by,
    digest: Buffer.from(row.digest).toString('hex'),
    error: parseReport(row.error),
    requestId: row.request_id,
  };
}

/** Attribute by attribute, before and after. */
export function showChanges(
  { attributes, changes }: Payload,
  redacted: ReadonlySet<string>,
): PlannedOperation['changes'] {
  const all = [
    ...Object.entries(attributes ?? {}).map(([attribute, after]) => ({ attribute, before: null, after })),
    ...Object.entries(changes ?? {}).map(([attribute, { before, after }]) => ({ attribute, before, after })),
  ];
  return all.map(({ attribute, before, after }) => ({
    attribute,
    before: showAttribute(attribute, before, redacted),
    after: showAttribute(attribute, after, redacted),
  }));
}

/** What stands in place of a value that passed through Redact. */
export const redactedValue = '[redacted]';

/** The attributes nobody is to see, by kind: the rules'. */
export type Redacting = Pick<Rules, 'redacted'>;

export function showAttribute(attribute: string, value: TenantValue, redacted: ReadonlySet<string>): unknown {
  return redacted.has(attribute) && value !== null ? redactedValue : showValue(value);
}

/** An entry of the log as it is shown. */
export function showLogEntry({ detail, ...entry }: StoredLogEntry): LogInfo {
  const shown = Object.entries(detail).map(([name, value]) => [name, showJson(value)] as const);
  return { ...entry, detail: Object.fromEntries(shown) };
}

function showJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(showJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, showJson(inner)]));
}

/** Bytes as base64; everything else is itself. */
export function showValue(value: TenantValue | Uint8Array): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((one) => showValue(one));
  return value;
}
