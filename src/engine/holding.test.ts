import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { Scenario } from '../../test/model/scenario.ts';
import { HeldDigestError, PlanMovedError } from './errors.ts';

let memory: ReturnType<typeof memoryFolder>;
let folder = '';

beforeEach(() => {
  memory = memoryFolder();
  folder = memory.path;
});

afterEach(() => memory[Symbol.dispose]());

const guarded = 'safety: {}';
const open = (more = guarded) => Scenario.open(join(folder, 'state.db'), more);
const user = (n: number) => ({ forest: 0, n });

function live(scenario: Scenario): readonly string[] {
  return Object.values(scenario.actual()).map(({ attributes }) => String(attributes['userPrincipalName']));
}

async function removeUsers(scenario: Scenario, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await scenario.take({ do: 'remove', ...user(n), group: false });
}

describe('a cycle that would delete too much', () => {
  it('does everything else, and says what it holds and why', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    await removeUsers(scenario, 4);
    await scenario.take({ do: 'change', ...user(6), value: 1 });
    const cycle = await scenario.cycle('delta');
    expect(cycle).toMatchObject({ state: 'held', counts: { deleted: 0, updated: 1, held: 4 } });
    expect(cycle.error?.code).toBe('CS6004');
    expect(cycle.holds).toMatchObject([{ guard: 'deletes', forest: null, count: 4, of: 7, limit: 3 }]);
    expect(live(scenario)).toHaveLength(7);
    const held = await scenario.engine.operations(cycle.id, { state: 'held' }, undefined, 10);
    expect(held.items.map(({ type, heldBy }) => `${type} ${heldBy}`)).toEqual(Array(4).fill('delete deletes'));
  });

  it('goes on when a person approves that digest, and no other', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    await removeUsers(scenario, 4);
    const { heldDigest } = await scenario.cycle('delta');
    const again = await scenario.cycle('delta');
    expect(again.heldDigest).toBe(heldDigest);
    const approve = (digest: string) => scenario.engine.decide({ verdict: 'approve', digest, actor: 'ada' });
    await expect(approve('00')).rejects.toBeInstanceOf(HeldDigestError);
    expect(await approve(heldDigest ?? '')).toEqual({ count: 4 });
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'succeeded', counts: { deleted: 4 } });
    expect(live(scenario)).toHaveLength(3);
    const entries = scenario.read.log.after({ action: 'delete' }, 0, 100);
    expect(entries.map(({ status, detail }) => `${status} ${detail['approvedBy'] ?? ''}`)).toEqual([
      ...Array(4).fill('held '),
      ...Array(4).fill('success ada'),
    ]);
    await expect(approve(heldDigest ?? '')).rejects.toBeInstanceOf(HeldDigestError);
  });

  it('lets a person approve some of it', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    await removeUsers(scenario, 5);
    const cycle = await scenario.cycle('delta');
    const { items } = await scenario.engine.operations(cycle.id, { state: 'held' }, undefined, 10);
    const operations = items.slice(0, 2).map(({ id }) => id);
    await scenario.engine.decide({ verdict: 'approve', digest: cycle.heldDigest ?? '', operations, actor: 'ada' });
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'held', counts: { deleted: 2, held: 3 } });
  });

  it('does not let the rest slip through once a part is approved', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    await removeUsers(scenario, 4);
    const cycle = await scenario.cycle('delta');
    const { items } = await scenario.engine.operations(cycle.id, { state: 'held' }, undefined, 10);
    const operations = items.slice(0, 3).map(({ id }) => id);
    await scenario.engine.decide({ verdict: 'approve', digest: cycle.heldDigest ?? '', operations, actor: 'ada' });
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'held', counts: { deleted: 3, held: 1 } });
    const rest = await scenario.cycle('delta');
    expect(rest).toMatchObject({ state: 'held', counts: { deleted: 0, held: 1 } });
    expect(cycle.error?.message).toBe('The cycle would delete 4 of 7; the threshold is 3.');
    expect(rest.error?.message).toBe('The cycle would delete 1 of 7, what is left of a hold; the threshold is 3.');
    scenario.reconfigure((text) => text.replace('safety: {}', 'safety: { deletes: { count: 100, percent: 90 } }'));
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'succeeded', counts: { deleted: 1, held: 0 } });
  });

  it('forgets an approval that was not used when the cause goes away, and holds again should it come back', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    for (let n = 0; n < 4; n += 1) await scenario.take({ do: 'move', ...user(n), inScope: false });
    const { heldDigest } = await scenario.cycle('delta');
    await scenario.engine.decide({ verdict: 'approve', digest: heldDigest ?? '', actor: 'ada' });
    for (let n = 0; n < 4; n += 1) await scenario.take({ do: 'move', ...user(n), inScope: true });
    await scenario.cycle('delta');
    for (let n = 0; n < 4; n += 1) await scenario.take({ do: 'move', ...user(n), inScope: false });
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'held', counts: { deleted: 0, held: 4 } });
  });

  it('can still be decided on after a preview', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    await removeUsers(scenario, 4);
    const { heldDigest } = await scenario.cycle('delta');
    await scenario.cycle('delta', { preview: true });
    expect(await scenario.engine.decide({ verdict: 'approve', digest: heldDigest ?? '', actor: 'ada' })).toEqual({
      count: 4,
    });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ deleted: 4 });
  });

  it('goes on by itself when the cause goes away', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    const { directories } = scenario;
    const before = [...(directories[0]?.objects.values() ?? [])].filter(({ kind }) => kind === 'user');
    await removeUsers(scenario, 5);
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'held' });
    for (const object of before) {
      object.deleted = false;
      directories[0]?.touch(object);
    }
    expect(await scenario.cycle('delta')).toMatchObject({
      state: 'succeeded',
      heldDigest: null,
      counts: { deleted: 0 },
    });
    expect(live(scenario)).toHaveLength(7);
  });

  it('leaves alone what a person denies, until it is released', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    await removeUsers(scenario, 3);
    const { heldDigest } = await scenario.cycle('delta');
    await scenario.engine.decide({ verdict: 'deny', digest: heldDigest ?? '', actor: 'ada' });
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'succeeded', counts: { deleted: 0, held: 3 } });
    expect(live(scenario)).toHaveLength(7);
    const held = await scenario.engine.failing({}, undefined, 10);
    expect(held.items.map(({ error }) => error?.code)).toEqual(['CS6014', 'CS6014', 'CS6014']);
    const [first] = held.items;
    await scenario.engine.release({ by: 'anchor', value: first?.anchor ?? '' }, 'ada');
    expect(await scenario.cycle('delta')).toMatchObject({ state: 'succeeded', counts: { deleted: 1 } });
  });
});

