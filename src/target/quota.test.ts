import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Quota, type QuotaOptions } from './quota.ts';

/** Time that passes only where somebody waits for it. */
class VirtualClock {
  time = 0;
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  now = (): Date => new Date(this.time);

  sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const sleeper = { at: this.time + milliseconds, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', () => {
        const at = this.#sleepers.indexOf(sleeper);
        if (at >= 0) this.#sleepers.splice(at, 1);
        reject(signal.reason);
      });
    });

  /** Lets everything run until nobody sleeps any more, or until the time given. */
  async run(until = Number.POSITIVE_INFINITY): Promise<void> {
    for (;;) {
      await new Promise(setImmediate);
      const [next] = this.#sleepers.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > until) return;
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      this.time = Math.max(this.time, next.at);
      next.wake();
    }
  }
}

const signal = new AbortController().signal;
const small: QuotaOptions = { writes: 100, window: 10_000, reserve: 10 };

function sends(quota: Quota, clock: VirtualClock, sizes: readonly number[], priority: 'bulk' | 'interactive' = 'bulk') {
  const sent: { at: number; writes: number }[] = [];
  const all = sizes.map(async (writes) => {
    await quota.acquire(writes, priority, signal);
    sent.push({ at: clock.time, writes });
  });
  return { sent, done: Promise.all(all) };
}

/** Most writes in any stretch of `window` that begins with a send. */
function mostInAWindow(sent: readonly { at: number; writes: number }[], window: number): number {
  return Math.max(
    ...sent.map(({ at }) =>
      sent.filter((other) => other.at >= at && other.at < at + window).reduce((sum, { writes }) => sum + writes, 0),
    ),
  );
}

test('no window of time ever holds more writes than the quota, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 120 }), async (sizes) => {
      const clock = new VirtualClock();
      const { sent, done } = sends(new Quota(clock, small), clock, sizes);
      await clock.run();
      await done;
      expect(sent).toHaveLength(sizes.length);
      expect(mostInAWindow(sent, small.window)).toBeLessThanOrEqual(small.writes - small.reserve);
    }),
    { numRuns: 50 },
  );
});

test('a hundred thousand writes take the documented time and hardly more', async () => {
  const clock = new VirtualClock();
  const { sent, done } = sends(
    new Quota(clock),
    clock,
    Array.from({ length: 5_250 }, () => 20),
  );
  await clock.run();
  await done;
  const theory = (105_000 / 3_000) * 150_000;
  expect(clock.time).toBeLessThanOrEqual(theory * 1.01);
  expect(
    mostInAWindow(
      sent.filter((_, i) => i % 7 === 0),
      150_000,
    ),
  ).toBeLessThanOrEqual(3_000);
});

test('a few writes go at once', async () => {
  const clock = new VirtualClock();
  const { done } = sends(new Quota(clock), clock, [20, 20, 20]);
  await clock.run();
  await done;
  expect(clock.time).toBe(0);
});

test('someone who waits goes before all that is bulk, and from the reserve at once', async () => {
  const clock = new VirtualClock();
  const quota = new Quota(clock, small);
  const bulk = sends(
    quota,
    clock,
    Array.from({ length: 30 }, () => 10),
  );
  await clock.run(0);
  expect(bulk.sent).toHaveLength(9);
  const call = sends(quota, clock, [5], 'interactive');
  await clock.run(0);
  expect(call.sent).toEqual([{ at: 0, writes: 5 }]);
  await clock.run();
  await bulk.done;
  expect(bulk.sent).toHaveLength(30);
});

test('what is aborted while it waits has taken nothing', async () => {
  const clock = new VirtualClock();
  const quota = new Quota(clock, small);
  const first = sends(quota, clock, [90]);
  await clock.run(0);
  const controller = new AbortController();
  const waiting = quota.acquire(90, 'bulk', controller.signal);
  controller.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  const third = sends(quota, clock, [90]);
  await clock.run();
  await Promise.all([first.done, third.done]);
  expect(third.sent[0]?.at).toBeLessThan(small.window + 1_500);
});

test('one refusal holds nobody else back, three in a row hold all for as long as the tenant asks', async () => {
  const clock = new VirtualClock();
  const quota = new Quota(clock, small);
  quota.refused(30_000);
  quota.accepted(undefined);
  quota.refused(30_000);
  quota.refused(30_000);
  expect(quota.pause).toBe(0);
  quota.refused(30_000);
  expect(quota.pause).toBe(30_000);
  const { sent, done } = sends(quota, clock, [1], 'interactive');
  await clock.run();
  await done;
  expect(sent[0]?.at).toBe(30_000);
});

test('refused below the documented rate, it writes less, and comes back with time', async () => {
  const clock = new VirtualClock();
  const quota = new Quota(clock, small);
  for (let i = 0; i < 3; i += 1) quota.refused(0);
  const { sent, done } = sends(
    quota,
    clock,
    Array.from({ length: 90 }, () => 1),
  );
  await clock.run(0);
  expect(sent).toHaveLength(70);
  await clock.run();
  await done;
  clock.time += 10 * 60_000;
  const later = sends(
    quota,
    clock,
    Array.from({ length: 90 }, () => 1),
  );
  await clock.run(clock.time);
  expect(later.sent).toHaveLength(90);
  await later.done;
});

test('told that it takes more than its share, it takes less', async () => {
  const clock = new VirtualClock();
  const quota = new Quota(clock, small);
  quota.accepted(1.25);
  const { sent, done } = sends(
    quota,
    clock,
    Array.from({ length: 90 }, () => 1),
  );
  await clock.run(0);
  expect(sent).toHaveLength(70);
  await clock.run();
  await done;
});

test('tells what is spent of a window, and less of a limit while the tenant refuses', async () => {
  const clock = new VirtualClock();
  const quota = new Quota(clock, small);
  expect(quota.use).toEqual({ limit: 100, used: 0, window: 10_000, pause: 0 });
  const { done } = sends(quota, clock, [20, 20]);
  await clock.run(1000);
  await done;
  expect(quota.use).toMatchObject({ used: 40 });
  for (let i = 0; i < 3; i += 1) quota.refused(2000);
  expect(quota.use).toMatchObject({ limit: 80, pause: 2000 });
  clock.time += 11_000;
  expect(quota.use).toMatchObject({ used: 0, pause: 0 });
});
