import type { ErrorReport, ObjectKind, SourceKind } from '../model/index.ts';
import type { ControllerContact } from '../source/index.ts';
import type { QuotaUse } from '../target/index.ts';

/** What the engine tells of itself: the shapes the API, the command line and the module show. Times are ISO 8601, UTC. */

/** `undo` takes back what an earlier cycle did; `onDemand` is about one object. */
export type CycleType = 'delta' | 'full' | 'undo' | 'onDemand';
export type CycleState = 'running' | 'succeeded' | 'failed' | 'stopped' | 'held';
export const phases = ['import', 'evaluate', 'confirm', 'plan', 'export'] as const;
export type Phase = (typeof phases)[number];

export interface Progress {
  readonly phase: Phase;
  /** The connector being read, in `import`. */
  readonly connector?: string;
  readonly done: number;
  /** Known in all phases but the first import. */
  readonly total?: number;
}

/** One phase of a cycle: when it was, and how much it did. */
export interface PhaseTime {
  readonly phase: Phase;
  readonly startedAt: string;
  /** Null while it goes on, and where its process ended under it. */
  readonly endedAt: string | null;
  /** What its progress counts: objects read, evaluated, confirmed or compared; operations sent. */
  readonly done: number;
}

/** Everything counted in one cycle; a count that is absent is zero. */
export interface CycleCounts {
  /** Source objects read. */
  readonly read: number;
  /** Source objects that differed from the state. */
  readonly changed: number;
  /** Source objects that take no part, with a reason. */
  readonly skipped: number;
  readonly created: number;
  readonly adopted: number;
  readonly updated: number;
  readonly disabled: number;
  readonly deleted: number;
  readonly restored: number;
  readonly membersAdded: number;
  readonly membersRemoved: number;
  readonly managersSet: number;
  /** Held by a guard, a soft match or a person's word, or since no rule gives a value that can be sent. */
  readonly held: number;
  /** Refused by the tenant before, and waiting to be tried again. */
  readonly waiting: number;
  readonly failed: number;
  /**
   * Identities compared with the tenant, and those that differed: a full cycle compares all, their links included, so
   * that "0 of N differ" is its proof.
   */
  readonly compared: number;
  readonly differing: number;
}

export interface Cycle {
  readonly id: number;
  readonly type: CycleType;
  readonly preview: boolean;
  readonly trigger: 'manual' | 'schedule' | 'watch' | 'start';
  /** A plan kept to be applied later. */
  readonly saved: boolean;
  readonly state: CycleState;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: Progress | null;
  /** Those it has begun, in order; a cycle about one object has none. */
  readonly phases: readonly PhaseTime[];
  readonly counts: CycleCounts;
  /** SHA-256 over the plan, hex; null until planned. */
  readonly digest: string | null;
  /** SHA-256 over what is held, hex: what an approval names. Null where nothing is held. */
  readonly heldDigest: string | null;
  /** What each guard that held something counted. */
  readonly holds: readonly GuardHold[];
  /** Why it ended as it did; always there when it did not succeed. */
  readonly error: ErrorReport | null;
  /** Connectors that could not be read; the cycle went on without them. */
  readonly connectorErrors: readonly { readonly connector: string; readonly error: ErrorReport }[];
}

/** One guard's count that was too much. */
export interface GuardHold {
  readonly guard: string;
  /** Null: in all forests together. */
  readonly forest: string | null;
  /** The group or the attribute it is about; else empty. */
  readonly subject: string;
  readonly count: number;
  readonly of: number;
  readonly limit: number;
  readonly error: ErrorReport;
}

export type OperationState = 'planned' | 'held' | 'sent' | 'done' | 'failed' | 'unknown';

/** One operation of a plan, as shown. */
export interface PlannedOperation {
  readonly id: number;
  readonly cycle: number;
  readonly type: string;
  readonly kind: ObjectKind;
  readonly anchor: string;
  readonly displayName: string;
  readonly dn: string | null;
  readonly tenantId: string | null;
  /** What made it necessary: `sourceChanged`, `cameIntoScope`, `leftScope`, `deletedInSource`, `tenantDrift`... */
  readonly cause: string;
  /** Attribute by attribute; secrets masked. */
  readonly changes: readonly { readonly attribute: string; readonly before: unknown; readonly after: unknown }[];
  /** The other ends of a membership or manager operation. */
  readonly references: readonly { readonly anchor: string; readonly displayName: string }[];
  readonly state: OperationState;
  /** The guard, or `softMatch`: what holds it. */
  readonly heldBy: string | null;
  /** Hex; the same operation planned again has the same. */
  readonly digest: string;
  readonly error: ErrorReport | null;
  readonly requestId: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back as `cursor` for the next page; null on the last. */
  readonly next: string | null;
}

