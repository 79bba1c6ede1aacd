import type { LoadedConfiguration } from '../src/config/index.ts';
import type { Engine } from '../src/engine/index.ts';
import type { Level } from '../src/model/index.ts';
import { dataFolderOf, type Terminal, userName } from './commands/command.ts';
import { openDataFolder } from './data-folder.ts';
import { Logs } from './logs/logs.ts';
import { Redactor } from './logs/redact.ts';
import { openEngineOn } from './open-engine.ts';
import { knowSecrets } from './secrets.ts';
import { SecretVault } from './vault/vault.ts';

export interface Here {
  readonly configuration: LoadedConfiguration;
  readonly data: string | undefined;
  readonly terminal: Terminal;
  readonly level?: Level;
}

/** Opens the engine on a data folder for the length of one command: the folder is this process's, as a daemon's would be. */
export async function withEngineHere<T>(
  { configuration, data, terminal, level = 'info' }: Here,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { env, now } = terminal;
  const ended = Promise.withResolvers<never>();
  // Awaited only while the work runs.
  ended.promise.catch(() => {});
  using folder = openDataFolder(dataFolderOf(data, terminal));
  const redactor = new Redactor();
  knowSecrets(redactor, configuration, env, new SecretVault(folder.path, env));
  await using logs = new Logs({ dataDirectory: folder.path, level, redactor, now });
  await using opened = await openEngineOn({
    configuration,
    dataDirectory: folder.path,
    actor: userName(),
    env,
    log: logs.of('engine'),
    died: ended.reject,
  });
  return await Promise.race([work(opened.engine), ended.promise]);
}
