import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { Scenario } from '../../test/model/scenario.ts';

let memory: ReturnType<typeof memoryFolder>;

beforeEach(() => {
  memory = memoryFolder();
});

afterEach(() => memory[Symbol.dispose]());

const open = () => Scenario.open(join(memory.path, 'state.db'), 'safety: {}');
const user = (n: number) => ({ forest: 0, n });
const named = (n: number) => ({ by: 'userPrincipalName', value: `USER${n}@contoso.test` }) as const;

describe('an explanation', () => {
  it('of what a guard holds says so, and of what was approved that it goes out', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    const objects = scenario.actual();
    for (const n of [0, 1, 2, 3]) await scenario.take({ do: 'remove', ...user(n), group: false });
    const { heldDigest } = await scenario.cycle('delta');
    const [key = ''] = Object.keys(objects);
    const query = { by: 'anchor', value: key.slice('user '.length) } as const;
    expect((await scenario.engine.explain(query))?.next).toMatchObject({
      outcome: 'held',
      error: { code: 'CS6004' },
      operations: [{ type: 'delete', heldBy: 'deletes' }],
    });
    await scenario.engine.decide({ verdict: 'approve', digest: heldDigest ?? '', actor: 'ada' });
    const approved = await scenario.engine.explain(query);
    expect(approved?.next).toMatchObject({ outcome: 'operations', operations: [{ type: 'delete', heldBy: null }] });
    // The tenant has it still.
    expect(approved?.object.state).toBe('pending');
    await scenario.cycle('delta');
    expect((await scenario.engine.explain(query))?.object.state).toBe('deleted');
  });

  it('of a group tells which members it would lose, and what keeps them', async () => {
    await using scenario = await open();
    await scenario.withUsers(24);
    await scenario.take({ do: 'addGroup', forest: 0, n: 0 });
    for (let m = 0; m < 24; m += 2) await scenario.take({ do: 'member', forest: 0, n: 0, m, there: true });
    await scenario.settle();
    for (let m = 0; m < 24; m += 2) await scenario.take({ do: 'member', forest: 0, n: 0, m, there: false });
    const cycle = await scenario.cycle('delta');
    const held = await scenario.engine.operations(cycle.id, { state: 'held' }, undefined, 50);
    const anchor = held.items[0]?.anchor ?? '';
    const explanation = await scenario.engine.explain({ by: 'anchor', value: anchor });
    expect(explanation?.next?.outcome).toBe('held');
    const shown = explanation?.next?.operations.map(
      ({ type, heldBy, references }) => `${type} ${heldBy} ${references[0]?.displayName}`,
    );
    expect(shown?.toSorted()).toEqual(
      held.items.map(({ type, heldBy, references }) => `${type} ${heldBy} ${references[0]?.displayName}`).toSorted(),
    );
  });

  it('is found by the name of somebody who takes no part, and says where it was read', async () => {
    await using scenario = await open();
    await scenario.withUsers(1);
    await scenario.take({ do: 'addUser', ...user(7) });
    await scenario.cycle('delta');
    expect(await scenario.engine.explain(named(7))).toMatchObject({
      object: {
        state: 'outOfScope',
        reason: { code: 'organizationalUnit' },
        sources: [{ connector: 'contoso/contoso.test' }],
      },
      next: null,
    });
    const [source] = (await scenario.engine.explain(named(0)))?.object.sources ?? [];
    expect(source?.server).toBe(scenario.read.connectors.list()[0]?.server);
    expect(source?.server).not.toBe('');
    expect(await scenario.engine.explain(named(99))).toBeUndefined();
  });
});
