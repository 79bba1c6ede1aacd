import { Worker } from 'node:worker_threads';
import type { LoadedConfiguration } from '../src/config/index.ts';
import type { Cycle, Engine, EngineOptions, EngineQueries, Progress, StartCycle } from '../src/engine/index.ts';
import type { ConnectorName, EventName, Level, Log } from '../src/model/index.ts';
import { ThreadEndedError } from './errors.ts';
import type { TenantEntrance } from './sandbox-thread.ts';
import { Calls } from './threads/calls.ts';

export interface EngineThreadData {
  readonly configuration: LoadedConfiguration;
  readonly dataDirectory: string;
  readonly mode: EngineOptions['mode'];
  /** Who puts the configuration into force. */
  readonly actor: string | undefined;
  /** The embedded tenant, where the configuration's cloud is it. */
  readonly sandbox: TenantEntrance | undefined;
}

/** Methods that are arguments and an answer, nothing else. */
export type PlainMethod = keyof EngineQueries | 'decide' | 'savePlan' | 'release' | 'clearQuarantine';

/** The engine's methods as calls to its thread: what is a promise there is an answer here, a signal an abort. */
export type EngineCalls = {
  [K in PlainMethod]: (...args: Parameters<Engine[K]>) => Awaited<ReturnType<Engine[K]>>;
} & {
  open(): void;
  runCycle(request: StartCycle): Cycle;
  provision(request: Parameters<Engine['provision']>[0]): Awaited<ReturnType<Engine['provision']>>;
  assess(configuration: LoadedConfiguration): Awaited<ReturnType<Engine['assess']>>;
  syncPasswords(connector?: ConnectorName): Awaited<ReturnType<Engine['syncPasswords']>>;
  passwordsMoved(connector: ConnectorName): boolean;
  moved(): boolean;
  contacts(): Awaited<ReturnType<Engine['contacts']>>;
  check(): Awaited<ReturnType<Engine['check']>>;
  close(): void;
};

/** What a running cycle tells on its way. */
export type EngineEvent =
  | { readonly type: 'started'; readonly cycle: Cycle }
  | { readonly type: 'progress'; readonly cycle: number; readonly progress: Progress };

export interface EngineThreadOptions extends Omit<EngineThreadData, 'mode'> {
  /** The environment of the thread. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** A thread that ends by itself is a defect; the process cannot go on. */
  readonly died: (error: ThreadEndedError) => void;
}

interface LogNote {
  readonly level: Level;
  readonly event: EventName;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The engine in threads of its own: one writes, one only looks, so that a question is answered at once whatever
 * the cycle is doing. Speaks the engine's own interface.
 */
export async function startEngineThread({ env, log, died, ...options }: EngineThreadOptions): Promise<Engine> {
  await using disposables = new AsyncDisposableStack();
  const start = async (mode: EngineOptions['mode']): Promise<Calls<EngineCalls>> => {
    const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), {
      name: `engine-${mode}`,
      workerData: { ...options, mode } satisfies EngineThreadData,
      env: { ...env },
    });
    const calls = new Calls<EngineCalls>(worker, {
      note(note) {
        // The only note its other half sends.
        const { level, event, fields } = note as LogNote;
        log(level, event, fields);
      },
      died: (error) => died(new ThreadEndedError(`engine (${mode})`, error)),
    });
    disposables.defer(() => calls.close());
    await calls.call('open', []);
    return calls;
  };
  const writer = await start('writer');
  const reader = await start('reader');
  const kept = disposables.move();
  return {
    runCycle: (request, signal, listener) =>
      writer.call('runCycle', [request], {
        signal,
        event(event) {
          const told = event as EngineEvent;
          if (told.type === 'started') listener.started(told.cycle);
          else listener.progress(told.cycle, told.progress);
        },
      }),
    provision: (request, signal) => writer.call('provision', [request], { signal }),
    assess: (configuration, signal) => writer.call('assess', [configuration], { signal }),
    syncPasswords: (signal, connector) => writer.call('syncPasswords', [connector], { signal }),
    passwordsMoved: (connector, signal) => writer.call('passwordsMoved', [connector], { signal }),
    moved: (signal) => writer.call('moved', [], { signal }),
    check: (signal) => writer.call('check', [], { signal }),
    contacts: () => writer.call('contacts', []),
    decide: (...args) => writer.call('decide', args),
    savePlan: (...args) => writer.call('savePlan', args),
    release: (...args) => writer.call('release', args),
    clearQuarantine: (...args) => writer.call('clearQuarantine', args),
    status: () => reader.call('status', []),
    cycles: (...args) => reader.call('cycles', args),
    cycle: (...args) => reader.call('cycle', args),
    plan: (...args) => reader.call('plan', args),
    operations: (...args) => reader.call('operations', args),
    skipped: (...args) => reader.call('skipped', args),
    failing: (...args) => reader.call('failing', args),
    troubles: () => reader.call('troubles', []),
    lags: (...args) => reader.call('lags', args),
    object: (...args) => reader.call('object', args),
    objects: (...args) => reader.call('objects', args),
    explain: (...args) => reader.call('explain', args),
    log: (...args) => reader.call('log', args),
    verifyLog: () => reader.call('verifyLog', []),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
