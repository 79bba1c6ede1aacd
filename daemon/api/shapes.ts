import { z } from 'zod';
import type {
  Assessment,
  ConnectorStatus,
  Cycle,
  CycleCounts,
  EngineStatus,
  Explanation,
  GuardHold,
  LogInfo,
  ObjectInfo,
  ObjectQuery,
  OnDemandResult,
  PasswordRun,
  PhaseTime,
  PlannedOperation,
  PlanSummary,
  Progress,
  QuarantineStatus,
} from '../../src/engine/index.ts';
import { objectStates, phases } from '../../src/engine/index.ts';
import { type ErrorReport, objectKinds, parseObjectGuid, parseSourceAnchor, toDn } from '../../src/model/index.ts';
import { named, pageOf } from './named.ts';

/** The engine's shapes as the API publishes them: held to the engine's own types by `satisfies`. */

export const time = z.iso.datetime();

export const errorReport = named(
  'Error',
  z.object({
    code: z.templateLiteral(['CS', z.number()]).describe('Stable; see docs/errors.md'),
    title: z.string(),
    message: z.string(),
    remedy: z.string(),
    retry: z.enum(['never', 'later', 'after']),
    object: z.string().optional(),
    attribute: z.string().optional(),
  }),
) satisfies z.ZodType<ErrorReport>;

export const progress = named(
  'Progress',
  z.object({
    phase: z.enum(phases),
    connector: z.string().exactOptional(),
    done: z.number().int(),
    total: z.number().int().exactOptional(),
  }),
) satisfies z.ZodType<Progress>;

const count = z.number().int().nonnegative();

const phaseTime = named(
  'PhaseTime',
  z.object({
    phase: z.enum(phases),
    startedAt: time,
    endedAt: time.nullable().describe('Null while it goes on, and where its process ended under it'),
    done: count.describe('Objects read, evaluated, confirmed or compared; operations sent'),
  }),
) satisfies z.ZodType<PhaseTime>;

const counts = named(
  'CycleCounts',
  z.object({
    read: count,
    changed: count,
    skipped: count,
    created: count,
    adopted: count,
    updated: count,
    disabled: count,
    deleted: count,
    restored: count,
    membersAdded: count,
    membersRemoved: count,
    managersSet: count,
    held: count,
    waiting: count.describe('Refused by the tenant before, and waiting to be tried again'),
    failed: count,
    compared: count,
    differing: count,
  }),
) satisfies z.ZodType<CycleCounts>;

const guardHold = named(
  'GuardHold',
  z.object({
    guard: z.string(),
    forest: z.string().nullable().describe('Null: in all forests together'),
    subject: z.string().describe('The group or attribute it is about; else empty'),
    count: z.number(),
    of: z.number(),
    limit: z.number(),
    error: errorReport,
  }),
) satisfies z.ZodType<GuardHold>;

export const cycleTypes = ['delta', 'full', 'undo', 'onDemand'] as const;
export const cycleStates = ['running', 'succeeded', 'failed', 'stopped', 'held'] as const;

export const cycle = named(
  'Cycle',
  z.object({
    id: z.number().int(),
    type: z.enum(cycleTypes),
    preview: z.boolean(),
    trigger: z.enum(['manual', 'schedule', 'watch', 'start']),
    saved: z.boolean().describe('A plan kept to be applied later'),
    state: z.enum(cycleStates),
    startedAt: time,
    endedAt: time.nullable(),
    progress: progress.nullable(),
    phases: z.array(phaseTime).describe('Those it has begun, in order; a cycle about one object has none'),
    counts,
    digest: z.string().nullable().describe('SHA-256 over the plan, hex; null until planned'),
    heldDigest: z.string().nullable().describe('SHA-256 over what is held, hex: what an approval names'),
    holds: z.array(guardHold),
    error: errorReport.nullable(),
    connectorErrors: z.array(z.object({ connector: z.string(), error: errorReport })),
  }),
) satisfies z.ZodType<Cycle>;

export const cyclePage = pageOf('CyclePage', cycle);

