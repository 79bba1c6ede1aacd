import { domainLdif } from '../slapd/directory.ts';
import { startSlapd } from '../slapd/index.ts';
import { type Bench, machine, rounds, row, seconds } from './measure.ts';
import { ldapsearch, runScript } from './reader.ts';
import type { BenchRow } from './row.ts';

const megabyte = 2 ** 20;

interface Reading {
  readonly seconds: number;
  readonly users: number;
  readonly bytes: number;
}

/** B1: a full read of a domain into typed records, beside `ldapsearch` reading the same pages to nowhere. */
export const b1: Bench = async ({ quick, runs, seed, note }) => {
  const rows: BenchRow[] = [];
  const on = machine(seed, false);
  // Twice the size must not take more memory: that is what makes a million possible.
  for (const users of quick ? [5000] : [100_000, 500_000, 1_000_000]) {
    note(`loading ${users} users into slapd`);
    await using server = await startSlapd(domainLdif({ users, seed }));
    const size = users.toLocaleString('en');
    const measured = await rounds(users > 100_000 ? 1 : runs, async () => {
      const reference = await seconds(() => ldapsearch(server));
      const ours = await runScript<Reading>('read-directory.ts', server.url, server.user, server.password);
      if (ours.users !== users) throw new Error(`read ${ours.users} users of ${users}`);
      note(`${size} users: ${ours.seconds.toFixed(2)} s, ldapsearch ${reference.toFixed(2)} s`);
      return { reference, ours };
    });
    const bench = 'B1';
    rows.push(
      row({
        bench,
        what: `full read of ${size} users into typed records, against ldapsearch`,
        unit: 's',
        values: measured.map(({ ours }) => ours.seconds),
        reference: measured.map(({ reference }) => reference),
        goal: 1,
        machine: on,
      }),
      row({
        bench,
        what: `resident memory of that read at its highest, ${size} users`,
        unit: 'MB',
        values: measured.map(({ ours }) => ours.bytes / megabyte),
        goal: 120,
        machine: on,
      }),
    );
  }
  return rows;
};
