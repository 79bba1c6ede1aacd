import type {
  Cycle,
  EngineStatus,
  ObjectInfo,
  ObjectQuery,
  Page,
  PlannedOperation,
  Progress,
  StartCycle,
} from './shapes.ts';

/**
 * The engine as its hosts see it: the command line calls it in its own thread, the daemon through a thread of its own
 * (`daemon/engine-thread.ts` speaks this same interface over a message port). All methods but `runCycle` only read.
 */
export interface Engine extends AsyncDisposable {
  /** Runs one cycle to its end. One at a time: a second call fails with `CycleRunningError`. Aborting stops it cleanly. */
  runCycle(request: StartCycle, signal: AbortSignal, listener: CycleListener): Promise<Cycle>;
  status(): Promise<EngineStatus>;
  cycles(cursor: string | undefined, limit: number): Promise<Page<Cycle>>;
  cycle(id: number): Promise<Cycle | undefined>;
  /** The plan of a cycle, in order. */
  operations(
    cycle: number,
    filter: OperationFilter,
    cursor: string | undefined,
    limit: number,
  ): Promise<Page<PlannedOperation>>;
  /** Source objects that take no part, with their reasons. */
  skipped(cursor: string | undefined, limit: number): Promise<Page<ObjectInfo>>;
  object(query: ObjectQuery): Promise<ObjectInfo | undefined>;
  /** Has a directory moved since it was last read? */
  moved(signal: AbortSignal): Promise<boolean>;
}

export interface OperationFilter {
  readonly state?: string | undefined;
  readonly type?: string | undefined;
}

export interface CycleListener {
  started(cycle: Cycle): void;
  progress(cycle: number, progress: Progress): void;
}
