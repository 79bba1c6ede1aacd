import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { endOf, mutations, openMutationWorld } from '../../test/model/mutations.ts';

let memory: ReturnType<typeof memoryFolder>;

beforeEach(() => {
  memory = memoryFolder();
});

afterEach(() => memory[Symbol.dispose]());

describe(`no mass damage (${mutations.length} mutations)`, () => {
  it.each(mutations)('$name', async ({ mutate, type = 'delta', end }) => {
    await using world = await openMutationWorld(join(memory.path, 'state.db'));
    const { scenario } = world;
    const before = scenario.tenant.snapshot().size;
    const writes = scenario.tenant.writes;
    await mutate(world);
    const cycle = await scenario.cycle(type);
    const failing = await scenario.engine.failing({}, undefined, 10);
    expect(endOf(cycle, failing.items)).toEqual(end);
    // Fewer than the threshold may go, and what is new may come; nothing is ever emptied.
    expect(cycle.counts.deleted).toBeLessThan(3);
    expect(cycle.counts.membersRemoved).toBeLessThan(10);
    expect(scenario.tenant.snapshot().size).toBeGreaterThanOrEqual(before - 2);
    if (end === 'followed') expect(scenario.tenant.writes).toBe(writes);
  });
});
