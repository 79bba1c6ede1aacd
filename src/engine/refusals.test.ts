import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { Scenario } from '../../test/model/scenario.ts';
import {
  type Cycle,
  CycleRunningError,
  CycleUnknownError,
  HeldDigestError,
  NotHeldError,
  NothingToUndoError,
  PlanMovedError,
} from './index.ts';

/** What is asked for and cannot be done is refused at once, whole, and leaves nothing behind. */

let memory: ReturnType<typeof memoryFolder>;

beforeEach(() => {
  memory = memoryFolder();
});

afterEach(() => memory[Symbol.dispose]());

const open = (more = 'safety: {}') => Scenario.open(join(memory.path, 'state.db'), more);
const user = (n: number) => ({ forest: 0, n });
const undo = (scenario: Scenario, cycle: number, more = {}): Promise<Cycle> =>
  scenario.cycle('delta', { type: 'undo', undo: cycle, ...more });

async function lastCycle(scenario: Scenario): Promise<number | undefined> {
  return (await scenario.engine.cycles({}, undefined, 1)).items[0]?.id;
}

describe('a start', () => {
  it('that undoes what never was, or did nothing, begins no cycle', async () => {
    await using scenario = await open();
    await scenario.withUsers(1);
    const idle = await scenario.cycle('delta');
    await expect(undo(scenario, 999)).rejects.toBeInstanceOf(CycleUnknownError);
    await expect(undo(scenario, idle.id)).rejects.toBeInstanceOf(NothingToUndoError);
    expect(await lastCycle(scenario)).toBe(idle.id);
    expect((await scenario.cycle('delta')).state).toBe('succeeded');
  });

  it('that applies a plan of another digest, one that was done, or one nobody kept, begins no cycle', async () => {
    await using scenario = await open();
    await scenario.withUsers(3);
    await scenario.take({ do: 'change', ...user(0), value: 2 });
    const preview = await scenario.cycle('delta', { preview: true });
    const apply = (cycle: number, digest: string | null) =>
      scenario.cycle('delta', { plan: { cycle, digest: digest ?? '' } });
    await expect(apply(999, preview.digest)).rejects.toBeInstanceOf(CycleUnknownError);
    await expect(apply(preview.id, '00')).rejects.toThrow(/its digest is [0-9a-f]{64}, not 00/);
    expect(await lastCycle(scenario)).toBe(preview.id);
    await scenario.engine.savePlan(preview.id, true, 'ada');
    const real = await scenario.cycle('delta');
    await expect(apply(preview.id, preview.digest)).rejects.toThrow(`update of user 0 was done by cycle ${real.id}`);
    await scenario.engine.savePlan(preview.id, false, 'ada');
    await scenario.take({ do: 'change', ...user(1), value: 2 });
    const other = await scenario.cycle('delta', { preview: true });
    await scenario.take({ do: 'remove', ...user(1), group: false });
    await scenario.cycle('delta');
    await expect(apply(other.id, other.digest)).rejects.toThrow('it was not saved, and a later cycle has planned anew');
    await expect(apply(other.id, other.digest)).rejects.toBeInstanceOf(PlanMovedError);
  });

  it('beside a running cycle names that cycle, and beside one that has no number yet says so', async () => {
    await using scenario = await open();
    await scenario.withUsers(1);
    const first = scenario.cycle('delta');
    await expect(scenario.cycle('delta')).rejects.toThrow(/^Cycle \d+ is still running/);
    await first;
    expect(new CycleRunningError().message).not.toMatch(/\d/);
  });
});