describe('guards on other kinds of change', () => {
  const filled = async (more: string): Promise<Scenario> => {
    const scenario = await open(more);
    await scenario.withUsers(7);
    return scenario;
  };

  it('hold a mass disable', async () => {
    await using scenario = await filled(guarded);
    for (let n = 0; n < 4; n += 1) await scenario.take({ do: 'disable', ...user(n), disabled: true });
    const cycle = await scenario.cycle('delta');
    expect(cycle).toMatchObject({ state: 'held', counts: { disabled: 0, held: 4 }, error: { code: 'CS6022' } });
  });

  it('hold objects that leave by a change of scope', async () => {
    await using scenario = await filled(guarded);
    for (let n = 0; n < 4; n += 1) await scenario.take({ do: 'move', ...user(n), inScope: false });
    const cycle = await scenario.cycle('delta');
    expect(cycle).toMatchObject({ state: 'held', counts: { deleted: 0, held: 4 }, error: { code: 'CS6021' } });
  });

  it('hold a mass change of one attribute, and not of several', async () => {
    await using scenario = await filled('safety: { attributeChanges: { count: 4, percent: 100 } }');
    for (let n = 0; n < 4; n += 1) await scenario.take({ do: 'change', ...user(n), value: 1 });
    const cycle = await scenario.cycle('delta');
    expect(cycle).toMatchObject({ state: 'held', counts: { updated: 0, held: 4 }, error: { code: 'CS6024' } });
    expect(cycle.holds).toMatchObject([{ subject: 'department', count: 4 }]);
    // The next cycles tell the same of it, and of what is left.
    const hold = { guard: 'attributeChanges', subject: 'department', limit: 4 };
    expect(await scenario.cycle('delta')).toMatchObject({ holds: [{ ...hold, count: 4, of: 7 }] });
    await scenario.take({ do: 'change', ...user(0), value: 0 });
    await scenario.cycle('delta');
    const left = await scenario.cycle('delta');
    expect(left).toMatchObject({ holds: [{ ...hold, count: 3, of: 7 }] });
    expect(left.holds[0]?.error.message).toContain('department');
  });

  it('hold a group that loses too many members', async () => {
    await using scenario = await filled('safety: { memberRemovalsPerGroup: { count: 3, percent: 100 } }');
    await scenario.take({ do: 'addGroup', forest: 0, n: 0 });
    for (let m = 0; m < 6; m += 2) await scenario.take({ do: 'member', forest: 0, n: 0, m, there: true });
    await scenario.settle();
    for (let m = 0; m < 6; m += 2) await scenario.take({ do: 'member', forest: 0, n: 0, m, there: false });
    const cycle = await scenario.cycle('delta');
    expect(cycle).toMatchObject({ state: 'held', counts: { membersRemoved: 0, held: 3 }, error: { code: 'CS6025' } });
    expect(cycle.holds).toMatchObject([{ subject: 'group 0', of: 3 }]);
  });

  it('count each forest by itself', async () => {
    await using scenario = await open('safety: { deletes: { count: 500, percent: 40 } }');
    for (let n = 0; n < 7; n += 1) await scenario.take({ do: 'addUser', forest: 0, n });
    for (let n = 0; n < 6; n += 1) await scenario.take({ do: 'addUser', forest: 1, n });
    await scenario.settle();
    for (let n = 0; n < 3; n += 1) await scenario.take({ do: 'remove', forest: 1, n, group: false });
    await scenario.take({ do: 'remove', forest: 0, n: 0, group: false });
    const cycle = await scenario.cycle('delta');
    expect(cycle).toMatchObject({ state: 'held', counts: { deleted: 1, held: 3 } });
    expect(cycle.holds).toMatchObject([{ guard: 'deletes', forest: 'fabrikam', count: 3, of: 6, limit: 3 }]);
  });
});

