import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseTenantId } from '../../src/model/index.ts';
import type { Operation, TenantRef } from '../../src/target/index.ts';
import { anchor, apply, idOf, nextId, openSyncWorld, ref, type SyncWorld, signal } from './world.ts';

const crowd = 250_000;
const chunk = 500;

let world: SyncWorld;
beforeAll(async () => {
  world = await openSyncWorld();
  for (let from = 0; from < crowd; from += 10_000) {
    world.sandbox.directory.transact((writer) => {
      for (let n = from; n < from + 10_000; n += 1)
        writer.create('user', { displayName: `u${n}`, sourceAnchor: anchor(n) }, { mastery: 'synced' });
    });
  }
});
afterAll(() => world[Symbol.asyncDispose]());

/** What some work comes to on the wire, printed; gives the requests. */
async function measured(what: string, links: number, work: () => Promise<unknown>): Promise<number> {
  const before = { ...world.sandbox.counters };
  await work();
  const { syncCalls, syncBytesReceived, syncBytesSent } = world.sandbox.counters;
  const calls = syncCalls - before.syncCalls;
  const sent = syncBytesReceived - before.syncBytesReceived;
  console.info(
    `${what}: ${calls} requests, ${links} links, ${sent} bytes sent, ${syncBytesSent - before.syncBytesSent} received`,
  );
  return calls;
}

/** As the engine hands them over: some hundred operations at a time. */
async function addAll(group: TenantRef, slice: number): Promise<void> {
  for (let from = 0; from < crowd; from += slice * chunk) {
    const operations: Operation[] = [];
    for (let at = from; at < Math.min(crowd, from + slice * chunk); at += chunk) {
      const members = Array.from({ length: chunk }, (_, i) => ref('user', at + i));
      operations.push({ operationId: nextId(), type: 'addMembers', object: group, attribute: 'member', members });
    }
    for (const result of await apply(world.target, ...operations)) expect(result.outcome).toBe('done');
  }
}

it('fills a group of 250,000 members by changes, links per request honoured, and reads it back', async () => {
  const [made] = await apply(world.target, {
    operationId: nextId(),
    type: 'create',
    object: ref('group', 'crowd'),
    attributes: { displayName: 'Crowd', securityEnabled: true },
  });
  const group = ref('group', 'crowd', idOf(made));
  // Two slices of 400 operations: 200,000 links in 14 requests, and 50,000 in 4.
  expect(await measured('added', crowd, () => addAll(group, 400))).toBe(14 + 4);
  const { number } = world.sandbox.directory.objects.byId(group.id ?? '') ?? { number: 0 };
  expect(world.sandbox.directory.links.countTargets('members', number)).toBe(crowd);
  const remove: Operation = {
    operationId: nextId(),
    type: 'removeMember',
    object: group,
    attribute: 'member',
    member: ref('user', 7, parseTenantId('00000000-0000-0000-0000-000000000000')),
  };
  const one = world.sandbox.counters.syncObjects;
  expect(await measured('removed', 1, () => apply(world.target, remove))).toBe(1);
  expect(world.sandbox.counters.syncObjects - one).toBe(1);
  await measured('read back', crowd - 1, async () => {
    const found = await world.target.find(group, signal);
    expect(found?.links?.['member']).toHaveLength(crowd - 1);
  });
});

it('takes no member beyond the 250,000 that a group may have, and says so of that group alone', async () => {
  const group = ref('group', 'crowd');
  const member = ref('user', 7);
  const add = (members: readonly TenantRef[]): Operation => ({
    operationId: nextId(),
    type: 'addMembers',
    object: group,
    attribute: 'member',
    members,
  });
  // The one that was removed, and again, as after an answer that was lost.
  for (let i = 0; i < 2; i += 1) expect((await apply(world.target, add([member])))[0]?.outcome).toBe('done');
  const [more] = await apply(world.target, add([group]));
  expect(more).toMatchObject({ outcome: 'failed', error: { message: expect.stringContaining('250000') } });
});
