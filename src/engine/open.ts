import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfiguration, Vault } from '../config/index.ts';
import type { ConnectorName, Log } from '../model/index.ts';
import type { PasswordReader } from '../password/index.ts';
import { compileRules } from '../rules/index.ts';
import type { Source } from '../source/index.ts';
import { openState, openStateReader, type State } from '../state/index.ts';
import type { TenantAccess } from '../target/index.ts';
import { assess } from './assess.ts';
import { checkAll } from './check-all.ts';
import { type Connector, connectorsOf, type EngineContext } from './context.ts';
import { runAlone, runStages } from './cycle.ts';
import { CycleRun } from './cycle-run.ts';
import { decide } from './decide.ts';
import type { CycleListener, Engine } from './engine.ts';
import { CycleInterruptedError, CycleRunningError, reportOf, UnexpectedError } from './errors.ts';
import { parseWatermark } from './import.ts';
import { provisionOnDemand } from './on-demand.ts';
import { connectorNamed, openPasswords, openSource } from './open-source.ts';
import { openTarget } from './open-target.ts';
import { PasswordSync } from './passwords.ts';
import { logDecision } from './provisioning-log.ts';
import { isResting } from './quarantine.ts';
import { openQueries } from './queries.ts';
import { refuseStart } from './refuse-start.ts';
import { clearQuarantine, release, savePlan } from './release.ts';
import type { StartCycle } from './shapes.ts';
import { showCycle } from './show.ts';
import { supportOf } from './support.ts';
import { profileOf } from './target-options.ts';

export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives the secrets the host keeps, by the name the configuration has for them. */
  readonly vault?: Vault | undefined;
  readonly now: () => Date;
  readonly log: Log;
}

export interface EngineOptions {
  readonly configuration: LoadedConfiguration;
  readonly dataDirectory: string;
  /** A reader only looks: every method but `runCycle` and `moved`. The writer must have been opened once before. */
  readonly mode: 'writer' | 'reader';
  readonly environment: Environment;
  /** Who puts the configuration into force, for the log; the file where nobody did but its editor. */
  readonly actor?: string | undefined;
  /** How to reach the embedded sandbox tenant, when the configuration's cloud is `sandbox`. */
  readonly sandbox?: TenantAccess;
}

const silent: CycleListener = { started() {}, progress() {} };

/** One at a time in this process; the data folder's lock keeps other processes away. */
class SingleCycle {
  /** Its number once it has one. */
  #running: { readonly id: number | undefined } | undefined;

  enter(): void {
    this.refuseWhileRunning();
    this.#running = { id: undefined };
  }