describe('matching', () => {
  it('never takes over an account silently: the adoption waits for approval', async () => {
    await using scenario = await open();
    scenario.tenant.seed('user', { userPrincipalName: 'user1@contoso.test', displayName: 'was here' });
    await scenario.take({ do: 'addUser', ...user(1) });
    const cycle = await scenario.cycle('delta');
    expect(cycle.counts).toMatchObject({ created: 0, adopted: 0, held: 1 });
    const { items } = await scenario.engine.operations(cycle.id, { state: 'held' }, undefined, 10);
    expect(items).toMatchObject([{ type: 'adopt', heldBy: 'softMatch', error: { code: 'CS6007' } }]);
    await scenario.engine.decide({ verdict: 'approve', digest: cycle.heldDigest ?? '', actor: 'ada' });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ created: 0, adopted: 1, held: 0 });
  });

  it('never adopts a privileged account', async () => {
    await using scenario = await open('matching: { soft: auto }');
    scenario.tenant.seed('user', { userPrincipalName: 'user1@contoso.test' }, { privileged: true });
    await scenario.take({ do: 'addUser', ...user(1) });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ created: 0, adopted: 0, held: 1 });
    expect((await scenario.engine.failing({}, undefined, 10)).items).toMatchObject([{ error: { code: 'CS6009' } }]);
  });
});

it('shows nothing of a value that passed through Redact, anywhere', async () => {
  await using scenario = await open('mappings: { user: { department: "Redact([department])" } }');
  await scenario.withUsers(1);
  await scenario.take({ do: 'change', ...user(0), value: 3 });
  const cycle = await scenario.cycle('delta');
  expect(Object.values(scenario.actual())).toMatchObject([{ attributes: { department: 'department 3' } }]);
  const query = { by: 'userPrincipalName', value: 'user0@contoso.test' } as const;
  const plan = await scenario.engine.operations(cycle.id, {}, undefined, 10);
  const told = await scenario.engine.explain(query);
  const { desired, tenant } = (await scenario.engine.object(query)) ?? {};
  const log = await scenario.engine.log({}, undefined, 100);
  expect(plan.items[0]?.changes).toEqual([{ attribute: 'department', before: null, after: '[redacted]' }]);
  expect(JSON.stringify({ plan, next: told?.next, history: told?.history, desired, tenant, log })).not.toContain(
    'department 3',
  );
});