export const objectStates = ['synced', 'pending', 'outOfScope', 'unsupported', 'held', 'failed', 'deleted'] as const;
export type ObjectState = (typeof objectStates)[number];

export interface SourceObjectInfo {
  readonly connector: string;
  /** The domain controller or file the connector was last read from. */
  readonly server: string | null;
  readonly guid: string;
  readonly kind: SourceKind;
  readonly dn: string;
  readonly attributes: Readonly<Record<string, readonly unknown[]>>;
  readonly inScope: boolean;
  readonly reason: { readonly code: string; readonly text: string };
  readonly readAt: string;
  readonly usn: string | null;
}

/** One identity, or one source object that is none, and all that is known of it. */
export interface ObjectInfo {
  readonly anchor: string | null;
  readonly kind: SourceKind;
  readonly displayName: string;
  readonly userPrincipalName: string | null;
  readonly tenantId: string | null;
  readonly state: ObjectState;
  readonly reason: { readonly code: string; readonly text: string } | null;
  readonly error: ErrorReport | null;
  readonly sources: readonly SourceObjectInfo[];
  /** What should be in the tenant, and where each value came from. */
  readonly desired: Readonly<
    Record<string, { readonly value: unknown; readonly mapping: string; readonly connector: string }>
  >;
  /** What is known to be in the tenant. */
  readonly tenant: Readonly<Record<string, unknown>> | null;
}

export interface ConnectorStatus {
  readonly name: string;
  readonly forest: string;
  readonly domain: string;
  readonly state: 'neverRead' | 'healthy' | 'failing' | 'quarantined';
  readonly objects: number;
  readonly server: string | null;
  readonly watermark: string | null;
  readonly lastReadAt: string | null;
  readonly lastError: ErrorReport | null;
  readonly quarantine: QuarantineStatus | null;
}

/** It keeps failing: cycles nobody asked for leave it alone until `retryAt`. */
export interface QuarantineStatus {
  readonly failures: number;
  readonly since: string;
  readonly retryAt: string;
}

export interface EngineStatus {
  readonly tenant: {
    readonly id: string;
    readonly cloud: string;
    readonly target: string;
    readonly lastError: ErrorReport | null;
    readonly quarantine: QuarantineStatus | null;
  };
  readonly connectors: readonly ConnectorStatus[];
  readonly objects: Readonly<
    Record<ObjectKind, { readonly source: number; readonly inScope: number; readonly inTenant: number }>
  >;
  readonly running: Cycle | null;
  /** The last that followed the directory and ended: no undo, nothing about one object, and no preview somebody asked for. */
  readonly last: Cycle | null;
  /** The last run of the password sync; null where there was none. */
  readonly passwords: PasswordRun | null;
}

/** What does not go through, of one forest. */
export interface ForestTrouble {
  /** Null where no directory holds the object any more. */
  readonly forest: string | null;
  /** Held by a guard, a soft match or a person's word, or since no rule gives a value that can be sent. */
  readonly held: number;
  /** Refused by the tenant, and waiting. */
  readonly failed: number;
}

/** One change of the directory that was carried out. */
export interface ChangeLag {
  readonly forest: string | null;
  /** Seconds from when it was first read until the tenant confirmed it; of a link from the start of the cycle that read it. */
  readonly sinceRead: number;
  /**
   * Seconds from when somebody made it, to about one. Null where the directory was not asked, or could not tell: it is asked about
   * a few of what a cycle has read and carries out at once.
   */
  readonly sinceChanged: number | null;
}

/** Whom the engine speaks to, as far as it has spoken to anyone since it was opened. */
export interface Contacts {
  readonly connectors: readonly {
    readonly connector: string;
    readonly controllers: readonly ControllerContact[];
  }[];
  /** Null where the target has none. */
  readonly quota: QuotaUse | null;
}

