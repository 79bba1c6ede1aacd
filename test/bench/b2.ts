import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domainLdif } from '../slapd/directory.ts';
import { startSlapd } from '../slapd/index.ts';
import { type Bench, machine, rounds, row, seconds } from './measure.ts';
import { ldapsearch, runScript } from './reader.ts';

interface Import {
  readonly first: number;
  readonly again: number;
  readonly objects: number;
  readonly changedAgain: number;
  readonly bytes: number;
}

/** B2: the same read into the durable state, and once more with nothing changed; the reference only reads. */
export const b2: Bench = async ({ quick, runs, seed, note }) => {
  const size = quick ? { users: 5000, groups: 100, links: 5000 } : { users: 100_000, groups: 2000, links: 100_000 };
  const on = machine(seed, false);
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-b2-'));
  try {
    note(`loading ${size.users} users, ${size.groups} groups and ${size.links} links into slapd`);
    await using server = await startSlapd(domainLdif({ ...size, seed }));
    let round = 0;
    const measured = await rounds(runs, async () => {
      const reference = await seconds(() => ldapsearch(server, ['member', 'groupType']));
      round += 1;
      const file = join(folder, `${round}.db`);
      const ours = await runScript<Import>('import-directory.ts', server.url, server.user, server.password, file);
      if (ours.objects < size.users + size.groups || ours.changedAgain !== 0) throw new Error(JSON.stringify(ours));
      note(`first ${ours.first.toFixed(2)} s, again ${ours.again.toFixed(2)} s, ldapsearch ${reference.toFixed(2)} s`);
      return { reference, ours };
    });
    const count = `${size.users.toLocaleString('en')} users, ${size.groups} groups, ${size.links.toLocaleString('en')} links`;
    const reference = measured.map((one) => one.reference);
    const figure = { bench: 'B2', unit: 's', reference, machine: on };
    return [
      row({
        ...figure,
        what: `first import of ${count} into the durable state, against ldapsearch`,
        values: measured.map(({ ours }) => ours.first),
        goal: 3,
      }),
      row({
        ...figure,
        what: 'the same read again with nothing changed, against ldapsearch',
        values: measured.map(({ ours }) => ours.again),
        goal: 1.5,
      }),
      row({
        bench: 'B2',
        what: 'resident memory of both at its highest',
        unit: 'MB',
        values: measured.map(({ ours }) => ours.bytes / 2 ** 20),
        machine: on,
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
};
