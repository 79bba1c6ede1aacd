import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './engine-volume.ts';
import { type Bench, machine, row } from './measure.ts';
import { runScript } from './reader.ts';

interface Shape {
  readonly users: number;
  readonly groups?: readonly number[];
  readonly nested?: boolean;
  readonly steps: readonly string[];
}

/** Runs the engine over a made-up directory in a process of its own. */
async function run(shape: Shape): Promise<(step: string) => Step> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-bench-'));
  try {
    const task = JSON.stringify({ groups: [], ...shape });
    const steps = await runScript<Step[]>('engine-volume.ts', join(folder, 'state.db'), task);
    return (name) => {
      const found = steps.findLast(({ step }) => step === name);
      if (found === undefined) throw new Error(`no step ${name}`);
      return found;
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const count = (n: number): string => n.toLocaleString('en');

/** B3: a delta costs what changed, whatever there is. */
export const b3: Bench = async ({ quick, runs, seed, note }) => {
  const sizes = quick ? [2000, 10_000] : [10_000, 1_000_000];
  const on = machine(seed, false);
  const rows = [];
  const empties: number[] = [];
  for (const users of sizes) {
    note(`${count(users)} users`);
    const empty: number[] = [];
    const steps = await run({ users, steps: ['first', 'delta', ...Array(runs + 1).fill('empty')] });
    const delta = steps('delta');
    const idle = steps('empty');
    empty.push(idle.seconds * 1000);
    empties.push(idle.seconds * 1000);
    const what = `of ${count(users)} users: 1 % deleted, 1 % created, 5 % modified`;
    const figure = { bench: 'B3', machine: on };
    rows.push(
      row({
        ...figure,
        what: `entries read per change, ${what}`,
        unit: 'ratio',
        values: [delta.read / delta.changes],
        goal: 1.05,
      }),
      row({
        ...figure,
        what: `writes per change, ${what}`,
        unit: 'ratio',
        values: [delta.writes / delta.changes],
        goal: 1,
      }),
      row({ ...figure, what: `changes in a second, ${what}`, unit: '1/s', values: [delta.changes / delta.seconds] }),
      row({ ...figure, what: `an empty delta of ${count(users)} users`, unit: 'ms', values: empty, goal: 100 }),
      row({
        ...figure,
        what: `writes of an empty delta of ${count(users)} users`,
        unit: 'writes',
        values: [idle.writes],
        goal: 0,
      }),
    );
  }
  const [small = 0, large = 0] = empties;
  rows.push(
    row({
      bench: 'B3',
      what: 'an empty delta of the larger directory, against the smaller',
      unit: 'ms',
      values: [large],
      reference: [small],
      goal: 1.1,
      machine: on,
    }),
  );
  return rows;
};

/** B4: groups of any size: one change is one write, a first sync one write for twenty members, in flat memory. */
export const b4: Bench = async ({ quick, seed, note }) => {
  const sizes = quick ? [5000, 20_000] : [250_000, 1_000_000];
  const on = machine(seed, false);
  const figure = { bench: 'B4', machine: on };
  const rows = [];
  let smallest: readonly number[] | undefined;
  for (const members of sizes) {
    note(`a group of ${count(members)} members`);
    const steps = await run({ users: members, groups: [members], steps: ['first', 'member'] });
    const first = steps('first');
    const memory = [steps('member').bytes / 2 ** 20];
    const memberWrites = first.writes - members - 1;
    rows.push(
      row({
        ...figure,
        what: `writes per member, first sync of ${count(members)} members`,
        unit: 'writes',
        values: [memberWrites / members],
        goal: 1 / 20,
      }),
      row({
        ...figure,
        what: `writes for one member changed in ${count(members)}`,
        unit: 'writes',
        values: [steps('member').writes],
        goal: 1,
      }),
      row({
        ...figure,
        what: `one member changed in ${count(members)}`,
        unit: 'ms',
        values: [steps('member').seconds * 1000],
      }),
      row({
        ...figure,
        what: `resident memory at its highest, ${count(members)} members`,
        unit: 'MB',
        values: memory,
        ...(smallest === undefined ? {} : { reference: smallest, goal: 1.25 }),
      }),
    );
    smallest ??= memory;
  }
  const groups = quick ? 200 : 2000;
  const nested = async (n: number) =>
    (await run({ users: 100, groups: Array(n).fill(20), nested: true, steps: ['first'] }))('first');
  note(`nested groups, ${count(groups)} and twice that`);
  const once = await nested(groups);
  const twice = await nested(2 * groups);
  rows.push(
    row({
      ...figure,
      what: `${count(2 * groups)} nested groups, against ${count(groups)}`,
      unit: 's',
      values: [twice.seconds],
      reference: [once.seconds],
      goal: 2.1,
    }),
  );
  return rows;
};

/** PLAN: what a preview costs that plans a write for every object there is. */
export const plan: Bench = async ({ quick, seed, note }) => {
  const on = machine(seed, false);
  const rows = [];
  for (const users of quick ? [2000, 10_000] : [100_000, 1_000_000]) {
    note(`a preview of ${count(users)} operations`);
    const preview = (await run({ users, steps: ['preview'] }))('preview');
    if (preview.operations !== users || preview.writes !== 0) throw new Error(JSON.stringify(preview));
    rows.push(
      row({
        bench: 'PLAN',
        machine: on,
        what: `preview of ${count(users)} operations, from the read to the digest`,
        unit: 's',
        values: [preview.seconds],
      }),
      row({
        bench: 'PLAN',
        machine: on,
        what: `resident memory at its highest, ${count(users)} operations`,
        unit: 'MB',
        values: [preview.bytes / 2 ** 20],
      }),
    );
  }
  return rows;
};
