import { setTimeout as timer } from 'node:timers/promises';
import type { Cycle, Engine } from '../src/engine/index.ts';
import { QuarantinedError, reportOf } from '../src/engine/index.ts';
import type { Log } from '../src/model/index.ts';
import type { Cycles } from './cycles.ts';
import { EngineReplacedError } from './errors.ts';
import { type History, nextCycle, type ScheduledType, type ScheduleSettings } from './schedule.ts';

/** Directories are asked whether they moved this often, in milliseconds. */
const watchEvery = 1000;
/** After failures the watch waits twice as long each time, up to this. */
const longestWait = 300_000;

export interface SchedulerOptions {
  readonly engine: Pick<Engine, 'moved'>;
  readonly cycles: Cycles;
  readonly settings: ScheduleSettings;
  readonly now: () => Date;
  readonly log: Log;
  /** Ends early, without an error, when aborted. A test brings its own. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const sleepFor = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  timer(milliseconds, undefined, { signal }).catch(() => {});

/** Starts cycles when they are due, and as soon as a directory moves. Level-triggered: it looks, it is not told. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  #history: History;
  #started = false;
  #cycleFailures = 0;
  #watchFailures = 0;
  #wake = new AbortController();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#history = {
      last: undefined,
      lastFullSucceeded: options.settings.lastFullAt?.getTime(),
      lastFullTried: undefined,
    };
    options.cycles.listen((event) => {
      if (event.type === 'started') this.#began(event.cycle);
      if (event.type === 'ended') this.#ended(event.cycle);
    });
  }

  /** When the next cycle begins by itself; nothing while suspended. */
  get next(): { readonly type: ScheduledType; readonly at: Date } | undefined {
    const { settings, now } = this.#options;
    if (settings.suspended !== null) return undefined;
    const { type, at } = nextCycle(settings.schedule, this.#history);
    return { type, at: new Date(Math.max(at, now().getTime())) };
  }

  /** Looks again now: the schedule has changed. */
  wake(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  /** Until aborted; a cycle that runs then is stopped by whoever owns the cycles. */
  async run(signal: AbortSignal): Promise<void> {
    const { promise: aborted, resolve } = Promise.withResolvers<number>();
    signal.addEventListener('abort', () => resolve(0), { once: true });
    const { sleep = sleepFor } = this.#options;
    while (!signal.aborted) {
      const pause = await Promise.race([this.#step(signal), aborted]);
      if (pause > 0) {
        const woken = AbortSignal.any([signal, this.#wake.signal]);
        await sleep(pause, woken);
      }
    }
  }

  /** Does what is due and says how long to wait before looking again. */
  async #step(signal: AbortSignal): Promise<number> {
    const { cycles, settings, now } = this.#options;
    if (settings.suspended !== null || !cycles.isIdle) return watchEvery;
    const { type, at } = nextCycle(settings.schedule, this.#history);
    if (at <= now().getTime()) return this.#run(type, this.#started ? 'schedule' : 'start');
    const untilDue = at - now().getTime();
    if (!settings.schedule.watch) return Math.min(untilDue, watchEvery);
    // It may have been suspended, or another cycle begun, while the directories were asked.
    if ((await this.#moved(signal)) && settings.suspended === null && cycles.isIdle) return this.#run('delta', 'watch');
    return Math.min(untilDue, waitAfter(this.#watchFailures));
  }

  async #run(type: ScheduledType, trigger: Cycle['trigger']): Promise<number> {
    const { cycles, log } = this.#options;
    this.#started = true;
    try {
      const { ended } = await cycles.start({ type, preview: false, trigger });
      await ended;
      return this.#cycleFailures === 0 ? 0 : waitAfter(this.#cycleFailures);
    } catch (error) {
      // Somebody else was quicker, or the engine is going away: whatever it is, the next look tells.
      log('warn', 'scheduledCycleFailed', { ...reportOf(error) });
      return watchEvery;
    }
  }

  async #moved(signal: AbortSignal): Promise<boolean> {
    const { engine, log } = this.#options;
    try {
      const moved = await engine.moved(signal);
      this.#watchFailures = 0;
      return moved;
    } catch (error) {
      if (signal.aborted || error instanceof EngineReplacedError) return false;
      this.#watchFailures += 1;
      log('warn', 'watchFailed', { ...reportOf(error) });
      return false;
    }
  }

  #began({ type, preview }: Cycle): void {
    if (preview) return;
    const last = this.#options.now().getTime();
    this.#history = { ...this.#history, last, ...(type === 'full' ? { lastFullTried: last } : {}) };
  }

  #ended({ type, preview, state, connectorErrors }: Cycle): void {
    if (preview || state === 'stopped') return;
    // Domains in quarantine have waits of their own, and slow down no other.
    const failed = state === 'failed' || connectorErrors.some(({ error }) => error.code !== QuarantinedError.code);
    this.#cycleFailures = failed ? this.#cycleFailures + 1 : 0;
    if (!failed) this.wake();
    if (type !== 'full' || state === 'failed') return;
    const at = this.#options.now();
    this.#options.settings.fullSucceeded(at);
    this.#history = { ...this.#history, lastFullSucceeded: at.getTime() };
  }
}

function waitAfter(failures: number): number {
  return Math.min(watchEvery * 2 ** Math.min(failures, 20), longestWait);
}