describe('a decision', () => {
  async function held(scenario: Scenario) {
    await scenario.withUsers(7);
    for (const n of [0, 1, 2, 3]) await scenario.take({ do: 'remove', ...user(n), group: false });
    const { id, heldDigest } = await scenario.cycle('delta');
    const { items } = await scenario.engine.operations(id, { state: 'held' }, undefined, 10);
    return { digest: heldDigest ?? '', ids: items.map((operation) => operation.id) };
  }

  it('on an operation or a guard that is not held decides nothing at all', async () => {
    await using scenario = await open();
    const { digest, ids } = await held(scenario);
    const approve = { verdict: 'approve', digest, actor: 'ada' } as const;
    await expect(scenario.engine.decide({ ...approve, operations: [...ids.slice(0, 1), 999_999] })).rejects.toThrow(
      new NotHeldError('Operation 999999', digest).message,
    );
    await expect(scenario.engine.decide({ ...approve, heldBy: 'renames' })).rejects.toBeInstanceOf(NotHeldError);
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'held', counts: { deleted: 0, held: 4 } });
  });

  it('by the number of an operation is for the cycle that showed it, by its digest for as long as it is held', async () => {
    await using scenario = await open();
    const { digest, ids } = await held(scenario);
    const [first = 0] = ids;
    const shown = (await scenario.engine.operations((await lastCycle(scenario)) ?? 0, {}, undefined, 1)).items[0];
    // One more change before the held ones: were numbers given again, this one would move them.
    await scenario.take({ do: 'addUser', forest: 1, n: 0 });
    const { heldDigest } = await scenario.cycle('delta');
    expect(heldDigest).toBe(digest);
    const approve = { verdict: 'approve', digest, actor: 'ada' } as const;
    await expect(scenario.engine.decide({ ...approve, operations: [first] })).rejects.toBeInstanceOf(NotHeldError);
    expect(await scenario.engine.decide({ ...approve, digests: [shown?.digest ?? ''] })).toEqual({ count: 1 });
    await scenario.cycle('delta');
    const [done] = scenario.read.log.before({ action: 'delete', status: 'success' }, Number.MAX_SAFE_INTEGER, 5);
    expect([done?.anchor, done?.detail['approvedBy']]).toEqual([shown?.anchor, 'ada']);
  });

  it('is taken back by the one after it', async () => {
    await using scenario = await open();
    const { digest, ids } = await held(scenario);
    const decide = (verdict: 'approve' | 'deny', ...operations: number[]) =>
      scenario.engine.decide({ verdict, digest, operations, actor: 'ada' });
    const [a = 0, b = 0] = ids;
    await decide('deny', a);
    await decide('approve', a);
    await decide('approve', b);
    await decide('deny', b);
    const cycle = await scenario.cycle('delta');
    expect(cycle.counts).toMatchObject({ deleted: 1, held: 3 });
    await expect(decide('approve', a)).rejects.toBeInstanceOf(HeldDigestError);
  });
});