export const startCycle = named(
  'StartCycle',
  z.strictObject({
    type: z.enum(['delta', 'full', 'undo']),
    preview: z.boolean().default(false).describe('Plan and write nothing'),
    undo: z.number().int().positive().optional().describe('With type undo: the cycle to take back'),
    plan: z
      .strictObject({ cycle: z.number().int().positive(), digest: z.string() })
      .optional()
      .describe('Carries out this saved plan as it was shown, or refuses when the world has moved'),
  }),
);

export const operationStates = ['planned', 'held', 'sent', 'done', 'failed', 'unknown'] as const;
const kind = z.enum(objectKinds);

const operationReferences = z.array(z.object({ anchor: z.string(), displayName: z.string() }));

export const operation = named(
  'Operation',
  z.object({
    id: z.number().int(),
    cycle: z.number().int(),
    type: z.string(),
    kind,
    anchor: z.string(),
    displayName: z.string(),
    dn: z.string().nullable(),
    tenantId: z.string().nullable(),
    cause: z.string(),
    changes: z.array(z.object({ attribute: z.string(), before: z.unknown(), after: z.unknown() })),
    references: operationReferences,
    state: z.enum(operationStates),
    heldBy: z.string().nullable().describe('The guard, or softMatch'),
    digest: z.string().describe('Hex; the same operation planned again has the same'),
    error: errorReport.nullable(),
    requestId: z.string().nullable(),
  }),
) satisfies z.ZodType<PlannedOperation>;

export const operationPage = pageOf('OperationPage', operation);

const reason = z.object({ code: z.string(), text: z.string() });
const sourceKind = z.enum([...objectKinds, 'container', 'foreignSecurityPrincipal']);

const sourceObject = named(
  'SourceObject',
  z.object({
    connector: z.string(),
    server: z.string().nullable().describe('The domain controller or file the connector was last read from'),
    guid: z.string(),
    kind: sourceKind,
    dn: z.string(),
    attributes: z.record(z.string(), z.array(z.unknown())),
    inScope: z.boolean(),
    reason,
    readAt: time,
    usn: z.string().nullable(),
  }),
);

export const object = named(
  'Object',
  z.object({
    anchor: z.string().nullable(),
    kind: sourceKind,
    displayName: z.string(),
    userPrincipalName: z.string().nullable(),
    tenantId: z.string().nullable(),
    state: z.enum(objectStates),
    reason: reason.nullable(),
    error: errorReport.nullable(),
    sources: z.array(sourceObject),
    desired: z.record(z.string(), z.object({ value: z.unknown(), mapping: z.string(), connector: z.string() })),
    tenant: z.record(z.string(), z.unknown()).nullable(),
  }),
) satisfies z.ZodType<ObjectInfo>;

const names = ['anchor', 'dn', 'userPrincipalName', 'tenantId', 'objectGuid', 'mail'] as const;

/** How one object is asked for. */
export const objectName = z.strictObject({ by: z.enum(names), value: z.string().min(1).max(4096) });

/** What a name of this kind looks like; those that may be any text are left out. */
const forms: Partial<Record<(typeof names)[number], readonly [(value: string) => unknown, string]>> = {
  anchor: [parseSourceAnchor, 'not a source anchor, which is base64 of 16 bytes'],
  dn: [toDn, 'not a DN'],
  tenantId: [parseObjectGuid, 'not a GUID'],
  objectGuid: [parseObjectGuid, 'not a GUID'],
};

/** Refuses a value that no object can be called: an empty answer would say that there is none. */
export function requireForm({ by, value }: z.output<typeof objectName>, context: z.core.$RefinementCtx<unknown>): void {
  const [parse, message] = forms[by] ?? [];
  if (parse !== undefined && parse(value) === undefined) context.addIssue({ code: 'custom', path: ['value'], message });
}

export const objectQuery = objectName.superRefine(requireForm) satisfies z.ZodType<ObjectQuery>;

export const objectPage = pageOf('ObjectPage', object);

const quarantine = named(
  'Quarantine',
  z
    .object({ failures: count, since: time, retryAt: time })
    .describe('It keeps failing: cycles nobody asked for leave it alone until then'),
) satisfies z.ZodType<QuarantineStatus>;

export const connector = named(
  'Connector',
  z.object({
    name: z.string(),
    forest: z.string(),
    domain: z.string(),
    state: z.enum(['neverRead', 'healthy', 'failing', 'quarantined']),
    objects: count,
    server: z.string().nullable(),
    watermark: z.string().nullable(),
    lastReadAt: time.nullable(),
    lastError: errorReport.nullable(),
    quarantine: quarantine.nullable(),
  }),
) satisfies z.ZodType<ConnectorStatus>;