describe('one person in two forests', () => {
  const joins = 'joins: { user: [{ attribute: employeeID }] }\nprecedence: [contoso]';

  it('is one account, with each value from the first forest that has one', async () => {
    await using scenario = await open(joins);
    for (const forest of [1, 0]) await scenario.take({ do: 'addUser', forest, n: 1 });
    await scenario.take({ do: 'change', forest: 1, n: 1, value: 2 });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ created: 1, failed: 0, held: 0 });
    expect(Object.values(scenario.actual())).toMatchObject([
      { attributes: { userPrincipalName: 'user1@contoso.test', department: 'department 2' } },
    ]);
    const shown = await scenario.engine.object({ by: 'userPrincipalName', value: 'user1@contoso.test' });
    expect(shown?.desired['department']?.connector).toBe('fabrikam/fabrikam.test');
    expect(shown?.desired['displayName']?.connector).toBe('contoso/contoso.test');
    expect(shown?.sources).toHaveLength(2);
  });

  it('stays the same account when the other object comes later, and when the first one goes', async () => {
    await using scenario = await open(joins);
    await scenario.take({ do: 'addUser', forest: 1, n: 1 });
    await scenario.cycle('delta');
    const [anchor] = Object.keys(scenario.actual());
    await scenario.take({ do: 'addUser', forest: 0, n: 1 });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ created: 0, deleted: 0, updated: 1 });
    await scenario.take({ do: 'remove', forest: 1, n: 1, group: false });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ created: 0, deleted: 0 });
    expect(Object.keys(scenario.actual())).toEqual([anchor]);
    await scenario.take({ do: 'remove', forest: 0, n: 1, group: false });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ deleted: 1 });
  });

  it('with an account for each in the tenant is held: nobody merges two accounts silently', async () => {
    await using scenario = await open('matching: { soft: auto }');
    for (const forest of [0, 1]) await scenario.take({ do: 'addUser', forest, n: 1 });
    await scenario.cycle('delta');
    expect(live(scenario)).toHaveLength(2);
    scenario.reconfigure((text) => `${text}${joins}\n`);
    expect((await scenario.cycle('delta')).counts).toMatchObject({ created: 0, deleted: 0, updated: 0, held: 0 });
    const failing = (await scenario.engine.failing({}, undefined, 10)).items;
    expect(failing.map(({ error }) => error?.code)).toEqual(['CS6031', 'CS6031']);
    expect(live(scenario)).toHaveLength(2);
  });
});

