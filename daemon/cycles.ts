import type { Cycle, Engine, Progress, StartCycle } from '../src/engine/index.ts';
import { CycleRunningError, NothingToUndoError, PlanMovedError } from '../src/engine/index.ts';
import type { ErrorCode } from '../src/model/index.ts';
import { StoppingError } from './api/errors.ts';
import { ReportedError } from './threads/reported-error.ts';

/** What is heard of the cycle that runs. */
export type CycleEvent =
  | { readonly type: 'started'; readonly cycle: Cycle }
  | { readonly type: 'progress'; readonly cycle: number; readonly progress: Progress }
  | { readonly type: 'ended'; readonly cycle: Cycle };

/** How a cycle ends that was asked for what can no longer be done: it has sent nothing. */
const refusals: ReadonlySet<ErrorCode> = new Set([PlanMovedError.code, NothingToUndoError.code]);

export interface StartedCycle {
  readonly cycle: Cycle;
  readonly ended: Promise<Cycle>;
}

interface Current {
  readonly controller: AbortController;
  /** Known once the engine has begun; work that is no cycle has none. */
  id: number | undefined;
  ended: Promise<unknown>;
}

/** Starts and stops cycles and whatever else needs the engine to itself, one at a time, and lets others listen. */
export class Cycles {
  readonly #engine: Pick<Engine, 'runCycle'>;
  readonly #listeners = new Set<(event: CycleEvent) => void>();
  readonly #failed: (error: unknown) => void;
  #current: Current | undefined;
  #closed = false;

  /** `failed` hears of a listener that throws: the cycle and the other listeners are none the worse for it. */
  constructor(engine: Pick<Engine, 'runCycle'>, failed: (error: unknown) => void) {
    this.#engine = engine;
    this.#failed = failed;
  }

  /** The cycle on its way, once it has a number. */
  get running(): number | undefined {
    return this.#current?.id;
  }

  get isIdle(): boolean {
    return this.#current === undefined;
  }

  /**
   * Comes back as soon as the cycle has begun. One that is to carry out a plan as it was shown, or to undo another, comes back
   * once that was found to be possible; what the world has overtaken is refused here, before anything is sent.
   */
  async start(request: StartCycle): Promise<StartedCycle> {
    const current = this.#enter();
    const started = Promise.withResolvers<Cycle>();
    const atOnce = request.plan === undefined && request.undo === undefined;
    let begun: Cycle | undefined;
    const ended = this.#engine
      .runCycle(request, current.controller.signal, {
        started: (cycle) => {
          current.id = cycle.id;
          begun = cycle;
          this.#tell({ type: 'started', cycle });
          if (atOnce) started.resolve(cycle);
        },
        progress: (cycle, progress) => {
          this.#tell({ type: 'progress', cycle, progress });
          if (progress.phase === 'export' && begun !== undefined) started.resolve(begun);
        },
      })
      .finally(() => {
        this.#current = undefined;
      });
    current.ended = ended.then(
      (cycle) => {
        this.#tell({ type: 'ended', cycle });
        if (cycle.error !== null && refusals.has(cycle.error.code)) started.reject(new ReportedError(cycle.error));
        else started.resolve(cycle);
      },
      // A cycle that could not even begin, or a thread that died under it: whoever started it hears of it.
      (error: unknown) => started.reject(error),
    );
    return { cycle: await started.promise, ended };
  }

  /** Does work no cycle may run beside; it is stopped like one when the daemon stops. */
  async alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const current = this.#enter();
    const done = work(current.controller.signal).finally(() => {
      this.#current = undefined;
    });
    current.ended = done.catch(() => {});
    return done;
  }

  #enter(): Current {
    if (this.#closed) throw new StoppingError();
    if (this.#current !== undefined) throw new CycleRunningError(this.#current.id);
    this.#current = { controller: new AbortController(), id: undefined, ended: Promise.resolve() };
    return this.#current;
  }

  /** Asks the running cycle to end; `false` when it is not the one that runs. */
  stop(id: number): boolean {
    if (this.#current?.id !== id) return false;
    this.#current.controller.abort();
    return true;
  }

  listen(listener: (event: CycleEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Stops what runs, lets nothing else begin, and waits for the end. */
  async close(): Promise<void> {
    this.#closed = true;
    const current = this.#current;
    current?.controller.abort();
    await current?.ended;
  }

  #tell(event: CycleEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