const kindCounts = z.object({ source: count, inScope: count, inTenant: count });

export const passwordRun = named(
  'PasswordRun',
  z.object({
    startedAt: time,
    endedAt: time,
    accounts: count.describe('Of which something had changed'),
    sent: count,
    skipped: count,
    failed: count,
    errors: z.array(z.object({ connector: z.string(), error: errorReport })),
    heardAt: time.describe('When the tenant last heard of this sync'),
  }),
) satisfies z.ZodType<PasswordRun>;

export const engineStatus = z.object({
  tenant: z.object({
    id: z.string(),
    cloud: z.string(),
    target: z.string(),
    lastError: errorReport.nullable(),
    quarantine: quarantine.nullable(),
  }),
  connectors: z.array(connector),
  objects: z.object({ user: kindCounts, group: kindCounts, contact: kindCounts, device: kindCounts }),
  passwords: passwordRun.nullable().describe('The last run of the password sync'),
  running: cycle.nullable(),
  last: cycle
    .nullable()
    .describe(
      'The last that followed the directory and ended: no undo, nothing about one object, no preview asked for',
    ),
}) satisfies z.ZodType<EngineStatus>;

const planCount = z.object({ value: z.string(), type: z.string(), n: count });

const planNumbers = z.object({
  cycle,
  operations: count,
  byKind: z.array(planCount),
  byState: z.array(planCount),
  byCause: z.array(planCount),
  byForest: z.array(planCount),
  byOrganizationalUnit: z.array(planCount),
  byGroup: z.array(planCount),
});

export const planSummary = named('PlanSummary', planNumbers) satisfies z.ZodType<PlanSummary>;

export const assessment = named(
  'Assessment',
  planNumbers.extend({
    sample: z.array(operation).describe('The first of the operations'),
    unreadConnectors: z.array(z.string()).describe('Domains of which nothing has been read yet'),
    unreadAttributes: z.array(z.string()).describe('Attributes nothing was read with yet: a full read comes first'),
  }),
) satisfies z.ZodType<Assessment>;

export const logEntry = named(
  'ProvisioningLogEntry',
  z.object({
    id: z.number().int(),
    at: time,
    cycle: z.number().int().nullable(),
    action: z.string().describe("An operation's type, or approve, deny, release, skip..."),
    status: z.string(),
    actor: z.string(),
    kind: z.string().nullable(),
    anchor: z.string().nullable(),
    displayName: z.string().nullable(),
    dn: z.string().nullable(),
    tenantId: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  }),
) satisfies z.ZodType<LogInfo>;

export const logEntryPage = pageOf('ProvisioningLogPage', logEntry);

const changes = z.array(z.object({ attribute: z.string(), before: z.unknown(), after: z.unknown() }));

export const explanation = named(
  'Explanation',
  z.object({
    object,
    match: z.object({ by: z.string(), tenantId: z.string() }).nullable(),
    next: z
      .object({
        outcome: z.enum(['nothing', 'waits', 'held', 'operations']),
        error: errorReport.nullable(),
        retryAt: time.nullable(),
        operations: z.array(
          z.object({
            type: z.string(),
            changes,
            references: operationReferences,
            heldBy: z.string().nullable().describe('What holds it until it is approved'),
          }),
        ),
      })
      .nullable()
      .describe('What the next cycle would do with it as it is known now'),
    history: z.array(logEntry),
  }),
) satisfies z.ZodType<Explanation>;

export const onDemandResult = named(
  'OnDemandResult',
  z.object({
    cycle: z.number().int(),
    applied: z.boolean(),
    steps: z
      .array(
        z.object({
          name: z.enum(['import', 'scope', 'match', 'map', 'perform']),
          status: z.enum(['success', 'skipped', 'failure']),
          description: z.string(),
          details: z.record(z.string(), z.unknown()),
        }),
      )
      .describe('In order; the first that cannot go on is the last'),
    object: object.nullable(),
    operations: z.array(operation),
  }),
) satisfies z.ZodType<OnDemandResult>;
