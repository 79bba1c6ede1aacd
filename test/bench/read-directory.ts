import { connectorName } from '../../src/model/index.ts';
import { openActiveDirectory } from '../../src/source/index.ts';
import { domain, userAttributes } from '../slapd/directory.ts';

/**
 * `read-directory.ts URL USER PASSWORD`: one full read into typed records by a process of its own, so that its memory
 * is that of the read. Prints `{seconds, users, bytes}`, `bytes` being the most it ever held.
 */
const [url = '', user = '', password = ''] = process.argv.slice(2);
const start = process.hrtime.bigint();
await using source = openActiveDirectory({
  connector: connectorName('bench', domain),
  domain,
  servers: async () => [url],
  user,
  password: () => password,
  tls: {},
  clearText: true,
  now: () => new Date(),
});
let users = 0;
for await (const event of source.full({ signal: new AbortController().signal, attributes: userAttributes })) {
  if (event.type !== 'page') continue;
  for (const change of event.changes) if (change.type === 'object' && change.kind === 'user') users += 1;
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(JSON.stringify({ seconds, users, bytes: process.resourceUsage().maxRSS * 1024 }));