describe('removal and drift', () => {
  it('disables instead of deleting where the configuration says so', async () => {
    await using scenario = await open('removal: { user: disable }');
    await scenario.withUsers(7);
    await scenario.take({ do: 'remove', ...user(0), group: false });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ deleted: 0, disabled: 1 });
    expect(live(scenario)).toHaveLength(7);
    expect((await scenario.cycle('full')).counts).toMatchObject({ deleted: 0, disabled: 0, differing: 0 });
  });

  it('repairs what somebody changed in the tenant, and says what made it necessary', async () => {
    await using scenario = await open();
    await scenario.withUsers(2);
    await scenario.take({ do: 'drift', n: 0 });
    const cycle = await scenario.cycle('delta');
    const { items } = await scenario.engine.operations(cycle.id, {}, undefined, 10);
    expect(items).toMatchObject([{ type: 'update', cause: 'tenantDrift', state: 'done' }]);
    expect((await scenario.cycle('full')).counts).toMatchObject({ compared: 2, differing: 0 });
  });

  it('only reports it where the configuration says so', async () => {
    await using scenario = await open('drift: report');
    await scenario.withUsers(2);
    const writes = scenario.tenant.writes;
    await scenario.take({ do: 'drift', n: 0 });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ updated: 0, held: 1, differing: 1 });
    expect((await scenario.engine.failing({}, undefined, 10)).items).toMatchObject([{ error: { code: 'CS6028' } }]);
    expect(scenario.tenant.writes).toBe(writes);
    const query = { by: 'userPrincipalName', value: 'user0@contoso.test' } as const;
    const { operations } = await scenario.engine.provision({ query, apply: true }, new AbortController().signal);
    expect(operations).toMatchObject([{ type: 'update', state: 'done' }]);
    expect(scenario.actual()).toEqual(scenario.expected());
  });

  it('reports an object deleted in the tenant, and brings back by itself only what was deleted from here', async () => {
    await using scenario = await open('drift: report');
    await scenario.withUsers(2);
    await scenario.take({ do: 'addGroup', forest: 0, n: 0 });
    await scenario.settle();
    const writes = scenario.tenant.writes;
    for (const { id } of [...scenario.tenant.objects.values()].slice(1)) scenario.tenant.remove(id);
    for (const type of ['delta', 'full'] as const)
      expect((await scenario.cycle(type)).counts).toMatchObject({ created: 0, restored: 0, held: 2, differing: 2 });
    expect((await scenario.engine.failing({}, undefined, 10)).items.map(({ error }) => error?.message)).toEqual([
      'Somebody deleted user 1 in the tenant, and drift is set to report.',
      'Somebody deleted group 0 in the tenant, and drift is set to report.',
    ]);
    expect(scenario.tenant.writes).toBe(writes);
    for (const inScope of [false, true]) {
      await scenario.take({ do: 'move', ...user(0), inScope });
      await scenario.cycle('delta');
    }
    expect(live(scenario)).toEqual(['user0@contoso.test']);
  });

  it('makes anew what a restore does not find', async () => {
    await using scenario = await open();
    await scenario.withUsers(1);
    await scenario.take({ do: 'move', ...user(0), inScope: false });
    await scenario.cycle('delta');
    // Purged, and nothing tells of it.
    scenario.tenant.objects.clear();
    await scenario.take({ do: 'move', ...user(0), inScope: true });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ restored: 0, created: 0, failed: 1 });
    expect((await scenario.cycle('delta')).counts).toMatchObject({ restored: 0, created: 1, failed: 0 });
    expect(scenario.actual()).toEqual(scenario.expected());
  });

  it('rebuilds a lost state from both ends by anchor, without a write', async () => {
    await using scenario = await open();
    await scenario.withUsers(7);
    await scenario.take({ do: 'addGroup', forest: 0, n: 0 });
    await scenario.take({ do: 'member', forest: 0, n: 0, m: 2, there: true });
    await scenario.settle();
    const writes = scenario.tenant.writes;
    scenario.loseState();
    const cycle = await scenario.cycle('full');
    expect(cycle).toMatchObject({
      state: 'succeeded',
      counts: { created: 0, deleted: 0, updated: 0, compared: 8, differing: 0 },
    });
    expect(scenario.tenant.writes).toBe(writes);
  });
});

describe('a plan', () => {
  it('saved is applied as it was shown', async () => {
    await using scenario = await open();
    await scenario.withUsers(3);
    await scenario.take({ do: 'change', ...user(0), value: 2 });
    const preview = await scenario.cycle('delta', { preview: true });
    await scenario.engine.savePlan(preview.id, true, 'ada');
    const plan = { cycle: preview.id, digest: preview.digest ?? '' };
    expect(await scenario.cycle('delta', { plan })).toMatchObject({ state: 'succeeded', counts: { updated: 1 } });
  });

  it('saved is refused once the world has moved, naming what moved', async () => {
    await using scenario = await open();
    await scenario.withUsers(3);
    await scenario.take({ do: 'change', ...user(0), value: 2 });
    const preview = await scenario.cycle('delta', { preview: true });
    await scenario.engine.savePlan(preview.id, true, 'ada');
    await scenario.take({ do: 'change', ...user(1), value: 2 });
    const writes = scenario.tenant.writes;
    const plan = { cycle: preview.id, digest: preview.digest ?? '' };
    const cycle = await scenario.cycle('delta', { plan });
    expect(cycle).toMatchObject({ state: 'failed', error: { code: PlanMovedError.code } });
    expect(cycle.error?.message).toContain('update of user 1 is new');
    expect(scenario.tenant.writes).toBe(writes);
  });

  it('is told in numbers', async () => {
    await using scenario = await open();
    for (const n of [0, 1]) await scenario.take({ do: 'addUser', ...user(n) });
    await scenario.take({ do: 'addGroup', forest: 1, n: 0 });
    const { id } = await scenario.cycle('delta', { preview: true });
    expect(await scenario.engine.plan(id)).toMatchObject({
      operations: 3,
      byKind: [
        { value: 'user', type: 'create', n: 2 },
        { value: 'group', type: 'create', n: 1 },
      ],
      byForest: [
        { value: 'contoso', n: 2 },
        { value: 'fabrikam', n: 1 },
      ],
      byOrganizationalUnit: [{ value: 'OU=People,DC=contoso,DC=test', n: 2 }, { n: 1 }],
    });
  });

  it('is only made, never sent, while staging', async () => {
    await using scenario = await open('staging: true');
    await scenario.take({ do: 'addUser', ...user(0) });
    expect(await scenario.cycle('delta')).toMatchObject({ preview: true, counts: { created: 0 } });
    expect(scenario.tenant.writes).toBe(0);
  });
});

