import { setTimeout as timer } from 'node:timers/promises';
import { parseDuration } from '../src/config/index.ts';
import { type Engine, passwordConnectors, reportOf } from '../src/engine/index.ts';
import type { ConnectorName, Log } from '../src/model/index.ts';
import type { Cycles } from './cycles.ts';
import type { EngineHost } from './engine-host.ts';
import { EngineReplacedError } from './errors.ts';
import type { ScheduleSettings } from './schedule.ts';

type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export interface PasswordSyncOptions {
  readonly engine: Pick<Engine, 'syncPasswords' | 'passwordsMoved'> & Pick<EngineHost, 'configuration'>;
  readonly cycles: Pick<Cycles, 'listen'>;
  readonly settings: Pick<ScheduleSettings, 'suspended' | 'schedule'>;
  readonly log: Log;
  /** Ends early, without an error, when aborted. A test brings its own. */
  readonly sleep?: Sleep;
}

/** Looks this often whether there is something to do, in milliseconds. */
const look = 1000;

const sleepFor: Sleep = (milliseconds, signal) => timer(milliseconds, undefined, { signal }).catch(() => {});

/**
 * Syncs passwords at their own pace, beside the cycles, until aborted. Each domain by itself: at its interval, at once when
 * it moves, and after each cycle, since a new user of the tenant was waiting for it.
 */
export async function runPasswordSync(options: PasswordSyncOptions, signal: AbortSignal): Promise<void> {
  const { engine, cycles, settings, log, sleep = sleepFor } = options;
  let cycleEnded = new AbortController();
  using _ = cycles.listen((event) => {
    if (event.type !== 'ended' || event.cycle.preview) return;
    const ended = cycleEnded;
    cycleEnded = new AbortController();
    ended.abort();
  });

  /** Does it work for the domain? */
  async function sync(name: ConnectorName): Promise<boolean> {
    try {
      const { errors } = await engine.syncPasswords(signal, name);
      return errors.length === 0;
    } catch (error) {
      const expected = error instanceof EngineReplacedError || signal.aborted;
      if (!expected) log('error', 'passwordSyncFailed', { connector: name, ...reportOf(error) });
      return false;
    }
  }

  async function follow(name: ConnectorName, interval: number, goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      if (settings.suspended !== null) {
        await sleep(look, signal);
        continue;
      }
      // One that ends while passwords are read may have made users that were not seen.
      const woken = AbortSignal.any([signal, cycleEnded.signal]);
      const works = await sync(name);
      for (let waited = 0; waited < interval && goesOn() && !woken.aborted; waited += look) {
        await sleep(look, woken);
        // What fails is tried again at its time, however much the domain moves.
        const watches = works && settings.schedule.watch && settings.suspended === null;
        if (watches && (await engine.passwordsMoved(name, signal).catch(() => false))) break;
      }
    }
  }

  while (!signal.aborted) {
    const inForce = engine.configuration;
    const { passwords } = inForce.document;
    const goesOn = (): boolean => !signal.aborted && engine.configuration === inForce;
    const names = passwords.sync ? passwordConnectors(inForce.document) : [];
    await Promise.all(names.map((name) => follow(name, Math.max(look, parseDuration(passwords.interval)), goesOn)));
    if (goesOn()) await sleep(look, signal);
  }
}
