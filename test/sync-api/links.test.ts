import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SourceAnchor, TenantId } from '../../src/model/index.ts';
import type { Operation, TenantRef } from '../../src/target/index.ts';
import { anchor, apply, idOf, nextId, openSyncWorld, outcome, readAll, ref, type SyncWorld, signal } from './world.ts';

let world: SyncWorld;
beforeEach(async () => {
  world = await openSyncWorld({ syncApi: { pageSize: 7 } });
});
afterEach(() => world[Symbol.asyncDispose]());

async function people(...names: readonly (string | number)[]): Promise<readonly TenantRef[]> {
  const results = await apply(
    world.target,
    ...names.map(
      (name): Operation => ({
        operationId: nextId(),
        type: 'create',
        object: ref('user', name),
        attributes: { userPrincipalName: `u${name}@corp.contoso.test`, displayName: `u${name}`, accountEnabled: true },
      }),
    ),
  );
  return results.map((result, i) => ref('user', names[i] ?? '', idOf(result)));
}

async function group(name: string): Promise<TenantRef> {
  const [result] = await apply(world.target, {
    operationId: nextId(),
    type: 'create',
    object: ref('group', name),
    attributes: { displayName: name, securityEnabled: true },
  });
  return ref('group', name, idOf(result));
}

const add = (object: TenantRef, members: readonly TenantRef[], attribute = 'member'): Operation => ({
  operationId: nextId(),
  type: 'addMembers',
  object,
  attribute,
  members,
});
const drop = (object: TenantRef, member: TenantRef, attribute = 'member'): Operation => ({
  operationId: nextId(),
  type: 'removeMember',
  object,
  attribute,
  member,
});

async function linksOf(object: TenantRef): Promise<Readonly<Record<string, readonly (SourceAnchor | TenantId)[]>>> {
  return (await world.target.find(object, signal))?.links ?? {};
}

async function shownMembers(object: TenantRef): Promise<number> {
  const { value } = await world.get<{ value: readonly unknown[] }>(
    `/v1.0/groups/${object.id}/members?$top=999&$select=id`,
  );
  return value.length;
}

describe('links', () => {
  it('sends what changed of a group, all of it in one object, and nothing of the rest', async () => {
    const [a, b, c, d] = await people('a', 'b', 'c', 'd');
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('no people');
    const staff = await group('staff');
    await apply(world.target, add(staff, [a, b, c]));
    const before = { ...world.sandbox.counters };
    const results = await apply(world.target, drop(staff, a), drop(staff, b), add(staff, [d]));
    expect(results.map(outcome)).toEqual(['done', 'done', 'done']);
    expect(world.sandbox.counters.syncCalls - before.syncCalls).toBe(1);
    expect(world.sandbox.counters.syncObjects - before.syncObjects).toBe(1);
    expect(await linksOf(staff)).toEqual({ member: [anchor('c'), anchor('d')] });
    expect(await shownMembers(staff)).toBe(2);
    // Again, as after an answer that was lost.
    await apply(world.target, drop(staff, a), add(staff, [d]));
    expect(await linksOf(staff)).toEqual({ member: [anchor('c'), anchor('d')] });
  });

  it('holds to the links that a request may have', async () => {
    world.sandbox.changeProfile({ syncApi: { linksPerRequest: 100 } });
    const members = await people(...Array.from({ length: 250 }, (_, i) => i));
    const crowd = await group('crowd');
    const chunks = Array.from({ length: 25 }, (_, i) => add(crowd, members.slice(10 * i, 10 * i + 10)));
    const target = world.open();
    await target.check(signal);
    const before = world.sandbox.counters.syncCalls;
    expect((await apply(target, ...chunks)).map(outcome)).toEqual(chunks.map(() => 'done'));
    expect(world.sandbox.counters.syncCalls - before).toBe(3);
    expect(await shownMembers(crowd)).toBe(250);
  });

  it('sets, replaces and clears references of one value', async () => {
    const [boss, chief, worker] = await people('boss', 'chief', 'worker');
    if (boss === undefined || chief === undefined || worker === undefined) throw new Error('no people');
    const manager = (): Promise<unknown> =>
      world.get<{ displayName: string }>(`/v1.0/users/${worker.id}/manager`).then(
        ({ displayName }) => displayName,
        () => 'none',
      );
    await apply(world.target, { operationId: nextId(), type: 'setManager', object: worker, manager: boss });
    expect(await manager()).toBe('uboss');
    await apply(world.target, { operationId: nextId(), type: 'setManager', object: worker, manager: chief });
    expect(await manager()).toBe('uchief');
    expect(await linksOf(worker)).toEqual({ manager: [chief.anchor] });
    await apply(world.target, { operationId: nextId(), type: 'clearManager', object: worker });
    expect(await manager()).toBe('none');
    const staff = await group('staff');
    await apply(world.target, add(staff, [boss], 'managedBy'));
    expect(await linksOf(staff)).toEqual({ managedBy: [boss.anchor] });
    await apply(world.target, drop(staff, boss, 'managedBy'));
    expect(await linksOf(staff)).toEqual({});
  });

  it('writes senders and delegates, which only mail knows of', async () => {
    const [a, b] = await people('a', 'b');
    if (a === undefined || b === undefined) throw new Error('no people');
    const staff = await group('staff');
    await apply(world.target, add(staff, [a, b], 'authOrig'), add(staff, [a], 'publicDelegates'));
    expect(await linksOf(staff)).toEqual({ authOrig: [a.anchor, b.anchor].sort(), publicDelegates: [a.anchor] });
    await apply(world.target, drop(staff, a, 'authOrig'));
    expect(await linksOf(staff)).toMatchObject({ authOrig: [b.anchor] });
  });

  it('reads a delta of nothing but what changed, over pages', async () => {
    const members = await people(...Array.from({ length: 30 }, (_, i) => i));
    const staff = await group('staff');
    const { token, objects } = await readAll(world.target);
    expect(objects).toHaveLength(31);
    await apply(world.target, add(staff, members.slice(0, 20)));
    const delta = await readAll(world.target, token);
    expect(delta.objects.map(({ kind }) => kind)).toEqual(['group']);
    expect(delta.objects[0]?.links?.['member']).toHaveLength(20);
    const [first] = members;
    if (first === undefined) throw new Error('no people');
    await apply(world.target, { operationId: nextId(), type: 'delete', object: first });
    const next = await readAll(world.target, delta.token);
    expect(next.removed).toEqual([first.id]);
    expect(next.objects.map(({ links }) => links?.['member']?.length)).toEqual([19]);
    expect((await readAll(world.target, next.token)).objects).toEqual([]);
  });
});
