import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, type Log, reportOf } from '../src/engine/index.ts';
import { parseDuration } from './duration.ts';
import type { EngineHost } from './engine-host.ts';
import type { ScheduleSettings } from './schedule.ts';

export interface PasswordSyncOptions {
  readonly engine: Pick<Engine, 'syncPasswords'> & Pick<EngineHost, 'configuration'>;
  readonly settings: ScheduleSettings;
  readonly log: Log;
}

/** Looks this often whether there is something to do at all, in milliseconds. */
const look = 1000;

/** Syncs passwords at their own pace, beside the cycles, until aborted. */
export async function runPasswordSync(
  { engine, settings, log }: PasswordSyncOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { sync, interval } = engine.configuration.document.passwords;
    const due = sync && settings.suspended === null;
    if (due) {
      await engine.syncPasswords(signal).catch((error: unknown) => {
        if (!signal.aborted) log('error', 'passwordSyncFailed', { ...reportOf(error) });
      });
    }
    const pause = due ? Math.max(look, parseDuration(interval)) : look;
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
}
