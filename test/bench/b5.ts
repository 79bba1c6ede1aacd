import { type Bench, machine, row } from './measure.ts';
import type { QuotaRun } from './quota-run.ts';
import { runScript } from './reader.ts';

/** What the tenant documents for one application: 3,000 writes in 150 s. */
const writesPerSecond = 20;
const membersPerWrite = 20;
const perGroup = 2_000;

/** B5: nothing but the tenant's quota bounds a first sync, over TLS into the sandbox, in virtual time. */
export const b5: Bench = async ({ quick, seed, note }) => {
  const users = quick ? 4_000 : 100_000;
  const groups = Array.from({ length: users / perGroup }, () => perGroup);
  const memberships = groups.length * perGroup;
  const needed = users + groups.length + memberships / membersPerWrite;
  const theory = needed / writesPerSecond;
  const count = (n: number): string => n.toLocaleString('en');
  const figure = { bench: 'B5', machine: machine(seed, true) };
  const rows = [];
  for (const faults of [0, 0.01]) {
    const run = await runScript<QuotaRun>('quota-run.ts', JSON.stringify({ users, groups, faults, seed }));
    if (run.users !== users) throw new Error(`${run.users} users were made of ${users}`);
    note(
      `${count(needed)} writes with ${faults * 100} % faults: ${run.seconds.toFixed(0)} s of ${theory.toFixed(0)} s`,
    );
    const under = faults === 0 ? '' : `, ${faults * 100} % faults`;
    const what = `${count(users)} creates and ${count(memberships)} memberships under the quota${under}`;
    rows.push(
      row({
        ...figure,
        what: `${what}, against writes / ${writesPerSecond} per second`,
        unit: 's (virtual)',
        values: [run.seconds],
        reference: [theory],
        goal: faults === 0 ? 1.01 : 1.1,
      }),
      row({
        ...figure,
        what: `writes per write needed, ${what}`,
        unit: 'ratio',
        values: [run.writes / needed],
        goal: 1.02,
      }),
    );
    if (faults === 0) {
      const share = (100 * run.throttled) / run.writes;
      rows.push(row({ ...figure, what: `refused by the quota, ${what}`, unit: '%', values: [share], goal: 0.1 }));
    }
  }
  return rows;
};
