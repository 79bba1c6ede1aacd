import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { Scenario } from '../../test/model/scenario.ts';
import type { Cycle, Progress } from './index.ts';

let memory: ReturnType<typeof memoryFolder>;

beforeEach(() => {
  memory = memoryFolder();
});

afterEach(() => memory[Symbol.dispose]());

const open = () => Scenario.open(join(memory.path, 'state.db'));
const outline = ({ phases }: Cycle) => phases.map(({ phase, done }) => `${phase} ${done}`);

async function addUsers(scenario: Scenario, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await scenario.take({ do: 'addUser', forest: n % 2, n });
}

it('keeps when each phase of a cycle began and ended, and what it did in all domains together', async () => {
  await using scenario = await open();
  await addUsers(scenario, 6);
  const { id } = await scenario.cycle('full');
  const cycle = (await scenario.engine.cycle(id)) as Cycle;
  // Three containers a forest are read as well.
  expect(outline(cycle)).toEqual(['import 12', 'evaluate 6', 'confirm 0', 'plan 6', 'export 6']);
  for (const { startedAt, endedAt } of cycle.phases) {
    expect(startedAt >= cycle.startedAt).toBe(true);
    expect(endedAt !== null && endedAt >= startedAt && endedAt <= (cycle.endedAt ?? '')).toBe(true);
  }
});

it('has no phase that was not begun: a preview sends nothing, an undo reads no directory', async () => {
  await using scenario = await open();
  await addUsers(scenario, 2);
  expect(outline(await scenario.cycle('delta', { preview: true }))).toEqual([
    'import 8',
    'evaluate 2',
    'confirm 0',
    'plan 2',
  ]);
  const { id } = await scenario.cycle('delta');
  expect(outline(await scenario.cycle('delta', { type: 'undo', undo: id }))).toEqual([
    'confirm 2',
    'plan 2',
    'export 2',
  ]);
});

it('ends the phase a cycle failed in with it', async () => {
  await using scenario = await open();
  await addUsers(scenario, 2);
  for (const directory of scenario.directories) directory.failAfterPages = 0;
  const failed = await scenario.cycle('delta');
  expect(failed).toMatchObject({ state: 'failed', phases: [{ phase: 'import', endedAt: failed.endedAt }] });
});

it('tells of a running cycle which phase goes on', async () => {
  await using scenario = await open();
  await addUsers(scenario, 2);
  const seen = new Map<Progress['phase'], Promise<Cycle | undefined>>();
  await scenario.engine.runCycle({ type: 'delta', preview: false, trigger: 'manual' }, new AbortController().signal, {
    started() {},
    progress: (id, { phase, done }) => {
      // Each is told before it is written down: the one before it is there by now.
      if (phase === 'export' && done > 0) seen.set(phase, scenario.engine.cycle(id));
    },
  });
  const running = await seen.get('export');
  expect(running?.phases.map(({ phase, endedAt }) => [phase, endedAt !== null])).toEqual([
    ['import', true],
    ['evaluate', true],
    ['confirm', true],
    ['plan', true],
    ['export', false],
  ]);
});
