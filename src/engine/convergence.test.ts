import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { sweepKillPoints } from '../../test/model/kill-points.ts';
import { holdLaw, previewIsTruth } from '../../test/model/law.ts';
import { Scenario } from '../../test/model/scenario.ts';

const seed = Number(process.env['CLOUDSYNC_SEED'] ?? 20261125);
let memory: ReturnType<typeof memoryFolder>;
let folder = '';

beforeEach(() => {
  memory = memoryFolder();
  folder = memory.path;
});

afterEach(() => memory[Symbol.dispose]());

it(`keeps the tenant what the directories say (60 scenarios, seed ${seed})`, () =>
  holdLaw({ folder, scenarios: 60, seed }));

it.each(['disable', 'keep'] as const)('does so where the accounts of those who leave: %s (30 scenarios)', (removal) =>
  holdLaw({ folder, scenarios: 30, seed, removal }),
);

it(`previews exactly what the next cycle sends (30 scenarios, seed ${seed})`, () =>
  previewIsTruth({ folder, scenarios: 30, seed }));

it('converges to the tenant of an undisturbed run, wherever it is killed', async () => {
  const { effects, points, failures } = await sweepKillPoints(folder, { users: 6, stride: 13, note() {} });
  console.log(`${points} kill points of ${effects} effects`);
  expect(failures).toEqual([]);
  expect(points).toBeGreaterThan(50);
});

it('leaves nothing waiting once a link that was refused is there', async () => {
  await using scenario = await Scenario.open(join(folder, 'refused-link.db'));
  const user = { forest: 0, n: 0 };
  await scenario.take({ do: 'addUser', ...user });
  await scenario.take({ do: 'manager', ...user, m: 0, there: true });
  await scenario.take({ do: 'cycle', full: false, faults: ['none', 'refuse'], failAfterPages: undefined });
  expect(scenario.held()).toHaveLength(1);
  await scenario.take({ do: 'moveUnit', forest: 0 });
  await scenario.settle();
  expect(scenario.held()).toEqual([]);
  expect(scenario.actual()).toEqual(scenario.expected());
});

it('takes back what it made without an answer, also when the directory has forgotten it', async () => {
  await using scenario = await Scenario.open(join(folder, 'forgotten.db'));
  const user = { forest: 0, n: 6 };
  await scenario.take({ do: 'addUser', ...user });
  await scenario.take({ do: 'cycle', full: false, faults: ['lostAfter'], failAfterPages: undefined });
  expect(scenario.tenant.objects.size).toBe(1);
  await scenario.take({ do: 'remove', ...user, group: false });
  await scenario.take({ do: 'drift', n: 0 });
  await scenario.settle();
  expect(scenario.actual()).toEqual({});
});