describe('an undo of which a guard holds a part', () => {
  /** A first load of seven, in which a title is set as well: undone, seven deletes are too many. */
  async function loaded(scenario: Scenario): Promise<number> {
    for (let n = 0; n < 6; n += 1) await scenario.take({ do: 'addUser', ...user(n) });
    await scenario.take({ do: 'addGroup', forest: 0, n: 0 });
    await scenario.take({ do: 'member', forest: 0, n: 0, m: 0, there: true });
    return (await scenario.cycle('delta')).id;
  }

  it('does none of it, and all of it once all is approved, whatever ran in between', async () => {
    await using scenario = await open();
    const first = await loaded(scenario);
    const before = scenario.actual();
    const preview = await undo(scenario, first, { preview: true });
    const writes = scenario.tenant.writes;
    const cycle = await undo(scenario, first);
    expect(cycle).toMatchObject({
      state: 'held',
      error: { code: 'CS6034' },
      counts: { deleted: 0, membersRemoved: 0, held: 8 },
    });
    expect(cycle.error?.message).toContain(`of the 8 operations that undo cycle ${first}`);
    expect([cycle.digest, cycle.heldDigest]).toEqual([preview.digest, preview.heldDigest]);
    expect(scenario.tenant.writes).toBe(writes);
    expect(scenario.actual()).toEqual(before);
    for (let i = 0; i < 3; i += 1) expect(await scenario.cycle('delta')).toMatchObject({ state: 'succeeded' });
    expect(await scenario.engine.decide({ verdict: 'approve', digest: cycle.heldDigest ?? '', actor: 'ada' })).toEqual({
      count: 8,
    });
    await scenario.cycle('full');
    expect(await undo(scenario, first)).toMatchObject({ state: 'succeeded', counts: { deleted: 7, held: 0 } });
    expect(scenario.actual()).toEqual({});
    await scenario.cycle('full');
    expect(scenario.actual()).toEqual({});
  });

  it('stays held as a whole while a part is approved, and is forgotten when denied: the directory goes on', async () => {
    await using scenario = await open();
    const first = await loaded(scenario);
    const cycle = await undo(scenario, first);
    const digest = cycle.heldDigest ?? '';
    const { items } = await scenario.engine.operations(cycle.id, { type: 'removeMember' }, undefined, 10);
    await scenario.engine.decide({ verdict: 'approve', digest, operations: items.map(({ id }) => id), actor: 'ada' });
    const again = await undo(scenario, first);
    expect(again).toMatchObject({ state: 'held', counts: { membersRemoved: 0 } });
    const denied = { verdict: 'deny', digest: again.heldDigest ?? '', actor: 'ada' } as const;
    await scenario.engine.decide(denied);
    await expect(scenario.engine.decide(denied)).rejects.toBeInstanceOf(HeldDigestError);
    await scenario.take({ do: 'change', ...user(0), value: 5 });
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'succeeded', counts: { updated: 1, held: 0 } });
    await scenario.settle();
    expect(scenario.actual()).toEqual(scenario.expected());
  });

  it('leaves what a cycle holds to be approved', async () => {
    await using scenario = await open();
    const first = await loaded(scenario);
    for (const n of [0, 1, 2, 3]) await scenario.take({ do: 'remove', ...user(n), group: false });
    const { heldDigest } = await scenario.cycle('delta');
    await undo(scenario, first);
    expect(await scenario.engine.decide({ verdict: 'approve', digest: heldDigest ?? '', actor: 'ada' })).toEqual({
      count: 4,
    });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { deleted: 4 } });
  });
});

it('a cycle whose end could not be written down counts as running no longer than until the next begins', async () => {
  await using scenario = await open();
  await scenario.withUsers(1);
  const other = new Sqlite(join(memory.path, 'state.db'));
  const { lastInsertRowid } = other
    .prepare(
      `INSERT INTO cycle (type, preview, trigger, state, started_at, counts) VALUES ('delta', 0, 'schedule', 'running', '2026-01-01T00:00:00.000Z', '{}')`,
    )
    .run();
  other.close();
  await scenario.cycle('delta');
  expect((await scenario.engine.status()).running).toBeNull();
  expect(await scenario.engine.cycle(Number(lastInsertRowid))).toMatchObject({
    state: 'failed',
    error: { code: 'CS6003' },
  });
});

it('an object that was undone is held, not failed, and no more once the tenant has it as it should be', async () => {
  await using scenario = await open();
  await scenario.withUsers(2);
  await scenario.take({ do: 'change', ...user(0), value: 3 });
  const cycle = await scenario.cycle('delta');
  const undone = await undo(scenario, cycle.id);
  expect(await scenario.cycle('delta')).toMatchObject({ state: 'succeeded', counts: { updated: 0, held: 1 } });
  expect((await scenario.engine.failing({}, undefined, 10)).items).toMatchObject([
    { state: 'held', error: { code: 'CS6014' } },
  ]);
  expect(await undo(scenario, undone.id)).toMatchObject({ state: 'succeeded', counts: { updated: 1 } });
  expect((await scenario.cycle('full')).counts.held).toBe(0);
  expect(scenario.actual()).toEqual(scenario.expected());
  expect((await scenario.engine.failing({}, undefined, 10)).items).toEqual([]);
});

it('counts what the tenant refused as waiting, not as held by anyone', async () => {
  await using scenario = await open();
  await scenario.withUsers(2);
  await scenario.take({ do: 'change', ...user(0), value: 2 });
  scenario.tenant.fault = () => 'refuse';
  expect(await scenario.cycle('delta')).toMatchObject({
    state: 'succeeded',
    counts: { failed: 1, held: 0, waiting: 0 },
  });
  scenario.clockStands = true;
  expect(await scenario.cycle('delta')).toMatchObject({
    state: 'succeeded',
    counts: { failed: 0, held: 0, waiting: 1 },
  });
  scenario.clockStands = false;
  scenario.calm();
  expect(await scenario.cycle('delta')).toMatchObject({ counts: { updated: 1, held: 0, waiting: 0 } });
});

