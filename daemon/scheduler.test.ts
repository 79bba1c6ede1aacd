import { expect, test } from 'vitest';
import type { Cycle } from '../src/engine/index.ts';
import type { CycleEvent, Cycles } from './cycles.ts';
import type { ScheduleSettings } from './schedule.ts';
import { Scheduler } from './scheduler.ts';

/** Directories that move so many times, in virtual time; `errors` are those of the next cycle's domains, by code. */
class World {
  errors: readonly string[] = [];
  moves = 1000;
  cycles = 0;
  now = Date.parse('2026-11-25T08:00:00Z');
  readonly pauses: number[] = [];
  readonly #stop = new AbortController();
  #listener: (event: CycleEvent) => void = () => {};
  #wakes: (() => void) | undefined;

  start(): Promise<void> {
    const cycle = (): Cycle =>
      ({
        type: 'delta',
        preview: false,
        state: 'succeeded',
        connectorErrors: this.errors.map((code) => ({ connector: code, error: { code } })),
      }) as unknown as Cycle;
    const scheduler = new Scheduler({
      engine: {
        moved: async () => {
          this.moves -= 1;
          return this.moves >= 0;
        },
      },
      cycles: {
        isIdle: true,
        listen: (listener: (event: CycleEvent) => void) => {
          this.#listener = listener;
        },
        start: async () => {
          this.cycles += 1;
          this.#listener({ type: 'started', cycle: cycle() });
          const ended = cycle();
          this.#listener({ type: 'ended', cycle: ended });
          return { cycle: ended, ended: Promise.resolve(ended) };
        },
      } as unknown as Cycles,
      settings: {
        suspended: null,
        schedule: { delta: '2m', full: '7d', watch: true },
        lastFullAt: new Date(this.now),
        fullSucceeded() {},
      } as unknown as ScheduleSettings,
      now: () => new Date(this.now),
      log() {},
      sleep: (milliseconds, signal) =>
        new Promise((resolve) => {
          this.pauses.push(milliseconds);
          this.#wakes = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
    });
    return scheduler.run(this.#stop.signal);
  }

  /** Somebody else's cycle ends. */
  ends(): void {
    this.#listener({
      type: 'ended',
      cycle: { type: 'delta', preview: false, state: 'succeeded', connectorErrors: [] } as unknown as Cycle,
    });
  }

  /** Lets cycles run until so many pauses have been made. */
  async until(pauses: number): Promise<readonly number[]> {
    for (let turn = 0; this.pauses.length < pauses && turn < 1000; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.pauses.length < pauses) {
        this.now += this.pauses.at(-1) ?? 0;
        this.#wakes?.();
      }
    }
    return this.pauses;
  }

  stop(): void {
    this.#stop.abort();
  }
}

test('waits longer after each cycle that could not read a directory', async () => {
  const world = new World();
  world.errors = ['CS2003'];
  const ended = world.start();
  expect(await world.until(4)).toEqual([2000, 4000, 8000, 16_000]);
  world.stop();
  await ended;
});

test('waits for no directory in quarantine, which has waits of its own', async () => {
  const world = new World();
  world.errors = ['CS6020'];
  world.moves = 3;
  const ended = world.start();
  expect(await world.until(1)).toEqual([1000]);
  // The first is due with the start.
  expect(world.cycles).toBe(4);
  world.stop();
  await ended;
});

test('looks again at once when somebody else’s cycle has read what it could not', async () => {
  const world = new World();
  world.errors = ['CS2003'];
  const ended = world.start();
  await world.until(3);
  world.errors = [];
  world.moves = 2;
  const { cycles } = world;
  world.ends();
  expect(await world.until(4)).toEqual([2000, 4000, 8000, 1000]);
  expect(world.cycles - cycles).toBe(2);
  world.stop();
  await ended;
});
