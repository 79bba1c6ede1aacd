import { join } from 'node:path';
import type { LoadedConfiguration } from '../src/config/index.ts';
import type { Engine } from '../src/engine/index.ts';
import type { Log } from '../src/model/index.ts';
import { startEngineThread } from './engine-thread.ts';
import type { ThreadEndedError } from './errors.ts';
import { startSandboxThread, type TenantEntrance } from './sandbox-thread.ts';

export interface OpenEngineOptions {
  readonly configuration: LoadedConfiguration;
  readonly dataDirectory: string;
  /** Who puts the configuration into force, for the log. */
  readonly actor?: string | undefined;
  /** What the engine may look up secrets in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly died: (error: ThreadEndedError) => void;
}

export interface OpenedEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** The embedded tenant, where the configuration asks for it. */
  readonly sandbox: TenantEntrance | undefined;
}

/** The engine on a data folder this process holds, with the embedded tenant beside it when the cloud is `sandbox`. */
export async function openEngineOn(options: OpenEngineOptions): Promise<OpenedEngine> {
  const { configuration, dataDirectory, actor, env, log, died } = options;
  const { tenant, forests } = configuration.document;
  await using disposables = new AsyncDisposableStack();
  let sandbox: TenantEntrance | undefined;
  if (tenant.cloud === 'sandbox') {
    const domains = new Set([tenant.id, ...forests.flatMap((forest) => forest.domains.map((domain) => domain.name))]);
    const thread = await startSandboxThread(
      {
        listen: { host: '127.0.0.1', port: 0 },
        dataDirectory: join(dataDirectory, 'sandbox'),
        domains: [...domains].filter((name) => name.includes('.')),
        profile: { syncApi: { activated: tenant.target === 'syncApi' } },
      },
      died,
    );
    sandbox = disposables.use(thread).access;
  }
  const engine = disposables.use(
    await startEngineThread({ configuration, dataDirectory, actor, sandbox, env, log, died }),
  );
  const kept = disposables.move();
  return { engine, sandbox, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