describe('a link the tenant refuses', () => {
  const group = { forest: 0, n: 0 };
  const refusesUser = (n: number) => (_: string, member: Readonly<Record<string, unknown>>) =>
    member['userPrincipalName'] === `user${n}@contoso.test`;
  const upn = (n: number) => ({ by: 'userPrincipalName', value: `user${n}@contoso.test` }) as const;

  async function anchorOf(scenario: Scenario, name: string): Promise<string> {
    const { items } = await scenario.engine.objects({ text: name }, undefined, 1);
    return items[0]?.anchor ?? '';
  }

  it('keeps none of the others of its group, and says why and until when it waits', async () => {
    await using scenario = await open();
    scenario.tenant.refuses = refusesUser(2);
    await scenario.withUsers(4);
    await scenario.take({ do: 'addGroup', ...group });
    for (const m of [0, 2]) await scenario.take({ do: 'member', ...group, m, there: true });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersAdded: 1, failed: 1 } });
    scenario.clockStands = true;
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersAdded: 0, failed: 0, waiting: 1 } });
    await scenario.take({ do: 'member', ...group, m: 0, there: false });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersRemoved: 1, failed: 0, waiting: 1 } });
    const value = await anchorOf(scenario, 'group 0');
    expect((await scenario.engine.failing({}, undefined, 10)).items).toMatchObject([
      { anchor: value, state: 'failed', error: { code: 'CS4990' } },
    ]);
    expect((await scenario.engine.explain({ by: 'anchor', value }))?.next).toMatchObject({
      outcome: 'waits',
      error: { code: 'CS4990' },
      retryAt: expect.stringMatching(/^2026-/),
      operations: [{ type: 'addMembers', references: [{ displayName: 'user 2' }] }],
    });
    await scenario.engine.release({ by: 'anchor', value }, 'ada');
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { failed: 1, waiting: 0 } });
    scenario.tenant.refuses = () => false;
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersAdded: 0, waiting: 1 } });
    scenario.clockStands = false;
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersAdded: 1, waiting: 0 } });
    expect(scenario.held()).toEqual([]);
    expect(scenario.actual()).toEqual(scenario.expected());
  });

  it('for good is given up by itself, until the directory changes it', async () => {
    await using scenario = await open();
    scenario.tenant.refuses = refusesUser(2);
    await scenario.withUsers(4);
    await scenario.take({ do: 'addGroup', ...group });
    await scenario.take({ do: 'member', ...group, m: 2, there: true });
    for (let i = 0; i < 16; i += 1) await scenario.cycle('delta');
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { failed: 0, waiting: 1 } });
    await scenario.take({ do: 'member', ...group, m: 0, there: true });
    expect(await scenario.cycle('full')).toMatchObject({ counts: { membersAdded: 1, waiting: 1, differing: 1 } });
    scenario.tenant.refuses = () => false;
    await scenario.take({ do: 'member', ...group, m: 2, there: false });
    await scenario.cycle('delta');
    expect(scenario.held()).toEqual([]);
    await scenario.take({ do: 'member', ...group, m: 2, there: true });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersAdded: 1, waiting: 0 } });
  });

  it('leaves a user the manager there is, until the next one comes', async () => {
    await using scenario = await open();
    scenario.tenant.refuses = refusesUser(2);
    await scenario.withUsers(4);
    const links = () => Object.values(scenario.actual()).flatMap((object) => object.links);
    await scenario.take({ do: 'manager', ...group, m: 1, there: true });
    await scenario.cycle('delta');
    const before = links();
    await scenario.take({ do: 'manager', ...group, m: 2, there: true });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { managersSet: 0, failed: 1 } });
    scenario.clockStands = true;
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { managersSet: 0, failed: 0, waiting: 1 } });
    expect(links()).toEqual(before);
    expect((await scenario.engine.explain(upn(0)))?.next).toMatchObject({
      outcome: 'waits',
      operations: [{ type: 'setManager', references: [{ displayName: 'user 2' }] }],
    });
    await scenario.take({ do: 'manager', ...group, m: 3, there: true });
    const { id, counts } = await scenario.cycle('delta');
    expect(counts).toMatchObject({ managersSet: 1, failed: 0, waiting: 0 });
    expect(await undo(scenario, id)).toMatchObject({ counts: { managersSet: 1 } });
    expect(links()).toEqual(before);
  });

  it('as the last owner of a group stays with the reason, and goes once another comes', async () => {
    await using scenario = await open();
    await scenario.withUsers(4);
    await scenario.take({ do: 'addGroup', ...group });
    for (const m of [0, 2]) await scenario.take({ do: 'member', ...group, m, there: true });
    await scenario.take({ do: 'owner', ...group, m: 1, there: true });
    await scenario.cycle('delta');
    await scenario.take({ do: 'owner', ...group, m: 3, there: true });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersAdded: 1, membersRemoved: 1, failed: 0 } });
    await scenario.take({ do: 'owner', ...group, m: 3, there: false });
    await scenario.take({ do: 'member', ...group, m: 0, there: false });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersRemoved: 1, failed: 0, held: 1 } });
    expect((await scenario.engine.failing({}, undefined, 10)).items).toMatchObject([
      { displayName: 'group 0', error: { code: 'CS4048' } },
    ]);
    // However long it stayed: that the one to come is refused at first is no reason to give up.
    for (let i = 0; i < 16; i += 1) await scenario.cycle('delta');
    await scenario.take({ do: 'owner', ...group, m: 0, there: true });
    scenario.tenant.refuses = refusesUser(0);
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersAdded: 0, membersRemoved: 0, failed: 2 } });
    scenario.tenant.refuses = () => false;
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersAdded: 1, membersRemoved: 1, held: 0 } });
    expect(scenario.held()).toEqual([]);
    expect(scenario.actual()).toEqual(scenario.expected());
  });
});

