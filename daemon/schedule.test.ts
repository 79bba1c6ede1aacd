import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nextCycle, ScheduleSettings } from './schedule.ts';

const minute = 60_000;
const day = 86_400_000;
const schedule = { delta: '2m', full: '7d', watch: true };

describe('the next cycle', () => {
  test('is a full one at once where there never was one', () => {
    const never = { last: undefined, lastFullSucceeded: undefined, lastFullTried: undefined };
    expect(nextCycle(schedule, never)).toEqual({ type: 'full', at: 0 });
  });

  test('is a delta, its interval after the last cycle began', () => {
    const history = { last: 10 * day, lastFullSucceeded: 9 * day, lastFullTried: 9 * day };
    expect(nextCycle(schedule, history)).toEqual({ type: 'delta', at: 10 * day + 2 * minute });
  });

  test('is a full one when that is due before the delta', () => {
    const history = { last: 10 * day - minute, lastFullSucceeded: 3 * day, lastFullTried: 3 * day };
    expect(nextCycle(schedule, history)).toEqual({ type: 'full', at: 10 * day });
  });

  test('is not the full one that has just failed, over and over', () => {
    const history = { last: 10 * day, lastFullSucceeded: 1 * day, lastFullTried: 10 * day };
    expect(nextCycle(schedule, history)).toEqual({ type: 'full', at: 10 * day + 2 * minute });
  });

  test('never comes sooner than a second after the last, whatever the schedule says', () => {
    const time = fc.option(fc.integer({ min: 0, max: 100 * day }), { nil: undefined });
    const unit = fc.constantFrom('ms', 's', 'm', 'h', 'd');
    const duration = fc.tuple(fc.integer({ min: 1, max: 9 }), unit).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 * day }), time, duration, duration, (last, full, delta, fullEvery) => {
        const history = { last, lastFullSucceeded: full, lastFullTried: last };
        expect(nextCycle({ delta, full: fullEvery, watch: true }, history).at).toBeGreaterThanOrEqual(last + 1000);
      }),
    );
  });
});

describe('the settings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cloudsync-schedule-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('are those of the configuration until changed, and outlive the process once they are', () => {
    const settings = new ScheduleSettings(folder, schedule);
    expect(settings.schedule).toEqual(schedule);
    settings.change({ delta: '30s', watch: false });
    settings.suspend(new Date(0), 'maintenance');
    const again = new ScheduleSettings(folder, schedule);
    expect(again.schedule).toEqual({ delta: '30s', full: '7d', watch: false });
    expect(again.suspended).toEqual({ since: '1970-01-01T00:00:00.000Z', reason: 'maintenance' });
    again.change({ delta: null, watch: null });
    again.resume();
    expect(new ScheduleSettings(folder, schedule)).toMatchObject({ schedule, suspended: null, isOverridden: false });
  });

  test('are no wait of nothing', () => {
    const settings = new ScheduleSettings(folder, schedule);
    for (const delta of ['0s', '000ms', '0d']) expect(() => settings.change({ delta })).toThrow();
    settings.change({ delta: '10s' });
    expect(settings.schedule.delta).toBe('10s');
  });

  test('are readable by their owner alone', () => {
    new ScheduleSettings(folder, schedule).change({ full: '1d' });
    expect(statSync(join(folder, 'schedule.json')).mode & 0o777).toBe(0o600);
  });
});
