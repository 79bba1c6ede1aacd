import type { ConnectorName, ErrorReport } from '../model/index.ts';
import type { Rules } from '../rules/index.ts';
import type { State } from '../state/index.ts';
import type { CycleListener } from './engine.ts';
import type {
  CycleCounts,
  CycleState,
  CycleType,
  GuardHold,
  Phase,
  PhaseTime,
  Progress,
  StartCycle,
} from './shapes.ts';

export const noCounts: CycleCounts = {
  read: 0,
  changed: 0,
  skipped: 0,
  created: 0,
  adopted: 0,
  updated: 0,
  disabled: 0,
  deleted: 0,
  restored: 0,
  membersAdded: 0,
  membersRemoved: 0,
  managersSet: 0,
  held: 0,
  waiting: 0,
  failed: 0,
  compared: 0,
  differing: 0,
};

/** Progress is written down at most this often, in milliseconds. */
const persistEvery = 500;

/** One cycle on its way: its counts and progress, kept in the state so that any thread can show them. */
export class CycleRun {
  readonly id: number;
  readonly type: CycleType;
  readonly preview: boolean;
  readonly trigger: StartCycle['trigger'];
  readonly signal: AbortSignal;
  readonly connectorErrors: { readonly connector: ConnectorName; readonly error: ErrorReport }[] = [];
  readonly holds: GuardHold[] = [];
  /** Forests whose scope can't be told: nothing of them changes. */
  readonly blockedForests = new Set<string>();
  /** When each connector was last read before this cycle, in milliseconds; nothing where no read before it tells. */
  readonly readBefore = new Map<ConnectorName, number>();
  /** The saved plan to carry out as it was shown. */
  readonly plan: StartCycle['plan'];
  /** The cycle to take back, when that is what this one is for. */
  readonly undo: number | undefined;
  readonly actor: string;
  /** The tenant's own limit of deletes in one export. */
  deleteThreshold: number | undefined;
  digest: string | null = null;
  heldDigest: string | null = null;
  readonly #counts: { -readonly [K in keyof CycleCounts]: CycleCounts[K] } = { ...noCounts };
  readonly #state: State;
  readonly #now: () => Date;
  readonly #listener: CycleListener;
  readonly #ended: PhaseTime[] = [];
  #current: Pick<PhaseTime, 'phase' | 'startedAt'> | undefined;
  /** How far the current phase is, by connector: several are read at once. */
  readonly #done = new Map<string | undefined, number>();
  #progress: Progress | null = null;
  #persisted = 0;

  /** Attributes whose values the log holds none of. */
  redacted: Rules['redacted'] | undefined;

  constructor(state: State, now: () => Date, request: StartCycle, signal: AbortSignal, listener: CycleListener) {
    this.#state = state;
    this.#now = now;
    this.#listener = listener;
    this.type = request.type;
    this.preview = request.preview;
    this.trigger = request.trigger;
    this.plan = request.plan;
    this.undo = request.undo;
    this.actor = request.actor ?? request.trigger;
    this.signal = signal;
    this.id = state.transact((tx) =>
      tx.cycles.start({
        type: request.type,
        preview: request.preview,
        trigger: request.trigger,
        startedAt: now().toISOString(),
        counts: JSON.stringify(noCounts),
      }),
    );
  }

  /** Did nobody ask for it? */
  get byItself(): boolean {
    return this.trigger !== 'manual';
  }

  add(counts: Partial<CycleCounts>): void {
    for (const [name, n] of Object.entries(counts)) this.#counts[name as keyof CycleCounts] += n;
  }

  get counts(): CycleCounts {
    return this.#counts;
  }

  connectorFailed(connector: ConnectorName, error: ErrorReport): void {
    this.connectorErrors.push({ connector, error });
  }

  /** Keeps when a phase began and ended, however it ended. */
  async during(phase: Phase, work: () => Promise<void>): Promise<void> {
    this.#current = { phase, startedAt: this.#now().toISOString() };
    this.#done.clear();
    try {
      await work();
    } finally {
      this.#ended.push(this.#timed(this.#current, this.#now().toISOString()));
      this.#current = undefined;
    }
  }

  progress(progress: Progress): void {
    const phaseChanged = this.#progress?.phase !== progress.phase;
    this.#progress = progress;
    this.#done.set(progress.connector, progress.done);
    this.#listener.progress(this.id, progress);
    const now = this.#now().getTime();
    if (!phaseChanged && now - this.#persisted < persistEvery) return;
    this.#persisted = now;
    this.#state.transact((tx) => tx.cycles.update({ ...this.#columns(), progress: JSON.stringify(progress) }));
  }

  end(state: CycleState, error: ErrorReport | null): void {
    this.#state.transact((tx) =>
      tx.cycles.end({
        ...this.#columns(),
        state,
        endedAt: this.#now().toISOString(),
        error: error === null ? null : JSON.stringify(error),
      }),
    );
  }

  #timed(phase: Pick<PhaseTime, 'phase' | 'startedAt'>, endedAt: string | null): PhaseTime {
    return { ...phase, endedAt, done: this.#done.values().reduce((sum, n) => sum + n, 0) };
  }

  #columns() {
    const current = this.#current === undefined ? [] : [this.#timed(this.#current, null)];
    return {
      id: this.id,
      counts: JSON.stringify(this.#counts),
      phases: JSON.stringify([...this.#ended, ...current]),
      digest: this.digest,
      heldDigest: this.heldDigest,
      holds: JSON.stringify(this.holds),
      connectorErrors: JSON.stringify(this.connectorErrors),
    };
  }
}