describe('an account that stays when somebody leaves', () => {
  it('keeps the links that the directory keeps, and loses those it loses', async () => {
    await using scenario = await open('safety: {}\nremoval: { user: disable }');
    const { forest, n } = { forest: 0, n: 0 };
    await scenario.withUsers(4);
    await scenario.take({ do: 'addGroup', forest, n });
    for (const m of [0, 2]) await scenario.take({ do: 'member', forest, n, m, there: true });
    await scenario.take({ do: 'manager', forest, n: 1, m: 0, there: true });
    await scenario.cycle('delta');
    await scenario.take({ do: 'move', forest, n, inScope: false });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { disabled: 1, membersRemoved: 0, managersSet: 0 } });
    expect(await scenario.cycle('full')).toMatchObject({ counts: { membersRemoved: 0, managersSet: 0, differing: 0 } });
    await scenario.take({ do: 'member', forest, n, m: 0, there: false });
    await scenario.take({ do: 'manager', forest, n: 1, m: 0, there: false });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { membersRemoved: 1, managersSet: 1, failed: 0 } });
    expect(await scenario.cycle('full')).toMatchObject({ counts: { membersRemoved: 0, managersSet: 0, differing: 0 } });
  });

  it('loses no link while a guard holds it', async () => {
    await using scenario = await open('safety: {}\nremoval: { user: disable }');
    await scenario.withUsers(7);
    await scenario.take({ do: 'addGroup', forest: 0, n: 0 });
    for (const m of [0, 2]) await scenario.take({ do: 'member', forest: 0, n: 0, m, there: true });
    await scenario.cycle('delta');
    for (const n of [0, 1, 2, 3]) await scenario.take({ do: 'remove', ...user(n), group: false });
    const { heldDigest, ...held } = await scenario.cycle('delta');
    expect(held).toMatchObject({ state: 'held', counts: { disabled: 0, membersRemoved: 0, held: 4 } });
    await scenario.engine.decide({ verdict: 'approve', digest: heldDigest ?? '', actor: 'ada' });
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { disabled: 4, membersRemoved: 0 } });
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'succeeded', counts: { membersRemoved: 2 } });
  });
});
