import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Effects, Killed } from './effects.ts';
import { Scenario, type Step } from './scenario.ts';

/** One cycle after some edits, with what the world was before it. */
interface Stage {
  readonly name: string;
  readonly type: 'delta' | 'full';
  readonly steps: readonly Step[];
}

const user = (forest: number, n: number) => ({ forest, n });
const everyUserOf =
  (users: number) =>
  (step: (forest: number, n: number) => Step): readonly Step[] =>
    [0, 1].flatMap((forest) => Array.from({ length: users }, (_, n) => step(forest, n)));

/** Two forests; creates, updates, moves, deletes, memberships and managers, in every mixture that has an order to get wrong. */
function stagesOf(users: number): readonly Stage[] {
  const everyUser = everyUserOf(users);
  return [
    {
      name: 'first cycle',
      type: 'full',
      steps: [
        ...everyUser((forest, n) => ({ do: 'addUser', ...user(forest, n) })),
        ...[0, 1].flatMap((forest): Step[] => [0, 1, 3].map((n) => ({ do: 'addGroup', ...user(forest, n) }))),
        ...everyUser((forest, n) => ({ do: 'member', ...user(forest, n % 2), m: n, there: true })),
        ...everyUser((forest, n) => ({ do: 'manager', ...user(forest, n), m: (n + 1) % users, there: true })),
      ],
    },
    {
      name: 'changes',
      type: 'delta',
      steps: [
        ...everyUser((forest, n) => ({ do: 'change', ...user(forest, n), value: 1 + (n % 3) })),
        { do: 'disable', ...user(0, 1), disabled: true },
        { do: 'rename', ...user(1, 2) },
      ],
    },
    {
      name: 'links',
      type: 'delta',
      steps: [
        ...everyUser((forest, n) => ({ do: 'member', ...user(forest, n % 2), m: n, there: n > 2 })),
        ...everyUser((forest, n) => ({ do: 'manager', ...user(forest, n), m: (n + 2) % users, there: n % 2 === 0 })),
      ],
    },
    {
      name: 'deletes and re-creations',
      type: 'delta',
      steps: [
        ...[0, 1].flatMap((forest): Step[] =>
          [1, 2, 3].flatMap((n): Step[] => [
            { do: 'remove', ...user(forest, n), group: false },
            ...(n === 3 ? [] : [{ do: 'addUser', ...user(forest, n) } as const]),
          ]),
        ),
        { do: 'remove', ...user(0, 1), group: true },
      ],
    },
    {
      name: 'scope',
      type: 'full',
      steps: [
        { do: 'moveUnit', forest: 0 },
        { do: 'move', ...user(0, 0), inScope: false },
        { do: 'move', ...user(1, 4), inScope: false },
        { do: 'addUser', ...user(0, 3) },
        { do: 'member', ...user(0, 0), m: 3, there: true },
      ],
    },
  ];
}

export interface Sweep {
  /** Effects that there are to die at. */
  readonly effects: number;
  /** Those tried. */
  readonly points: number;
  readonly failures: readonly string[];
}

/**
 * Kills the engine at every `stride`-th of its effects, starts it again in calm weather, and compares the tenant with that of
 * an undisturbed run: nothing lost, nothing twice, nothing left to send.
 */
export async function sweepKillPoints(
  folder: string,
  { users, stride, note }: { users: number; stride: number; note: (text: string) => void },
): Promise<Sweep> {
  const stages = stagesOf(users);
  let effects = 0;
  let points = 0;
  const failures: string[] = [];
  for (const [s, stage] of stages.entries()) {
    const total = await effectsOf(folder, stages, s);
    effects += total;
    for (let point = 1 + (s % stride); point <= total; point += stride) {
      points += 1;
      const failure = await dieAt(folder, stages, s, point);
      if (failure !== undefined) failures.push(`${stage.name}, effect ${point} of ${total}: ${failure}`);
    }
    note(`${stage.name}: ${total} effects`);
  }
  return { effects, points, failures };
}

/** The world as it is before the stage's cycle. */
async function before(file: string, stages: readonly Stage[], upTo: number): Promise<Scenario> {
  const scenario = await Scenario.open(file);
  for (const [s, stage] of stages.slice(0, upTo + 1).entries()) {
    for (const step of stage.steps) await scenario.take(step);
    if (s < upTo) await scenario.settle();
  }
  return scenario;
}

async function effectsOf(folder: string, stages: readonly Stage[], stage: number): Promise<number> {
  await using scenario = await before(join(folder, `count-${stage}.db`), stages, stage);
  const effects = new Effects();
  scenario.restart(effects);
  await scenario.cycle(stages[stage]?.type ?? 'delta');
  return effects.count;
}

async function dieAt(
  folder: string,
  stages: readonly Stage[],
  stage: number,
  point: number,
): Promise<string | undefined> {
  const file = join(folder, `kill-${stage}-${point}.db`);
  using _ = { [Symbol.dispose]: () => ['', '-wal', '-shm'].map((suffix) => rmSync(file + suffix, { force: true })) };
  await using scenario = await before(file, stages, stage);
  try {
    scenario.restart(new Effects(point));
    await scenario.cycle(stages[stage]?.type ?? 'delta');
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  try {
    scenario.restart();
    await scenario.settle();
    const expected = JSON.stringify(scenario.expected());
    if (JSON.stringify(scenario.actual()) !== expected)
      return `the tenant differs: ${JSON.stringify(scenario.actual())}`;
    const writes = scenario.tenant.writes;
    await scenario.cycle('full');
    if (scenario.tenant.writes !== writes) return 'the next cycle still had something to send';
    if (scenario.brokenLog() !== undefined) return 'the log is broken';
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
