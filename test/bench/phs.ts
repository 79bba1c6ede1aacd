import { createHash } from 'node:crypto';
import { openWorld } from '../e2e/world.ts';
import { type Forest, startForest } from '../samba/index.ts';
import { createReplicator, createUsers, dropListsOfUsers } from '../samba/replicators.ts';
import { type Bench, type Figure, machine, rounds, row, seconds } from './measure.ts';
import { runScript } from './reader.ts';

const signal = new AbortController().signal;
const secret = 'Rep.lic8te!';
const few = 1000;

/** Password hashes: a thousand users from Samba to the sandbox tenant, over LDAPS and replication; and a large domain. */
export const phs: Bench = async ({ quick, runs, seed, note }) => {
  const on = machine(seed, true);
  const rowOf = (what: string, unit: string, values: readonly number[], goal?: number) =>
    row({ bench: 'PHS', what, unit, values, goal, machine: on } satisfies Figure);
  const whole = await rounds(runs, () => wholeRun(seed));
  const many = quick ? 2000 : 100_000;
  const large = await largeDomain(seed, many, quick ? 1 : 3, note);
  return [
    rowOf(
      `${few} users: first run, objects and passwords`,
      's',
      whole.map(({ first }) => first),
      3,
    ),
    rowOf(
      `${few} users: first run, passwords alone`,
      's',
      whole.map(({ firstPasswords }) => firstPasswords),
    ),
    rowOf(
      `${few} users: run without a change, objects and passwords`,
      's',
      whole.map(({ again }) => again),
      0.3,
    ),
    rowOf(
      `${few} users: run without a change, passwords alone`,
      's',
      whole.map((one) => one.againPasswords),
    ),
    rowOf(
      `${many} users: all hashes read, in the tenant's form`,
      's',
      large.map((one) => one.seconds),
    ),
    rowOf(
      `${many} users: most memory the reading process held`,
      'MB',
      large.map((one) => one.bytes / 1e6),
      150,
    ),
  ];
};

/** A new tenant and a new forest each time; the engine stays open between the two runs, as in the daemon. */
async function wholeRun(seed: number) {
  await using world = await openWorld({ target: 'syncApi', more: 'passwords: { sync: true }\n' });
  await createUsers(world.forest, users(seed, 0, few));
  return await world.withEngine(async (engine) => {
    const cycle = () =>
      engine.runCycle({ type: 'delta', preview: false, trigger: 'manual' }, signal, { started() {}, progress() {} });
    const firstObjects = await seconds(cycle);
    const firstPasswords = await seconds(async () => {
      const { sent, failed, errors } = await engine.syncPasswords(signal);
      if (sent < few || failed > 0) throw new Error(`${sent} of ${few} passwords sent: ${JSON.stringify(errors)}`);
    });
    const againObjects = await seconds(cycle);
    const againPasswords = await seconds(async () => {
      const { sent } = await engine.syncPasswords(signal);
      if (sent > 0) throw new Error(`${sent} passwords sent again`);
    });
    return {
      first: firstObjects + firstPasswords,
      firstPasswords,
      again: againObjects + againPasswords,
      againPasswords,
    };
  });
}

async function largeDomain(seed: number, many: number, runs: number, note: (text: string) => void) {
  await using forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  await createReplicator(forest, 'svc', secret, ['getChanges', 'getChangesAll']);
  note(`adding ${many} users`);
  await dropListsOfUsers(forest);
  await createUsers(forest, users(seed, 0, many));
  return await rounds(runs, () => readAll(forest, many));
}

/** Hashes of random passwords are any bits: so they come from the seed. */
function* users(seed: number, from: number, to: number) {
  for (let i = from; i < to; i += 1) {
    yield { name: `user${i}`, ntHash: createHash('md5').update(`${seed}/${i}`).digest() };
  }
}

interface Read {
  readonly seconds: number;
  readonly hashes: number;
  readonly bytes: number;
}

async function readAll(forest: Forest, atLeast: number): Promise<Read> {
  const result = await runScript<Read>(
    'read-passwords.ts',
    forest.address,
    forest.domain,
    `svc@${forest.domain}`,
    secret,
  );
  if (result.hashes < atLeast) throw new Error(`${result.hashes} hashes of ${atLeast} came`);
  return result;
}
