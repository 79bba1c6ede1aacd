import type { LoadedConfiguration } from '../config/index.ts';
import type { ConnectorName, ObjectKind } from '../model/index.ts';
import type { Decided, Decision } from './decide.ts';
import type { Finding } from './finding.ts';
import type {
  Assessment,
  ChangeLag,
  Contacts,
  Cycle,
  CycleState,
  CycleType,
  EngineStatus,
  Explanation,
  ForestTrouble,
  LogFilter,
  LogInfo,
  ObjectInfo,
  ObjectQuery,
  ObjectState,
  OnDemandRequest,
  OnDemandResult,
  Page,
  PasswordRun,
  PlannedOperation,
  PlanSummary,
  Progress,
  StartCycle,
} from './shapes.ts';

/**
 * The engine as its hosts see it: the command line calls it in its own thread, the daemon through a thread of its own
 * (`daemon/engine-thread.ts` speaks this same interface over a message port).
 */
export interface Engine extends EngineQueries, AsyncDisposable {
  /** Runs one cycle to its end. One at a time: a second call fails with `CycleRunningError`. Aborting stops it cleanly. */
  runCycle(request: StartCycle, signal: AbortSignal, listener: CycleListener): Promise<Cycle>;
  /** Takes one object all the way by itself, dry unless asked to apply; a cycle of its own. */
  provision(request: OnDemandRequest, signal: AbortSignal): Promise<OnDemandResult>;
  /** Approves or denies what is held, by the digest it was shown with. */
  decide(decision: Decision): Promise<Decided>;
  /** Keeps a plan to be applied later, or lets go of it. */
  savePlan(cycle: number, saved: boolean, actor: string): Promise<Cycle>;
  /** Lets an object that was denied, undone or refused follow the directory again at once. */
  release(query: ObjectQuery, actor: string): Promise<ObjectInfo>;
  /** Out of quarantine: one connector, the tenant and every object in escrow, or all. */
  clearQuarantine(what: QuarantineScope, actor: string): Promise<void>;
  /** Takes the passwords that changed to the tenant, of one domain or of all. One run at a time of each; beside a cycle, not in it. */
  syncPasswords(signal: AbortSignal, connector?: ConnectorName): Promise<PasswordRun>;
  /** Has a domain moved since its passwords were last read? */
  passwordsMoved(connector: ConnectorName, signal: AbortSignal): Promise<boolean>;
  /** What another configuration would do to the tenant, from what was last read; nothing is asked of anyone. */
  assess(configuration: LoadedConfiguration, signal: AbortSignal): Promise<Assessment>;
  /** Has a directory moved since it was last read? */
  moved(signal: AbortSignal): Promise<boolean>;
  /** Whom it speaks to: each domain's controllers, and what the tenant still takes. */
  contacts(): Promise<Contacts>;
  /** Looks at all that is outside before there is trouble with it: reach, trust, sign-in, clocks, rights, permissions. */
  check(signal: AbortSignal): Promise<readonly Finding[]>;
}

export type QuarantineScope =
  | { readonly scope: 'all' | 'tenant' | 'objects' }
  | { readonly scope: 'connector'; readonly connector: string };

/** The methods that only look: they work on a reader of the state, so in any thread. */
export interface EngineQueries {
  status(): Promise<EngineStatus>;
  /** Newest first. */
  cycles(filter: CycleFilter, cursor: string | undefined, limit: number): Promise<Page<Cycle>>;
  cycle(id: number): Promise<Cycle | undefined>;
  /** The plan of a cycle in numbers. */
  plan(cycle: number): Promise<PlanSummary | undefined>;
  /** The plan of a cycle, in order. */
  operations(
    cycle: number,
    filter: OperationFilter,
    cursor: string | undefined,
    limit: number,
  ): Promise<Page<PlannedOperation>>;
  /** Source objects that take no part, with their reasons. */
  skipped(filter: SkippedFilter, cursor: string | undefined, limit: number): Promise<Page<ObjectInfo>>;
  /** Identities that are held or that the tenant refused, with their errors. */
  failing(filter: FailingFilter, cursor: string | undefined, limit: number): Promise<Page<ObjectInfo>>;
  /** How many objects do not go through, by forest; those with none are left out. */
  troubles(): Promise<readonly ForestTrouble[]>;
  /** How long each change of the directory took that a cycle carried out. */
  lags(cycle: number, cursor: string | undefined, limit: number): Promise<Page<ChangeLag>>;
  object(query: ObjectQuery): Promise<ObjectInfo | undefined>;
  /** Identities, then source objects that are none. */
  objects(filter: ObjectFilter, cursor: string | undefined, limit: number): Promise<Page<ObjectInfo>>;
  explain(query: ObjectQuery): Promise<Explanation | undefined>;
  /** The provisioning log, newest first. */
  log(filter: LogFilter, cursor: string | undefined, limit: number): Promise<Page<LogInfo>>;
  /** Follows the log's chain: the first entry that was changed, or null where none was. */
  verifyLog(): Promise<{ readonly broken: number | null }>;
}

export interface CycleFilter {
  readonly state?: CycleState | undefined;
  readonly type?: CycleType | undefined;
  readonly preview?: boolean | undefined;
  readonly saved?: boolean | undefined;
}

export interface ObjectFilter {
  /** What the object may be called as a whole: it comes alone. Without a text, nothing else does. */
  readonly names?: readonly ObjectQuery[] | undefined;
  /** What the display name, user principal name, mail address or DN begins with: of identities alone. */
  readonly text?: string | undefined;
  readonly kind?: ObjectKind | undefined;
  /** As they are called in the configuration. */
  readonly forest?: string | undefined;
  readonly domain?: string | undefined;
  readonly state?: ObjectState | undefined;
}

export interface FailingFilter {
  /** Of the error. */
  readonly code?: string | undefined;
  readonly kind?: ObjectKind | undefined;
}

export interface SkippedFilter {
  /** The code of the reason. */
  readonly reason?: string | undefined;
  readonly kind?: ObjectKind | undefined;
}

export interface OperationFilter {
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  /** A part of the object's name or DN, or its anchor. */
  readonly search?: string | undefined;
  /** The guard that holds it. */
  readonly heldBy?: string | undefined;
}

export interface CycleListener {
  started(cycle: Cycle): void;
  progress(cycle: number, progress: Progress): void;
}
