import { connectorName, parseSid, sidFromBytes } from '../../src/model/index.ts';
import { openActiveDirectory } from '../../src/source/index.ts';
import { openState } from '../../src/state/index.ts';
import { domain, userAttributes } from '../slapd/directory.ts';

/**
 * `import-directory.ts URL USER PASSWORD FILE`: imports a domain into a state at FILE, then reads it in full once more
 * with nothing changed. Prints `{first, again, objects, changedAgain, bytes}`, in seconds and bytes.
 */
const [url = '', user = '', password = '', file = ''] = process.argv.slice(2);
const connector = connectorName('bench', domain);
const attributes = [...userAttributes, 'member', 'groupType'];
await using source = openActiveDirectory({
  connector,
  domain,
  servers: async () => [url],
  user,
  password: () => password,
  tls: {},
  clearText: true,
  now: () => new Date(),
});
using state = openState(file);
const id = state.transact((tx) => tx.connectors.ensure(connector, 'bench', domain));

/** As the engine's import: each page a transaction, the watermark with the last. */
async function read(): Promise<{ seconds: number; changed: number; read: number }> {
  const start = process.hrtime.bigint();
  const importer = state.importer(id, 'full');
  for await (const event of source.full({ signal: new AbortController().signal, attributes })) {
    const at = new Date().toISOString();
    if (event.type === 'begin') importer.begin();
    else if (event.type === 'complete')
      state.transact((tx) => {
        importer.complete();
        tx.connectors.complete(id, JSON.stringify(event.watermark), attributes, at);
      });
    else
      state.transact(() => {
        for (const change of event.changes) {
          if (change.type === 'links') importer.links(change.guid, change.attribute, change.part);
          else if (change.type === 'deleted') importer.deleted(change.guid);
          else {
            const [value] = change.attributes['objectSid'] ?? [];
            const sid = value instanceof Uint8Array ? sidFromBytes(value) : parseSid(value ?? '');
            importer.object({ ...change, sid }, at);
          }
        }
      });
  }
  const { changed, read } = importer.counts();
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, changed, read };
}

const first = await read();
const again = await read();
console.log(
  JSON.stringify({
    first: first.seconds,
    again: again.seconds,
    objects: first.read,
    changedAgain: again.changed,
    bytes: process.resourceUsage().maxRSS * 1024,
  }),
);
