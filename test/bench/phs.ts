import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPasswordReader, toCloudForm } from '../../src/password/index.ts';
import { type Forest, startForest } from '../samba/index.ts';
import { createReplicator, createUsers, dropListsOfUsers } from '../samba/replicators.ts';
import { type Bench, machine, rounds, row, seconds } from './measure.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
const secret = 'Rep.lic8te!';

/** Password hashes: one thousand users from Samba to the tenant's form, with a sign-in each; and a large domain. */
export const phs: Bench = async ({ quick, runs, seed, note }) => {
  const many = quick ? 2000 : 100_000;
  const few = 1000;
  await using forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  await createReplicator(forest, 'svc', secret, ['getChanges', 'getChangesAll']);
  await createUsers(forest, users(seed, 0, few));
  const measured = await rounds(runs, async () => {
    let cookie: string | undefined;
    const first = await seconds(async () => {
      cookie = await read(forest, undefined, few);
    });
    const again = await seconds(() => read(forest, cookie, 0));
    return { first, again };
  });
  note(`adding users up to ${many}`);
  if (!quick) await dropListsOfUsers(forest);
  await createUsers(forest, users(seed, few, many));
  const large = await rounds(quick ? 1 : 3, () => readAll(forest, many));
  const on = machine(seed, true);
  const bench = 'PHS';
  return [
    row({
      bench,
      what: `${few} users: sign-in, all hashes by replication, in the tenant's form`,
      unit: 's',
      values: measured.map(({ first }) => first),
      goal: 3,
      machine: on,
    }),
    row({
      bench,
      what: `${few} users: sign-in, and nothing has changed`,
      unit: 's',
      values: measured.map(({ again }) => again),
      goal: 0.3,
      machine: on,
    }),
    row({
      bench,
      what: `${many} users: all hashes in the tenant's form`,
      unit: 's',
      values: large.map((one) => one.seconds),
      machine: on,
    }),
    row({
      bench,
      what: `${many} users: most memory the process held`,
      unit: 'MB',
      values: large.map((one) => one.bytes / 1e6),
      goal: 150,
      machine: on,
    }),
  ];
};

/** Random passwords are hashes of any bits: so the bits come from the seed. */
function* users(seed: number, from: number, to: number) {
  for (let i = from; i < to; i += 1) {
    yield { name: `user${i}`, ntHash: createHash('md5').update(`${seed}/${i}`).digest() };
  }
}

/** One run as the engine makes it; gives its cookie. */
async function read(forest: Forest, cookie: string | undefined, atLeast: number): Promise<string> {
  await using reader = openPasswordReader({
    domain: forest.domain,
    servers: async () => [forest.address],
    user: `svc@${forest.domain}`,
    credential: () => ({ password: secret }),
    signIn: 'kerberos',
    now: () => new Date(),
  });
  let forms = 0;
  for await (const event of reader.changes(cookie, signal)) {
    if (event.type === 'complete') {
      if (forms < atLeast) throw new Error(`${forms} hashes of ${atLeast} came`);
      return event.cookie;
    }
    if (event.type !== 'page') continue;
    const all = event.changes.flatMap(({ password }) => (password.kind === 'hash' ? [toCloudForm(password.hash)] : []));
    forms += (await Promise.all(all)).length;
  }
  throw new Error('the read did not end');
}

async function readAll(forest: Forest, atLeast: number): Promise<{ readonly seconds: number; readonly bytes: number }> {
  const script = join(import.meta.dirname, 'read-passwords.ts');
  const args = [script, forest.address, forest.domain, `svc@${forest.domain}`, secret];
  const { stdout } = await run(process.execPath, args);
  const result = JSON.parse(stdout) as { readonly seconds: number; readonly hashes: number; readonly bytes: number };
  if (result.hashes < atLeast) throw new Error(`${result.hashes} hashes of ${atLeast} came`);
  return result;
}
