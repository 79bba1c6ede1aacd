import type { LoadedConfiguration } from '../src/config/index.ts';
import { type Engine, reportOf } from '../src/engine/index.ts';
import type { Level } from '../src/model/index.ts';
import { IdempotentAnswers } from './api/idempotent-answers.ts';
import { needLoopback, type Patience, startApiServer } from './api/server.ts';
import { makeTokens, type Tokens } from './api/tokens.ts';
import { ConfigurationInForce } from './configurations/in-force.ts';
import { Cycles } from './cycles.ts';
import { writeDaemonFile } from './daemon-file.ts';
import { openDashboard } from './dashboard/dashboard.ts';
import type { DataFolder } from './data-folder.ts';
import { EngineHost } from './engine-host.ts';
import { LastContacts } from './last-contacts.ts';
import { EventLog } from './logs/event-log.ts';
import { Logs } from './logs/logs.ts';
import { Redactor } from './logs/redact.ts';
import { Metrics } from './metrics.ts';
import { runPasswordSync } from './password-sync.ts';
import type { TenantEntrance } from './sandbox-thread.ts';
import { ScheduleSettings } from './schedule.ts';
import { Scheduler } from './scheduler.ts';
import { knowSecrets } from './secrets.ts';
import { SecretVault } from './vault/vault.ts';
import { version } from './version.ts';

export interface ServiceOptions {
  readonly configuration: LoadedConfiguration;
  /** Held by this process for as long as the service is open. */
  readonly folder: DataFolder;
  readonly listen: { readonly host: string; readonly port: number; readonly patience?: Patience };
  readonly logLevel: Level;
  /** Gets each line of the log as well. */
  readonly echo?: (line: string) => void;
  /** The program that writes the event log of Windows; without it only files are written. */
  readonly eventCreate?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Something ended that the daemon cannot be without. */
  readonly died: (error: Error) => void;
}

/** The daemon with all its parts, open. Closing it ends a running cycle cleanly and takes down everything in turn. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly tokens: Tokens;
  readonly engine: Engine;
  readonly cycles: Cycles;
  readonly settings: ScheduleSettings;
  readonly sandbox: TenantEntrance | undefined;
  /** Starts cycles and the password sync as scheduled until aborted. */
  schedule(signal: AbortSignal): Promise<void>;
}

export async function openService(options: ServiceOptions): Promise<Service> {
  const { configuration, folder, listen, env, now } = options;
  needLoopback(listen);
  const dataDirectory = folder.path;
  const startedAt = now();
  await using disposables = new AsyncDisposableStack();
  const redactor = new Redactor();
  const vault = new SecretVault(dataDirectory, env);
  knowSecrets(redactor, configuration, env, vault);
  const { logLevel: level, echo } = options;
  const logs = disposables.use(
    new Logs({ dataDirectory, level, redactor, now, ...(echo === undefined ? {} : { echo }) }),
  );
  if (options.eventCreate !== undefined) disposables.use(new EventLog(options.eventCreate, logs));
  const log = logs.of('daemon');
  log('info', 'starting', {
    version,
    pid: process.pid,
    configuration: configuration.file,
    digest: configuration.digest,
  });
  disposables.defer(() => log('info', 'stopped', {}));
  const died = (error: Error): void => {
    log('error', 'threadEnded', { ...reportOf(error), stack: error.stack });
    options.died(error);
  };
  const engine = disposables.use(
    await EngineHost.open({ configuration, dataDirectory, env, log: logs.of('engine'), died }),
  );
  const { sandbox } = engine;
  if (sandbox !== undefined) redactor.know(sandbox.clientSecret);
  const cycles = new Cycles(engine, (error) => log('error', 'listenerFailed', { error }));
  disposables.defer(() => cycles.close());
  const settings = new ScheduleSettings(dataDirectory, configuration.document.schedule);
  const scheduler = new Scheduler({ engine, cycles, settings, now, log: logs.of('scheduler') });
  const contacts = new LastContacts(engine);
  const metrics = new Metrics({ engine, contacts, cycles, settings });
  const tokens = makeTokens(dataDirectory);
  for (const secret of tokens.secrets) redactor.know(secret);
  const answers = new IdempotentAnswers(dataDirectory, redactor, now);
  const known = (loaded: LoadedConfiguration): void => knowSecrets(redactor, loaded, env, vault);
  // Files and the vault may hold others by now.
  disposables.use(cycles.listen(({ type }) => type === 'started' && known(engine.configuration)));
  const configurations = new ConfigurationInForce({
    dataDirectory,
    engine,
    cycles,
    settings,
    known,
    secrets: { env, vault: (name) => vault.get(name) },
    now,
    log,
  });
  const server = disposables.use(
    await startApiServer({
      context: {
        engine,
        contacts,
        cycles,
        scheduler,
        settings,
        logs,
        metrics,
        answers,
        vault,
        redactor,
        configurations,
        dashboard: openDashboard(now),
        dataDirectory,
        startedAt,
        now,
      },
      tokens,
      ...listen,
      log: logs.of('api'),
    }),
  );
  const { url } = server;
  disposables.use(
    writeDaemonFile(dataDirectory, {
      url,
      tokenFile: tokens.operatorFile,
      readerTokenFile: tokens.readerFile,
      startedAt: startedAt.toISOString(),
    }),
  );
  log('info', 'listening', { url });
  disposables.defer(() => log('info', 'stopping', {}));
  const stopping = new AbortController();
  const loops: Promise<unknown>[] = [];
  // Whoever stops waiting for the schedule, as when a thread died, leaves nothing running behind.
  disposables.defer(async () => {
    stopping.abort();
    await Promise.all(loops);
  });
  const kept = disposables.move();
  return {
    url,
    tokens,
    engine,
    cycles,
    settings,
    sandbox,
    async schedule(signal) {
      const until = AbortSignal.any([signal, stopping.signal]);
      const running = Promise.all([
        scheduler.run(until),
        runPasswordSync({ engine, cycles, settings, log: logs.of('passwords') }, until),
      ]);
      loops.push(running.catch(() => {}));
      await running;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
