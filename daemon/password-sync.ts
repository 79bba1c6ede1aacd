import { setTimeout as sleep } from 'node:timers/promises';
import { parseDuration } from '../src/config/index.ts';
import { type Engine, reportOf } from '../src/engine/index.ts';
import type { Log } from '../src/model/index.ts';
import type { Cycles } from './cycles.ts';
import type { EngineHost } from './engine-host.ts';
import { EngineReplacedError } from './errors.ts';
import type { ScheduleSettings } from './schedule.ts';

export interface PasswordSyncOptions {
  readonly engine: Pick<Engine, 'syncPasswords'> & Pick<EngineHost, 'configuration'>;
  readonly cycles: Pick<Cycles, 'listen'>;
  readonly settings: ScheduleSettings;
  readonly log: Log;
}

/** Looks this often whether there is something to do at all, in milliseconds. */
const look = 1000;

/**
 * Syncs passwords at their own pace, beside the cycles, until aborted; and after each cycle: a new password moves the
 * directory, which the watch sees, and a new user of the tenant was waiting for it.
 */
export async function runPasswordSync(
  { engine, cycles, settings, log }: PasswordSyncOptions,
  signal: AbortSignal,
): Promise<void> {
  let wake = new AbortController();
  using _ = cycles.listen((event) => {
    if (event.type === 'ended' && !event.cycle.preview) wake.abort();
  });
  while (!signal.aborted) {
    wake = new AbortController();
    const { sync, interval } = engine.configuration.document.passwords;
    const due = sync && settings.suspended === null;
    if (due) {
      await engine.syncPasswords(signal).catch((error: unknown) => {
        // The next look goes by the configuration that is in force then.
        if (error instanceof EngineReplacedError) wake.abort();
        else if (!signal.aborted) log('error', 'passwordSyncFailed', { ...reportOf(error) });
      });
    }
    const pause = due ? Math.max(look, parseDuration(interval)) : look;
    await sleep(pause, undefined, { signal: AbortSignal.any([signal, wake.signal]) }).catch(() => {});
  }
}
