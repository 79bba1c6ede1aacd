import type { LoadedConfiguration } from '../src/config/index.ts';
import type { Engine } from '../src/engine/index.ts';
import { EngineReplacedError } from './errors.ts';
import { type OpenEngineOptions, type OpenedEngine, openEngineOn } from './open-engine.ts';
import type { TenantEntrance } from './sandbox-thread.ts';

/** The engine of the daemon: the same for its callers while the one behind it is replaced by another configuration's. */
export class EngineHost implements Engine {
  readonly #options: Omit<OpenEngineOptions, 'configuration'>;
  #opened: OpenedEngine;
  #configuration: LoadedConfiguration;
  #calls = 0;
  #quiet = Promise.withResolvers<void>();
  /** Aborts what may take long when the engine is to be replaced. */
  #ending = new AbortController();
  /** While one is replaced, calls wait for the other. */
  #replacing: Promise<void> | undefined;

  private constructor(
    options: Omit<OpenEngineOptions, 'configuration'>,
    opened: OpenedEngine,
    configuration: LoadedConfiguration,
  ) {
    this.#options = options;
    this.#opened = opened;
    this.#configuration = configuration;
  }

  static async open({ configuration, ...options }: OpenEngineOptions): Promise<EngineHost> {
    return new EngineHost(options, await openEngineOn({ configuration, ...options }), configuration);
  }

  get configuration(): LoadedConfiguration {
    return this.#configuration;
  }

  get sandbox(): TenantEntrance | undefined {
    return this.#opened.sandbox;
  }

  /** Puts another configuration into force; the one before stays when that one cannot be opened. No cycle may run. */
  async replace(configuration: LoadedConfiguration, actor: string): Promise<void> {
    const replacing = this.#replace(configuration, actor).finally(() => {
      this.#replacing = undefined;
    });
    // Callers wait for its end, whatever that is.
    this.#replacing = replacing.catch(() => {});
    await replacing;
  }

  async #replace(configuration: LoadedConfiguration, actor: string): Promise<void> {
    this.#ending.abort(new EngineReplacedError());
    if (this.#calls > 0) await this.#quiet.promise;
    this.#ending = new AbortController();
    await this.#opened[Symbol.asyncDispose]();
    try {
      this.#opened = await openEngineOn({ ...this.#options, configuration, actor });
      this.#configuration = configuration;
    } catch (error) {
      this.#opened = await openEngineOn({ ...this.#options, configuration: this.#configuration });
      throw error;
    }
  }

  async #on<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    while (this.#replacing !== undefined) await this.#replacing;
    this.#calls += 1;
    try {
      return await work(this.#opened.engine);
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0) {
        this.#quiet.resolve();
        this.#quiet = Promise.withResolvers();
      }
    }
  }

  /** The same for what may take long and can be done again: it is stopped when the engine is replaced, which waits for its end. */
  #untilReplaced<T>(signal: AbortSignal, work: (engine: Engine, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#on(async (engine) => {
      const ending = this.#ending.signal;
      try {
        return await work(engine, AbortSignal.any([signal, ending]));
      } catch (error) {
        throw ending.aborted && !signal.aborted ? ending.reason : error;
      }
    });
  }

  /** The same for what only asks others, who may be slow to answer: nothing waits for that. */
  #unlessReplaced<T>(signal: AbortSignal, work: (engine: Engine, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#untilReplaced(signal, async (engine, until) => {
      const stopped = Promise.withResolvers<never>();
      const stop = (): void => stopped.reject(until.reason);
      until.addEventListener('abort', stop, { once: true });
      try {
        const done = work(engine, until);
        done.catch(() => {});
        return await Promise.race([done, stopped.promise]);
      } finally {
        until.removeEventListener('abort', stop);
      }
    });
  }

  runCycle: Engine['runCycle'] = (...args) => this.#on((engine) => engine.runCycle(...args));
  provision: Engine['provision'] = (...args) => this.#on((engine) => engine.provision(...args));
  decide: Engine['decide'] = (...args) => this.#on((engine) => engine.decide(...args));
  savePlan: Engine['savePlan'] = (...args) => this.#on((engine) => engine.savePlan(...args));
  release: Engine['release'] = (...args) => this.#on((engine) => engine.release(...args));
  clearQuarantine: Engine['clearQuarantine'] = (...args) => this.#on((engine) => engine.clearQuarantine(...args));
  assess: Engine['assess'] = (...args) => this.#on((engine) => engine.assess(...args));
  syncPasswords: Engine['syncPasswords'] = (signal, connector) =>
    this.#untilReplaced(signal, (engine, until) => engine.syncPasswords(until, connector));
  passwordsMoved: Engine['passwordsMoved'] = (connector, signal) =>
    this.#unlessReplaced(signal, (engine, until) => engine.passwordsMoved(connector, until));
  moved: Engine['moved'] = (signal) => this.#unlessReplaced(signal, (engine, until) => engine.moved(until));
  contacts: Engine['contacts'] = () => this.#on((engine) => engine.contacts());
  check: Engine['check'] = (signal) => this.#unlessReplaced(signal, (engine, until) => engine.check(until));
  status: Engine['status'] = () => this.#on((engine) => engine.status());
  cycles: Engine['cycles'] = (...args) => this.#on((engine) => engine.cycles(...args));
  cycle: Engine['cycle'] = (...args) => this.#on((engine) => engine.cycle(...args));
  plan: Engine['plan'] = (...args) => this.#on((engine) => engine.plan(...args));
  operations: Engine['operations'] = (...args) => this.#on((engine) => engine.operations(...args));
  skipped: Engine['skipped'] = (...args) => this.#on((engine) => engine.skipped(...args));
  failing: Engine['failing'] = (...args) => this.#on((engine) => engine.failing(...args));
  troubles: Engine['troubles'] = () => this.#on((engine) => engine.troubles());
  lags: Engine['lags'] = (...args) => this.#on((engine) => engine.lags(...args));
  object: Engine['object'] = (...args) => this.#on((engine) => engine.object(...args));
  objects: Engine['objects'] = (...args) => this.#on((engine) => engine.objects(...args));
  explain: Engine['explain'] = (...args) => this.#on((engine) => engine.explain(...args));
  log: Engine['log'] = (...args) => this.#on((engine) => engine.log(...args));
  verifyLog: Engine['verifyLog'] = () => this.#on((engine) => engine.verifyLog());

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#replacing;
    await this.#opened[Symbol.asyncDispose]();
  }
}
