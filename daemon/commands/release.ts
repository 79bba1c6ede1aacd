import { z } from 'zod';
import { loadConfiguration } from '../../src/config/index.ts';
import { type ObjectQuery, ObjectUnknownError } from '../../src/engine/index.ts';
import { CloudSyncError } from '../../src/model/index.ts';
import { withEngineHere } from '../engine-here.ts';
import { DaemonRefusedError, ObjectNotFoundError } from '../errors.ts';
import { objectQueries } from '../object-name.ts';
import { command, stateFolderOf, userName } from './command.ts';
import { byDaemonOrHere, callDaemon } from './daemon-call.ts';

const released = z.object({ kind: z.string(), displayName: z.string() });
type Released = z.infer<typeof released>;

export const releaseCommand = command({
  name: 'release',
  usage: ['release ANCHOR|DN|UPN|MAIL|TENANT-ID|OBJECT-GUID'],
  summary:
    'Lets an object that was denied, undone or refused follow the directory again with the next cycle. A daemon that runs is told.',
  options: {},
  positionals: [1, 1],
  async run({ values, positionals: [name = ''], terminal }) {
    const data = stateFolderOf(values.data, terminal);
    const { kind, displayName } = await byDaemonOrHere(
      () => first(name, (query) => callDaemon(data, 'operator', '/api/v1/objects/release', query, released)),
      () =>
        withEngineHere({ configuration: loadConfiguration(values.config), data, terminal }, (engine) =>
          first(name, (query) => engine.release(query, userName())),
        ),
    );
    terminal.out(`Released: ${kind} ${displayName}. The next cycle brings it to what the directory says.\n`);
    return 0;
  },
});

/** By the first meaning of the name under which there is an object. */
async function first(name: string, release: (query: ObjectQuery) => Promise<Released>): Promise<Released> {
  for (const query of objectQueries(name)) {
    try {
      return await release(query);
    } catch (error) {
      if (!(error instanceof CloudSyncError)) throw error;
      const code = error instanceof DaemonRefusedError ? error.report().object : error.code;
      if (code !== ObjectUnknownError.code) throw error;
    }
  }
  throw new ObjectNotFoundError(name);
}
