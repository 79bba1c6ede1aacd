import { openPasswordReader, toCloudForm } from '../../src/password/index.ts';

/**
 * `read-passwords.ts ADDRESS DOMAIN USER PASSWORD`: all hashes of a domain in the tenant's form, by a process of its own,
 * so that its memory is that of the read. Prints `{seconds, hashes, bytes}`, `bytes` being the most it ever held.
 */
const [address = '', domain = '', user = '', password = ''] = process.argv.slice(2);
const signal = new AbortController().signal;
const start = process.hrtime.bigint();
await using reader = openPasswordReader({
  domain,
  servers: async () => [address],
  user,
  credential: () => ({ password }),
  signIn: 'kerberos',
  now: () => new Date(),
});
let hashes = 0;
for await (const event of reader.changes(undefined, signal)) {
  if (event.type !== 'page') continue;
  const forms = event.changes.flatMap(({ password: one }) => (one.kind === 'hash' ? [toCloudForm(one.hash)] : []));
  hashes += (await Promise.all(forms)).length;
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(JSON.stringify({ seconds, hashes, bytes: process.resourceUsage().maxRSS * 1024 }));