describe('another configuration', () => {
  it('is assessed on what was last read: who would be lost, who gained, what would be held', async () => {
    await using scenario = await open();
    await scenario.withUsers(6);
    await scenario.take({ do: 'addUser', ...user(7) });
    await scenario.cycle('delta');
    const writes = scenario.tenant.writes;
    const elsewhere = scenario.configured((text) => text.replace('OU=People,DC=contoso', 'OU=Elsewhere,DC=contoso'));
    const assessment = await scenario.engine.assess(elsewhere, new AbortController().signal);
    expect(assessment).toMatchObject({
      operations: 7,
      byCause: [
        { value: 'configurationChanged', type: 'delete', n: 6 },
        { value: 'new', type: 'create', n: 1 },
      ],
      cycle: { holds: [{ guard: 'scopeLosses', count: 6 }] },
      unreadConnectors: [],
      unreadAttributes: [],
    });
    expect(assessment.sample[0]).toMatchObject({ type: 'delete', displayName: 'user 0', state: 'held' });
    expect(scenario.tenant.writes).toBe(writes);
    expect((await scenario.cycle('delta')).counts).toMatchObject({ deleted: 0, created: 0, held: 0 });
  });

  it('says which attributes nothing was read with yet, and reads in full once it is in force', async () => {
    await using scenario = await open();
    await scenario.withUsers(2);
    const mapped = (text: string): string => `${text}mappings: { user: { title: "[carLicense]" } }\n`;
    const assessment = await scenario.engine.assess(scenario.configured(mapped), new AbortController().signal);
    expect(assessment.unreadAttributes).toEqual(['carLicense']);
    scenario.reconfigure(mapped);
    expect((await scenario.cycle('delta')).counts.read).toBeGreaterThan(2);
    expect((await scenario.cycle('delta')).counts.read).toBe(0);
  });
});

describe('undo', () => {
  it('brings back what a cycle changed, and the next cycle leaves it so', async () => {
    await using scenario = await open();
    await scenario.withUsers(5);
    await scenario.take({ do: 'addGroup', forest: 0, n: 0 });
    await scenario.take({ do: 'member', forest: 0, n: 0, m: 0, there: true });
    await scenario.take({ do: 'manager', ...user(0), m: 1, there: true });
    await scenario.settle();
    const before = scenario.actual();
    await scenario.take({ do: 'change', ...user(0), value: 3 });
    await scenario.take({ do: 'remove', ...user(4), group: false });
    await scenario.take({ do: 'member', forest: 0, n: 0, m: 2, there: true });
    await scenario.take({ do: 'member', forest: 0, n: 0, m: 0, there: false });
    await scenario.take({ do: 'manager', ...user(0), m: 2, there: true });
    const cycle = await scenario.cycle('delta');
    expect(scenario.actual()).not.toEqual(before);
    const undo = await scenario.engine.runCycle(
      { type: 'undo', undo: cycle.id, preview: false, trigger: 'manual', actor: 'ada' },
      new AbortController().signal,
      { started() {}, progress() {} },
    );
    expect(undo).toMatchObject({ state: 'succeeded', counts: { failed: 0 } });
    expect(scenario.actual()).toEqual(before);
    const writes = scenario.tenant.writes;
    await scenario.cycle('delta');
    await scenario.cycle('full');
    expect(scenario.tenant.writes).toBe(writes);
    expect(scenario.actual()).toEqual(before);
    const [pinned] = (await scenario.engine.failing({}, undefined, 10)).items;
    await scenario.engine.release({ by: 'anchor', value: pinned?.anchor ?? '' }, 'ada');
    await scenario.cycle('delta');
    expect(scenario.tenant.writes).toBeGreaterThan(writes);
  });
});

