import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from './world.ts';

/** Guard, hold, approve, explain and undo between a real Active Directory and a tenant over TLS. */

let world: World;
const users = 10;
const upn = (n: number): string => `held${n}@corp.contoso.test`;
const dnOf = (n: number): string => `CN=held${n},OU=Held,${world.forest.baseDn}`;

beforeAll(async () => {
  world = await openWorld({ scope: '      organizationalUnits: ["OU=Held,DC=corp,DC=contoso,DC=test"]' });
  const { client, baseDn } = world.forest;
  await client.add(`OU=Held,${baseDn}`, { objectClass: ['organizationalUnit'] });
  for (let n = 0; n < users; n += 1) await addUser(n);
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', counts: { created: users } });
});

afterAll(() => world?.[Symbol.asyncDispose]());

async function addUser(n: number): Promise<void> {
  await world.forest.client.add(dnOf(n), {
    objectClass: ['user'],
    sAMAccountName: `held${n}`,
    userPrincipalName: upn(n),
    displayName: `Held ${n}`,
    userAccountControl: '544',
  });
}

test('a mass deletion is held, shown object by object, and goes on when that digest is approved', async () => {
  for (let n = 0; n < 4; n += 1) await world.forest.client.del(dnOf(n));
  const held = await world.cycle();
  expect(held).toMatchObject({ state: 'held', counts: { deleted: 0, held: 4 }, error: { code: 'CS6004' } });
  expect(await world.user(upn(0))).toBeDefined();
  const { items } = await world.withEngine((engine) => engine.operations(held.id, { state: 'held' }, undefined, 10));
  // Deletions come in the order the domain controller tells them.
  expect(items.map(({ displayName, dn }) => `${displayName} ${dn}`).toSorted()).toEqual(
    [0, 1, 2, 3].map((n) => `Held ${n} ${dnOf(n)}`),
  );
  await world.withEngine((engine) =>
    engine.decide({ verdict: 'approve', digest: held.heldDigest ?? '', actor: 'ada' }),
  );
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', counts: { deleted: 4, held: 0 } });
  expect(await world.user(upn(0))).toBeUndefined();
});

test('an object is explained from its domain controller to what was done in the tenant', async () => {
  const told = await world.withEngine((engine) => engine.explain({ by: 'userPrincipalName', value: upn(5) }));
  expect(told).toMatchObject({
    object: {
      state: 'synced',
      sources: [{ dn: dnOf(5), inScope: true, reason: { code: 'inScope' } }],
      desired: { displayName: { value: 'Held 5', connector: 'contoso/corp.contoso.test' } },
    },
    match: { by: 'known' },
    next: { outcome: 'nothing' },
    history: [{ action: 'create', status: 'success' }],
  });
  expect(told?.object.sources[0]?.usn).toMatch(/^\d+$/);
  expect(told?.history[0]?.detail['requestId']).toMatch(/^[0-9a-f-]{36}$/);
});

test('undo brings back what a cycle deleted and changed', async () => {
  await world.forest.client.del(dnOf(4));
  const { Attribute, Change } = await import('ldapts');
  const title = new Attribute({ type: 'title', values: ['Countess'] });
  await world.forest.client.modify(dnOf(5), [new Change({ operation: 'add', modification: title })]);
  const cycle = await world.cycle();
  expect(cycle.counts).toMatchObject({ deleted: 1, updated: 1 });
  const undo = await world.withEngine((engine) =>
    engine.runCycle({ type: 'undo', undo: cycle.id, preview: false, trigger: 'manual' }, new AbortController().signal, {
      started() {},
      progress() {},
    }),
  );
  expect(undo).toMatchObject({ state: 'succeeded', counts: { restored: 1, updated: 1 } });
  expect(await world.user(upn(4))).toBeDefined();
  expect(await world.user(upn(5))).toMatchObject({ jobTitle: null });
  const before = world.sandbox.counters.writes;
  await world.cycle('full');
  expect(world.sandbox.counters.writes).toBe(before);
});

test('one object is provisioned by itself, step by step', async () => {
  await addUser(20);
  await addUser(21);
  const query = { by: 'dn', value: dnOf(20) } as const;
  const signal = new AbortController().signal;
  const dry = await world.withEngine((engine) => engine.provision({ query, apply: false }, signal));
  expect(dry.steps.map(({ name, status }) => `${name}: ${status}`)).toEqual([
    'import: success',
    'scope: success',
    'match: success',
    'map: success',
    'perform: skipped',
  ]);
  expect(await world.user(upn(20))).toBeUndefined();
  await world.withEngine((engine) => engine.provision({ query, apply: true }, signal));
  expect(await world.user(upn(20))).toMatchObject({ displayName: 'Held 20' });
  expect(await world.user(upn(21))).toBeUndefined();
});
