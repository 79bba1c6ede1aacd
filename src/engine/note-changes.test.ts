import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { Scenario } from '../../test/model/scenario.ts';
import type { ObjectGuid } from '../model/index.ts';

let memory: ReturnType<typeof memoryFolder>;
let scenario: Scenario;
let asked: ObjectGuid[];

const hour = 3_600_000;
const userCount = 30;

beforeEach(async () => {
  memory = memoryFolder();
  scenario = await Scenario.open(join(memory.path, 'state.db'));
  asked = [];
  tell(() => hour);
  await scenario.withUsers(userCount);
});

afterEach(async () => {
  await scenario[Symbol.asyncDispose]();
  memory[Symbol.dispose]();
});

function tell(age: () => number): void {
  for (const directory of scenario.directories) {
    directory.age = (guid) => {
      asked.push(guid);
      return age();
    };
  }
}

async function change(count: number, value: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await scenario.take({ do: 'change', forest: 0, n, value });
}

/** Seconds since each change was made that a cycle carried out. */
async function lags(): Promise<readonly (number | null)[]> {
  const cycle = await scenario.cycle('delta');
  expect(cycle.state).toBe('succeeded');
  const { items } = await scenario.engine.lags(cycle.id, undefined, 1000);
  return items.map(({ sinceChanged }) => sinceChanged);
}

it('asks nothing of a first read, nor where nothing has changed', async () => {
  expect(asked).toEqual([]);
  await lags();
  expect(asked).toEqual([]);
});

it('asks when each of a few changes was made, and about no more than 20 of many', async () => {
  await change(2, 1);
  expect(await lags()).toEqual([3600, 3600]);
  expect(new Set(asked).size).toBe(2);

  asked = [];
  await change(userCount, 2);
  const many = await lags();
  expect(many.length).toBeGreaterThan(25);
  expect(many.filter((seconds) => seconds !== null)).toHaveLength(20);
  expect(asked).toHaveLength(20);
});

it('takes no time from before the last read for that of a change which came with this one', async () => {
  tell(() => 1000 * 24 * hour);
  await change(2, 1);
  expect(await lags()).toEqual([null, null]);
});

it('carries everything out when the directory does not tell', async () => {
  tell(() => {
    throw new Error('it went away');
  });
  await change(2, 1);
  expect(await lags()).toEqual([null, null]);
});