/** One object taken all the way by itself. */
export interface OnDemandRequest {
  readonly query: ObjectQuery;
  /** Sends what is planned; without it, a dry run. */
  readonly apply: boolean;
  /** Of a group: the members to take along, by any of their names. */
  readonly members?: readonly string[] | undefined;
  readonly actor?: string | undefined;
}

export interface OnDemandStep {
  readonly name: 'import' | 'scope' | 'match' | 'map' | 'perform';
  readonly status: 'success' | 'skipped' | 'failure';
  /** What it found, one sentence. */
  readonly description: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface OnDemandResult {
  readonly cycle: number;
  readonly applied: boolean;
  /** In order; the first that cannot go on is the last. */
  readonly steps: readonly OnDemandStep[];
  readonly object: ObjectInfo | null;
  readonly operations: readonly PlannedOperation[];
}

/** One run of the password sync. */
export interface PasswordRun {
  readonly startedAt: string;
  readonly endedAt: string;
  /** Accounts of which something had changed. */
  readonly accounts: number;
  readonly sent: number;
  readonly skipped: number;
  readonly failed: number;
  readonly errors: readonly { readonly connector: string; readonly error: ErrorReport }[];
  /** When the tenant last heard of this sync. */
  readonly heardAt: string;
}

/** One entry of the provisioning log. */
export interface LogInfo {
  readonly id: number;
  readonly at: string;
  readonly cycle: number | null;
  /** An operation's type, or `approve`, `deny`, `release`, `skip`, `configuration`... */
  readonly action: string;
  readonly status: string;
  readonly actor: string;
  readonly kind: string | null;
  readonly anchor: string | null;
  readonly displayName: string | null;
  readonly dn: string | null;
  readonly tenantId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface LogFilter {
  readonly cycle?: number | undefined;
  readonly action?: string | undefined;
  readonly status?: string | undefined;
  readonly anchor?: string | undefined;
  /** ISO 8601; from inclusive, to exclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A plan in numbers. */
export interface PlanSummary {
  readonly cycle: Cycle;
  readonly operations: number;
  readonly byKind: readonly PlanCount[];
  readonly byState: readonly PlanCount[];
  readonly byCause: readonly PlanCount[];
  readonly byForest: readonly PlanCount[];
  readonly byOrganizationalUnit: readonly PlanCount[];
  readonly byGroup: readonly PlanCount[];
}

/** What another configuration would do to the tenant, from what was last read. */
export interface Assessment extends PlanSummary {
  /** The first of the operations. */
  readonly sample: readonly PlannedOperation[];
  /** Domains of which nothing has been read yet: what they would bring is not in here. */
  readonly unreadConnectors: readonly string[];
  /** Attributes nothing was read with yet: values from them are missing in here, and a full read comes first. */
  readonly unreadAttributes: readonly string[];
}

export interface PlanCount {
  readonly value: string;
  readonly type: string;
  readonly n: number;
}

/** What a cycle would send for one object. */
export interface ComingOperation {
  readonly type: string;
  readonly changes: PlannedOperation['changes'];
  /** The other ends of a membership or manager operation. */
  readonly references: PlannedOperation['references'];
  /** What holds it until it is approved; null where it would go out. */
  readonly heldBy: string | null;
}

/** All there is to say of one object. */
export interface Explanation {
  readonly object: ObjectInfo;
  readonly match: { readonly by: string; readonly tenantId: string } | null;
  /** What the next cycle would do with it as it is known now. */
  readonly next: {
    readonly outcome: 'nothing' | 'waits' | 'held' | 'operations';
    readonly error: ErrorReport | null;
    readonly retryAt: string | null;
    readonly operations: readonly ComingOperation[];
  } | null;
  /** What was done, newest first. */
  readonly history: readonly LogInfo[];
}

/** How one object is asked for. */
export type ObjectQuery = {
  readonly by: 'anchor' | 'dn' | 'userPrincipalName' | 'tenantId' | 'objectGuid' | 'mail';
  readonly value: string;
};

export interface StartCycle {
  readonly type: CycleType;
  readonly preview: boolean;
  readonly trigger: Cycle['trigger'];
  /** Who asked; for the log. */
  readonly actor?: string | undefined;
  /** With type `undo`: the cycle to take back. */
  readonly undo?: number | undefined;
  /** Carries out this saved plan as it was shown, or refuses when the world has moved. */
  readonly plan?: { readonly cycle: number; readonly digest: string } | undefined;
}
