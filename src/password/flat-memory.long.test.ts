import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Forest, startForest } from '../../test/samba/index.ts';
import { createReplicator, createUsers, dropListsOfUsers } from '../../test/samba/replicators.ts';
import { ntHashOf } from './crypto/md4.ts';
import { openPasswordReader } from './index.ts';

const count = 100_000;
const secret = 'Rep.lic8te!';
const signal = new AbortController().signal;
let forest: Forest;

function* users() {
  for (let i = 0; i < count; i += 1) yield { name: `user${i}`, ntHash: ntHashOf(`Bulk-Pine.${i}`) };
}

beforeAll(async () => {
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  await createReplicator(forest, 'svc', secret, ['getChanges', 'getChangesAll']);
  await dropListsOfUsers(forest);
  await createUsers(forest, users());
}, 7_200_000);
afterAll(() => forest[Symbol.asyncDispose]());

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Bytes alive: what a collection leaves. */
function alive(): number {
  if (typeof collect === 'function') collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test.each(['kerberos', 'ntlm'] as const)('100,000 hashes come right by %s, and memory stays flat', async (signIn) => {
  await using reader = openPasswordReader({
    domain: forest.domain,
    servers: async () => [forest.address],
    user: `svc@${forest.domain}`,
    credential: () => ({ password: secret }),
    signIn,
    now: () => new Date(),
  });
  let right = 0;
  let pages = 0;
  let early = 0;
  let most = 0;
  for await (const event of reader.changes(undefined, signal)) {
    if (event.type !== 'page') continue;
    pages += 1;
    for (const { dn, password } of event.changes) {
      const [, number] = /^CN=user(\d+),/.exec(dn) ?? [];
      if (number === undefined || password.kind !== 'hash') continue;
      right += Number(password.hash.use((bytes) => ntHashOf(`Bulk-Pine.${number}`).equals(bytes)));
    }
    if (pages === 5) early = alive();
    if (pages > 5) most = Math.max(most, alive());
  }
  expect(right).toBe(count);
  expect(pages).toBeGreaterThanOrEqual(count / 1000);
  console.log(`alive after 5 pages ${early}, most in the ${pages - 5} pages after them ${most}`);
  expect(most - early).toBeLessThan(4 * 2 ** 20);
});
