import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { sweepKillPoints } from '../../test/model/kill-points.ts';
import { holdLaw, previewIsTruth } from '../../test/model/law.ts';

const seed = Number(process.env['CLOUDSYNC_SEED'] ?? Date.now() % 2 ** 31);
const scenarios = Number(process.env['CLOUDSYNC_SCENARIOS'] ?? 10_000);
let memory: ReturnType<typeof memoryFolder>;
let folder = '';

beforeEach(() => {
  memory = memoryFolder();
  folder = memory.path;
});

afterEach(() => memory[Symbol.dispose]());

it('keeps the tenant what the directories say', async () => {
  console.log(`${scenarios} scenarios, seed ${seed}`);
  await holdLaw({ folder, scenarios, seed });
});

it.each(['disable', 'keep'] as const)('does so where the accounts of those who leave: %s', async (removal) => {
  console.log(`${scenarios / 5} scenarios, seed ${seed}`);
  await holdLaw({ folder, scenarios: scenarios / 5, seed, removal });
});

it('previews exactly what the next cycle sends', async () => {
  console.log(`${scenarios / 10} previews, seed ${seed}`);
  await previewIsTruth({ folder, scenarios: scenarios / 10, seed });
});

it('converges to the tenant of an undisturbed run, killed at each of its effects', async () => {
  let killed = 0;
  for (const users of [6, 10, 14]) {
    using own = memoryFolder();
    const { points, failures } = await sweepKillPoints(own.path, { users, stride: 1, note: console.log });
    killed += points;
    expect(failures).toEqual([]);
  }
  console.log(`${killed} kill points`);
  expect(killed).toBeGreaterThanOrEqual(2000);
});
