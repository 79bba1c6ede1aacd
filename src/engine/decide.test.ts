import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { Scenario } from '../../test/model/scenario.ts';

let memory: ReturnType<typeof memoryFolder>;
beforeEach(() => {
  memory = memoryFolder();
});
afterEach(() => memory[Symbol.dispose]());

/** Four of seven users would be deleted, and are held. */
async function held() {
  const scenario = await Scenario.open(join(memory.path, 'state.db'), 'safety: {}');
  await scenario.withUsers(7);
  for (let n = 0; n < 4; n += 1) await scenario.take({ do: 'remove', forest: 0, n, group: false });
  const cycle = await scenario.cycle('delta');
  const { items } = await scenario.engine.operations(cycle.id, { state: 'held' }, undefined, 10);
  const decide = (verdict: 'approve' | 'deny', operations?: readonly number[]) =>
    scenario.engine.decide({ verdict, digest: cycle.heldDigest ?? '', operations, actor: 'ada' });
  return { scenario, ids: items.map(({ id }) => id), decide };
}

it('approving the rest leaves denied what was denied by itself', async () => {
  const { scenario, ids, decide } = await held();
  await using _ = scenario;
  expect(await decide('deny', ids.slice(0, 1))).toEqual({ count: 1 });
  expect(await decide('approve')).toEqual({ count: 3 });
  expect(await scenario.cycle('delta')).toMatchObject({ state: 'succeeded', counts: { deleted: 3 } });
  expect(Object.keys(scenario.actual())).toHaveLength(4);
});

it('the later word counts where it names what it is about, or takes back all of the former', async () => {
  const { scenario, ids, decide } = await held();
  await using _ = scenario;
  await decide('deny', ids.slice(0, 1));
  expect(await decide('approve', ids)).toEqual({ count: 4 });
  expect(await decide('deny')).toEqual({ count: 4 });
  expect(await decide('approve')).toEqual({ count: 4 });
  expect(await scenario.cycle('delta')).toMatchObject({ counts: { deleted: 4 } });
});