  refuseWhileRunning(): void {
    if (this.#running !== undefined) throw new CycleRunningError(this.#running.id);
  }

  started(cycle: number): void {
    this.#running = { id: cycle };
  }

  leave(): void {
    this.#running = undefined;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }
}

/** Opens the engine on a data folder: builds every collaborator once and hands them down. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { configuration, dataDirectory, mode } = options;
  const { document } = configuration;
  const connectors = connectorsOf(configuration.document);
  const profile = profileOf(document);
  const rules = compileRules(document, supportOf(profile));
  const { now } = options.environment;
  const file = join(dataDirectory, 'state.db');
  if (mode === 'reader') {
    const reader = openStateReader(file);
    const writerOnly = async (): Promise<never> => {
      throw new UnexpectedError(new Error('this engine was opened as a reader'));
    };
    return {
      ...openQueries(reader.read, { configuration: document, profile, rules, connectors, now }),
      runCycle: writerOnly,
      provision: writerOnly,
      decide: writerOnly,
      savePlan: writerOnly,
      release: writerOnly,
      clearQuarantine: writerOnly,
      assess: writerOnly,
      syncPasswords: writerOnly,
      passwordsMoved: writerOnly,
      moved: writerOnly,
      contacts: writerOnly,
      check: writerOnly,
      async [Symbol.asyncDispose]() {
        reader[Symbol.dispose]();
      },
    };
  }
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  return openWriter(options, connectors, rules, file);
}

async function openWriter(
  { configuration, environment, sandbox, actor }: EngineOptions,
  connectors: readonly Connector[],
  rules: EngineContext['rules'],
  file: string,
): Promise<Engine> {
  const { now, log } = environment;
  await using disposables = new AsyncDisposableStack();
  const state = disposables.use(openState(file));
  const target = disposables.use(openTarget(configuration, environment, sandbox));
  const sources = new Map<ConnectorName, Source>();
  disposables.defer(async () => {
    for (const source of sources.values()) await source[Symbol.asyncDispose]();
  });
  const source = async (name: ConnectorName): Promise<Source> => {
    const open = sources.get(name) ?? openSource(configuration, environment, connectorNamed(connectors, name));
    sources.set(name, open);
    return open;
  };
  noteConfiguration(state, configuration, actor, now());
  const readers = new Map<ConnectorName, PasswordReader | undefined>();
  disposables.defer(async () => {
    for (const reader of readers.values()) await reader?.[Symbol.asyncDispose]();
  });
  const passwords = (name: ConnectorName): PasswordReader | undefined => {
    if (!readers.has(name))
      readers.set(name, openPasswords(configuration, environment, connectorNamed(connectors, name)));
    return readers.get(name);
  };
  const engine = engineOver({
    passwords,
    configuration: configuration.document,
    rules,
    state,
    target,
    connectors,
    source,
    opened: (name) => sources.get(name),
    now,
    log,
  });
  const kept = disposables.move();
  return {
    ...engine,
    check: (signal) => checkAll(configuration, environment, sandbox, signal),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A configuration that was not in force before is a decision, and logged as one. */
function noteConfiguration(
  state: State,
  { digest, file }: LoadedConfiguration,
  actor: string | undefined,
  at: Date,
): void {
  const before = state.read.facts.get('configurationDigest');
  if (before === digest) return;
  state.transact((tx) => {
    tx.facts.set('configurationDigest', digest);
    const detail = { digest, before: before ?? null, file };
    logDecision(tx, {
      at: at.toISOString(),
      action: 'configuration',
      status: 'success',
      actor: actor ?? file,
      detail,
    });
  });
}

/** The engine over collaborators that are open; they stay their owner's to close. */
export function engineOver(context: EngineContext): Omit<Engine, 'check' | typeof Symbol.asyncDispose> {
  const { configuration, rules, state, target, connectors, source, now } = context;
  const abandonOthers = (): void => {
    if (state.read.cycles.running() === undefined) return;
    const error = JSON.stringify(new CycleInterruptedError().report());
    state.transact((tx) => tx.cycles.abandon(now().toISOString(), error));
  };
  abandonOthers();
  const single = new SingleCycle();
  const passwordSync = new PasswordSync(context);
  const begin = (request: StartCycle, signal: AbortSignal, listener: CycleListener): CycleRun => {
    single.enter();
    try {
      refuseStart(state.read, request);
      // A full disk can keep a cycle from being written down as ended.
      abandonOthers();
      const preview = request.preview || configuration.staging;
      const run = new CycleRun(state, now, { ...request, preview }, signal, listener);
      run.redacted = rules.redacted;
      single.started(run.id);
      listener.started(shown(run.id));
      return run;
    } catch (error) {
      single.leave();
      throw error;
    }
  };
  const end = (): void => {
    single.leave();
    // The cycle has ended as it has ended: tidying is for the next.
    try {
      state.tidy();
    } catch (error) {
      context.log('warn', 'tidyFailed', { ...reportOf(error) });
    }
  };
  const shown = (cycle: number) => {
    const row = state.read.cycles.byId(cycle);
    if (row === undefined) throw new Error(`cycle ${cycle} is not in the state`);
    return showCycle(row);
  };
  return {
    ...openQueries(state.read, { configuration, profile: target.profile, rules, connectors, now }),
    async runCycle(request, signal, listener) {
      const run = begin(request, signal, listener);
      try {
        await runStages(context, run);
        return shown(run.id);
      } finally {
        end();
      }
    },
    async provision(request, signal) {
      const { apply, actor } = request;
      const run = begin({ type: 'onDemand', preview: !apply, trigger: 'manual', actor }, signal, silent);
      try {
        return await runAlone(context, run, () => provisionOnDemand(context, run, request));
      } finally {
        end();
      }
    },
    decide: async (decision) => decide(context, decision),
    async savePlan(cycle, saved, actor) {
      savePlan(context, cycle, saved, actor);
      return shown(cycle);
    },
    release: async (query, actor) => release(context, query, actor),
    clearQuarantine: async (scope, actor) => clearQuarantine(context, scope, actor),
    syncPasswords: (signal, connector) => passwordSync.run(signal, connector),
    passwordsMoved: (connector, signal) => passwordSync.moved(connector, signal),
    async assess(other, signal) {
      single.refuseWhileRunning();
      return await assess(context, other, signal);
    },
    async contacts() {
      return {
        connectors: connectors.map(({ name }) => ({
          connector: name,
          controllers: context.opened?.(name)?.controllers?.() ?? [],
        })),
        quota: target.quota?.() ?? null,
      };
    },
    async moved(signal) {
      if (single.isRunning) return false;
      // All at once: a forest that is down holds up no other.
      const answers = connectors.map(async ({ name }) => {
        const { watermark, retry_at: retryAt = null } = state.read.connectors.byName(name) ?? {};
        // A cycle would leave it out.
        if (isResting({ retryAt }, now())) return false;
        return watermark != null && (await (await source(name)).moved(parseWatermark(watermark), signal));
      });
      const anyMoved = Promise.any(
        answers.map(async (answer) => (await answer) || Promise.reject(new Error('not moved'))),
      );
      if (await anyMoved.catch(() => false)) return true;
      await Promise.all(answers);
      return false;
    },
  };
}