describe('on demand', () => {
  const query = { by: 'dn', value: 'CN=user 0,OU=People,DC=contoso,DC=test' } as const;

  it('shows all five steps dry, and sends nothing', async () => {
    await using scenario = await open();
    for (const n of [0, 1]) await scenario.take({ do: 'addUser', ...user(n) });
    await scenario.cycle('delta', { preview: true });
    const result = await scenario.engine.provision({ query, apply: false }, new AbortController().signal);
    expect(result.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'import success',
      'scope success',
      'match success',
      'map success',
      'perform skipped',
    ]);
    expect(result.operations).toMatchObject([{ type: 'create', state: 'planned' }]);
    expect(scenario.tenant.writes).toBe(0);
  });

  it('applies to that object alone', async () => {
    await using scenario = await open();
    for (const n of [0, 1]) await scenario.take({ do: 'addUser', ...user(n) });
    await scenario.cycle('delta', { preview: true });
    await scenario.engine.provision({ query, apply: true }, new AbortController().signal);
    expect(live(scenario)).toEqual(['user0@contoso.test']);
    expect(await scenario.cycle('delta')).toMatchObject({ counts: { created: 1 } });
  });

  it('says why an object is out of scope', async () => {
    await using scenario = await open();
    await scenario.take({ do: 'addUser', ...user(7) });
    await scenario.cycle('delta', { preview: true });
    const out = { by: 'dn', value: 'CN=user 7,OU=Elsewhere,DC=contoso,DC=test' } as const;
    const { steps } = await scenario.engine.provision({ query: out, apply: true }, new AbortController().signal);
    expect(steps.at(-1)).toMatchObject({ name: 'scope', status: 'skipped', details: { code: 'organizationalUnit' } });
  });
});

describe('explain', () => {
  it('tells where an object comes from, what is next and what was done', async () => {
    await using scenario = await open();
    await scenario.withUsers(1);
    await scenario.take({ do: 'change', ...user(0), value: 1 });
    await scenario.cycle('delta', { preview: true });
    const told = await scenario.engine.explain({ by: 'userPrincipalName', value: 'user0@contoso.test' });
    expect(told).toMatchObject({
      object: {
        state: 'synced',
        desired: { department: { value: 'department 1', connector: 'contoso/contoso.test' } },
      },
      match: { by: 'known' },
      next: {
        outcome: 'operations',
        operations: [{ type: 'update', changes: [{ attribute: 'department', after: 'department 1' }] }],
      },
      history: [{ action: 'create', status: 'success' }],
    });
  });
});

describe('quarantine', () => {
  it('lets a failing connector rest, tries it when asked, and ends with success', async () => {
    await using scenario = await open();
    await scenario.withUsers(2);
    const [directory] = scenario.directories;
    if (directory === undefined) throw new Error('no directory');
    directory.failAfterPages = 0;
    for (let i = 0; i < 3; i += 1) await scenario.cycle('full', { trigger: 'schedule' });
    const status = async () => (await scenario.engine.status()).connectors[0];
    expect(await status()).toMatchObject({ state: 'quarantined', quarantine: { failures: 3 } });
    scenario.clockStands = true;
    const rested = await scenario.cycle('delta', { trigger: 'schedule' });
    expect(rested.connectorErrors).toMatchObject([{ error: { code: 'CS6020' } }]);
    directory.failAfterPages = undefined;
    expect((await scenario.cycle('delta', { trigger: 'schedule' })).connectorErrors).toHaveLength(1);
    expect((await scenario.cycle('delta')).connectorErrors).toEqual([]);
    expect(await status()).toMatchObject({ state: 'healthy', quarantine: null });
  });
});
