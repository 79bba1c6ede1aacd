import { loadConfiguration } from '../../src/config/index.ts';
import { levels } from '../../src/model/index.ts';
import { openDataFolder } from '../data-folder.ts';
import { eventCreateOf } from '../logs/event-log.ts';
import { openService } from '../service.ts';
import { command, dataFolderOf, oneOf, parseListen } from './command.ts';

/** Where the API listens unless told otherwise. */
export const defaultListen = '127.0.0.1:7373';

export const daemonCommand = command({
  name: 'daemon',
  usage: ['daemon [--listen HOST:PORT] [--log-level error|warn|info|debug]'],
  summary:
    'Keeps the tenant in step until it is told to stop; serves the HTTP API on loopback. Logs to stderr and DIR/logs.',
  options: {
    listen: { type: 'string', default: defaultListen },
    'log-level': { type: 'string', default: 'info' },
  },
  async run({ values, terminal }) {
    const listen = parseListen(values.listen);
    const logLevel = oneOf('--log-level', values['log-level'], levels);
    const configuration = loadConfiguration(values.config);
    const { env, now } = terminal;
    const ended = Promise.withResolvers<void>();
    // Awaited only once everything is open.
    ended.promise.catch(() => {});
    using folder = openDataFolder(dataFolderOf(values.data, terminal));
    await using service = await openService({
      configuration,
      folder,
      listen,
      logLevel,
      echo: (line) => terminal.err(`${line}\n`),
      eventCreate: eventCreateOf(process.platform, env),
      env,
      now,
      died: ended.reject,
    });
    terminal.out(`CloudSync listens on ${service.url}; its token is in ${service.tokens.operatorFile}\n`);
    await Promise.race([service.schedule(terminal.signal), ended.promise]);
    return 0;
  },
});
