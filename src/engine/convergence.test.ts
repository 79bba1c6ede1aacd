import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { sweepKillPoints } from '../../test/model/kill-points.ts';
import { holdLaw, previewIsTruth } from '../../test/model/law.ts';

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

it(`previews exactly what the next cycle sends (30 scenarios, seed ${seed})`, () =>
  previewIsTruth({ folder, scenarios: 30, seed }));

it('converges to the tenant of an undisturbed run, wherever it is killed', async () => {
  const { effects, points, failures } = await sweepKillPoints(folder, { users: 6, stride: 13, note() {} });
  console.log(`${points} kill points of ${effects} effects`);
  expect(failures).toEqual([]);
  expect(points).toBeGreaterThan(50);
});
