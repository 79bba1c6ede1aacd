import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorOf, eventsOf, never, openTenant, type Tenant } from '../../../test/tenant/index.ts';
import type { ObjectKind, TenantAttributes, TenantId } from '../../model/index.ts';
import { type Fetch, httpsFetch } from '../https-fetch.ts';
import type { Operation, OperationResult, TenantRef } from '../target.ts';

let tenant: Tenant;
let next = 1;

beforeAll(async () => {
  tenant = await openTenant({ options: { owners: true } });
});
afterAll(() => tenant[Symbol.asyncDispose]());

const ref = (kind: ObjectKind, n: number, id?: TenantId): TenantRef => ({ kind, anchor: anchorOf(n), id });

function attributes(n: number, more: TenantAttributes = {}): TenantAttributes {
  return { userPrincipalName: `user${n}@contoso.test`, displayName: `User ${n}`, accountEnabled: true, ...more };
}

async function one(operation: Operation): Promise<OperationResult> {
  const result = (await tenant.apply([operation])).get(operation.operationId);
  if (result === undefined) throw new Error('no result');
  return result;
}

async function done(operation: Operation): Promise<OperationResult & { outcome: 'done' }> {
  const result = await one(operation);
  if (result.outcome !== 'done') throw result.error;
  return result;
}

async function create(
  kind: 'user' | 'group',
  n: number,
  values: TenantAttributes,
): Promise<TenantRef & { id: TenantId }> {
  const result = await done({ operationId: next++, object: ref(kind, n), type: 'create', attributes: values });
  if (result.id === undefined) throw new Error('no id');
  return { kind, anchor: anchorOf(n), id: result.id };
}

const user = (n: number, more?: TenantAttributes) => create('user', n, attributes(n, more));
const group = (n: number) =>
  create('group', n, { displayName: `Group ${n}`, mailEnabled: false, securityEnabled: true });

async function membersOf({ id }: TenantRef, link = 'members'): Promise<readonly string[]> {
  const { value } = await tenant.get<{ value: { id: string }[] }>(`/v1.0/groups/${id}/${link}?$select=id&$top=999`);
  return value.map((member) => member.id).sort();
}

async function writes(work: () => Promise<unknown>): Promise<number> {
  const before = tenant.sandbox.counters.writes;
  await work();
  return tenant.sandbox.counters.writes - before;
}

test('it signs in and learns whom it writes', async () => {
  expect(await tenant.target.check(never)).toMatchObject({
    tenantId: tenant.sandbox.tenantId,
    verifiedDomains: expect.arrayContaining(['contoso.test']),
  });
});

test('a user is made with all its values', async () => {
  const made = await user(100, {
    givenName: 'Ada',
    surname: 'Lovelace',
    telephoneNumber: '+49 1',
    mail: 'ada@contoso.test',
    extensionAttribute7: 'seven',
    usageLocation: 'DE',
    alias: 'ada',
  });
  const select =
    'displayName,givenName,surname,businessPhones,mail,onPremisesExtensionAttributes,usageLocation,mailNickname,onPremisesImmutableId';
  expect(await tenant.get(`/v1.0/users/${made.id}?$select=${select}`)).toMatchObject({
    displayName: 'User 100',
    givenName: 'Ada',
    surname: 'Lovelace',
    businessPhones: ['+49 1'],
    mail: 'ada@contoso.test',
    usageLocation: 'DE',
    mailNickname: 'ada',
    onPremisesImmutableId: made.anchor,
    onPremisesExtensionAttributes: expect.objectContaining({ extensionAttribute7: 'seven' }),
  });
});

test('an update changes what it names, clears what has no value, and is one write', async () => {
  const made = await user(101, {
    department: 'Research',
    title: 'Countess',
    telephoneNumber: '1',
    extensionAttribute1: 'a',
    extensionAttribute2: 'b',
  });
  const change = (before: string | null, after: string | null) => ({ before, after });
  const operation: Operation = {
    operationId: next++,
    object: made,
    type: 'update',
    changes: {
      department: change('Research', 'Engines'),
      title: change('Countess', null),
      telephoneNumber: change('1', null),
      extensionAttribute1: change('a', null),
    },
    whole: {},
  };
  expect(await writes(() => done(operation))).toBe(1);
  const select = 'department,jobTitle,businessPhones,onPremisesExtensionAttributes,displayName';
  expect(await tenant.get(`/v1.0/users/${made.id}?$select=${select}`)).toMatchObject({
    department: 'Engines',
    jobTitle: null,
    businessPhones: [],
    displayName: 'User 101',
    onPremisesExtensionAttributes: expect.objectContaining({ extensionAttribute1: null, extensionAttribute2: 'b' }),
  });
});

test('forty users are two batches, and forty writes', async () => {
  const operations = Array.from(
    { length: 40 },
    (_, i): Operation => ({
      operationId: next++,
      object: ref('user', 200 + i),
      type: 'create',
      attributes: attributes(200 + i),
    }),
  );
  const { requests } = tenant.sandbox.counters;
  let results: ReadonlyMap<number, OperationResult> = new Map();
  expect(
    await writes(async () => {
      results = await tenant.apply(operations);
    }),
  ).toBe(40);
  expect(tenant.sandbox.counters.requests - requests).toBe(2);
  expect([...results.values()].every(({ outcome }) => outcome === 'done')).toBe(true);
  expect(new Set([...results.values()].map((result) => (result.outcome === 'done' ? result.id : ''))).size).toBe(40);
});

test('what someone waits for says so, by itself and in a batch, and a long run does not', async () => {
  using https = httpsFetch({ ca: tenant.access.ca });
  const bodies: string[] = [];
  const fetch: Fetch = (url, init) => {
    if (init.method !== 'GET') bodies.push(`${JSON.stringify([...new Headers(init.headers)])} ${String(init.body)}`);
    return https(url, init);
  };
  const target = tenant.open({}, { fetch });
  await target.check(never);
  const made = async (from: number, count: number): Promise<string> => {
    bodies.length = 0;
    const operations = Array.from({ length: count }, (_, i): Operation => {
      return { operationId: next++, object: ref('user', from + i), type: 'create', attributes: attributes(from + i) };
    });
    for (const { outcome } of (await tenant.apply(operations, target)).values()) expect(outcome).toBe('done');
    return bodies.join('\n');
  };
  expect(await made(700, 1)).toContain('x-ms-throttle-priority');
  expect((await made(710, 3)).match(/"x-ms-throttle-priority":"High"/g)).toHaveLength(3);
  expect(await made(720, 4)).not.toContain('x-ms-throttle-priority');
});

test('disable, delete and restore follow one another', async () => {
  const made = await user(110);
  await done({ operationId: next++, object: made, type: 'disable' });
  expect(await tenant.get(`/v1.0/users/${made.id}?$select=accountEnabled`)).toMatchObject({ accountEnabled: false });
  await done({ operationId: next++, object: made, type: 'delete' });
  expect(await tenant.target.find(made, never)).toBeUndefined();
  const bin: string[] = [];
  for await (const objects of tenant.target.readDeleted('user', never)) bin.push(...objects.map(({ id }) => id));
  expect(bin).toContain(made.id);
  await done({ operationId: next++, object: made, type: 'restore' });
  expect(await tenant.target.find(made, never)).toMatchObject({ id: made.id, anchor: made.anchor, softDeleted: false });
});

test('deleted twice is deleted, and restored twice is restored', async () => {
  const made = await user(111);
  for (const type of ['delete', 'delete', 'restore', 'restore'] as const)
    await done({ operationId: next++, object: made, type });
  expect(await tenant.target.find(made, never)).toMatchObject({ id: made.id });
});

test('a group is made once by its anchor: a second time gives the same', async () => {
  const first = await group(120);
  const second = await group(120);
  expect(second.id).toBe(first.id);
  expect(await tenant.get(`/v1.0/groups/${first.id}`)).toMatchObject({
    displayName: 'Group 120',
    uniqueName: first.anchor,
    securityEnabled: true,
    mailEnabled: false,
    groupTypes: [],
  });
});

test('a user made a second time is the same user', async () => {
  const first = await user(121);
  const second = await user(121);
  expect(second.id).toBe(first.id);
});

test('an object whose anchor lies in the recycle bin comes back with the values of today', async () => {
  for (const [kind, n] of [
    ['user', 122],
    ['group', 123],
  ] as const) {
    const made = kind === 'user' ? await user(n) : await group(n);
    await done({ operationId: next++, object: made, type: 'delete' });
    const values =
      kind === 'user'
        ? attributes(n, { displayName: 'Back' })
        : { displayName: 'Back', mailEnabled: false, securityEnabled: true };
    const again = await create(kind, n, values);
    expect(again.id).toBe(made.id);
    expect(await tenant.get(`/v1.0/${kind}s/${made.id}?$select=displayName`)).toMatchObject({ displayName: 'Back' });
  }
});

describe('members', () => {
  test('twenty are one write', async () => {
    const holder = await group(300);
    const members = await Promise.all(Array.from({ length: 20 }, (_, i) => user(310 + i)));
    const add: Operation = { operationId: next++, object: holder, type: 'addMembers', attribute: 'member', members };
    expect(await writes(() => done(add))).toBe(1);
    expect(await membersOf(holder)).toEqual(members.map(({ id }) => id).sort());
  });

  test.each([
    ['one', 1, 2],
    ['half', 10, 2],
    ['all', 20, 1],
  ])('of twenty of which %s are there already, the others follow in one write', async (_, there, sent) => {
    const holder = await group(next + 10_000);
    const members = await Promise.all(Array.from({ length: 20 }, () => user(next++ + 10_000)));
    const add = (some: readonly TenantRef[]): Operation => ({
      operationId: next++,
      object: holder,
      type: 'addMembers',
      attribute: 'member',
      members: some,
    });
    await done(add(members.filter((_member, i) => i % (20 / there) === 0)));
    expect(await writes(async () => expect((await done(add(members))).refused ?? []).toEqual([]))).toBe(sent);
    expect(await membersOf(holder)).toEqual(members.map(({ id }) => id).sort());
  });

  test('one that cannot be is refused by itself, and the others are in', async () => {
    const holder = await group(360);
    const members = await Promise.all(Array.from({ length: 5 }, (_, i) => user(370 + i)));
    const gone = members[2];
    if (gone === undefined) throw new Error('no member');
    const fresh = tenant.open();
    await done({ operationId: next++, object: gone, type: 'delete' });
    const results = await tenant.apply(
      [{ operationId: next, object: holder, type: 'addMembers', attribute: 'member', members }],
      fresh,
    );
    expect(results.get(next++)).toMatchObject({
      outcome: 'done',
      refused: [{ member: gone, error: expect.objectContaining({ code: 'CS4044' }) }],
    });
    expect(await membersOf(holder)).toEqual(
      members
        .filter((member) => member !== gone)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test('removed twice is removed', async () => {
    const holder = await group(380);
    const member = await user(381);
    await done({ operationId: next++, object: holder, type: 'addMembers', attribute: 'member', members: [member] });
    for (let i = 0; i < 2; i += 1)
      await done({ operationId: next++, object: holder, type: 'removeMember', attribute: 'member', member });
    expect(await membersOf(holder)).toEqual([]);
    expect(await tenant.target.find(member, never)).toBeDefined();
  });

  test('groups nest', async () => {
    const [outer, inner] = [await group(385), await group(386)];
    await done({ operationId: next++, object: outer, type: 'addMembers', attribute: 'member', members: [inner] });
    expect(await membersOf(outer)).toEqual([inner.id]);
  });

  test('owners are set, and the last one stays with the reason', async () => {
    const holder = await group(390);
    const owners = [await user(391), await user(392)];
    await done({ operationId: next++, object: holder, type: 'addMembers', attribute: 'managedBy', members: owners });
    expect(await membersOf(holder, 'owners')).toEqual(owners.map(({ id }) => id).sort());
    const [first, last] = owners;
    if (first === undefined || last === undefined) throw new Error('no owners');
    await done({ operationId: next++, object: holder, type: 'removeMember', attribute: 'managedBy', member: first });
    expect(
      await one({ operationId: next++, object: holder, type: 'removeMember', attribute: 'managedBy', member: last }),
    ).toMatchObject({
      outcome: 'failed',
      error: expect.objectContaining({ code: 'CS4048' }),
    });
  });
});

test('a manager is set, changed, cleared, and cleared once more', async () => {
  const [ada, first, second] = [await user(400), await user(401), await user(402)];
  const managerOf = () =>
    tenant.get<{ id: string }>(`/v1.0/users/${ada.id}/manager?$select=id`).then(
      ({ id }) => id,
      () => undefined,
    );
  for (const manager of [first, second]) {
    await done({ operationId: next++, object: ada, type: 'setManager', manager });
    expect(await managerOf()).toBe(manager.id);
  }
  for (let i = 0; i < 2; i += 1) await done({ operationId: next++, object: ada, type: 'clearManager' });
  expect(await managerOf()).toBeUndefined();
});

describe('a refusal names the object, both owners and the remedy, and is not sent again', () => {
  test('a user principal name that is taken', async () => {
    const owner = await user(500);
    let result: OperationResult | undefined;
    const sent = await writes(async () => {
      result = await one({
        operationId: next++,
        object: ref('user', 501),
        type: 'create',
        attributes: { ...attributes(501), userPrincipalName: 'USER500@contoso.test' },
      });
    });
    expect(sent).toBe(1);
    expect(result).toMatchObject({
      outcome: 'failed',
      error: expect.objectContaining({
        code: 'CS4031',
        retry: 'never',
        attribute: 'userPrincipalName',
        message: `user USER500@contoso.test cannot have the userPrincipalName USER500@contoso.test: it belongs to user user500@contoso.test (${owner.id}).`,
      }),
    });
  });

  test('an address that is taken', async () => {
    await user(510, { mail: 'shared@contoso.test' });
    const made = await user(511);
    expect(
      await one({
        operationId: next++,
        object: made,
        type: 'update',
        changes: { mail: { before: null, after: 'Shared@contoso.test' } },
        whole: {},
      }),
    ).toMatchObject({
      outcome: 'failed',
      error: expect.objectContaining({
        code: 'CS4031',
        attribute: 'mail',
        message: expect.stringMatching(
          /cannot have the mail Shared@contoso\.test: it belongs to user user510@contoso\.test/,
        ),
      }),
    });
  });

  test('a domain that is not verified', async () => {
    expect(
      await one({
        operationId: next++,
        object: ref('user', 520),
        type: 'create',
        attributes: { ...attributes(520), userPrincipalName: 'ada@elsewhere.test' },
      }),
    ).toMatchObject({
      outcome: 'failed',
      error: expect.objectContaining({ code: 'CS4032', message: expect.stringContaining('elsewhere.test') }),
    });
  });

  test('a value that is missing', async () => {
    expect(
      await one({
        operationId: next++,
        object: ref('user', 530),
        type: 'create',
        attributes: { userPrincipalName: 'user530@contoso.test' },
      }),
    ).toMatchObject({
      outcome: 'failed',
      error: expect.objectContaining({ code: 'CS4035', attribute: 'displayName' }),
    });
  });

  test('an object that is not there', async () => {
    const made = await user(540);
    const fresh = tenant.open();
    await done({ operationId: next++, object: made, type: 'delete' });
    const results = await tenant.apply(
      [{ operationId: 1, object: made, type: 'update', changes: { title: { before: null, after: 'x' } }, whole: {} }],
      fresh,
    );
    expect(results.get(1)).toMatchObject({
      outcome: 'failed',
      error: expect.objectContaining({ code: 'CS4044', retry: 'later' }),
    });
  });

  test('a group that exists without an anchor', async () => {
    const made = await tenant.get<{ id: TenantId }>('/v1.0/groups', 'POST', {
      displayName: 'Old',
      mailEnabled: false,
      mailNickname: 'old',
      securityEnabled: true,
    });
    expect(
      await one({ operationId: next++, object: ref('group', 550, made.id), type: 'adopt', changes: {}, whole: {} }),
    ).toMatchObject({ outcome: 'failed', error: expect.objectContaining({ code: 'CS4047' }) });
  });
});

test('an existing user is adopted by its anchor', async () => {
  const made = await tenant.get<{ id: TenantId }>('/v1.0/users', 'POST', {
    ...{ accountEnabled: true, displayName: 'Cloud', mailNickname: 'cloud', userPrincipalName: 'cloud@contoso.test' },
    passwordProfile: { password: 'Quite-a-long-one-7' },
  });
  await done({
    operationId: next++,
    object: ref('user', 560, made.id),
    type: 'adopt',
    changes: { displayName: { before: 'Cloud', after: 'Ours' } },
    whole: {},
  });
  expect(await tenant.target.find(ref('user', 560), never)).toMatchObject({
    id: made.id,
    attributes: { displayName: 'Ours' },
  });
});

test('contacts and devices are no matter for Graph', async () => {
  expect(
    await one({ operationId: next++, object: ref('contact', 570), type: 'create', attributes: { displayName: 'x' } }),
  ).toMatchObject({ outcome: 'failed' });
});

test('what was read whole is resumed by its token, and says what changed', async () => {
  const first = await eventsOf(tenant.target.read(undefined, never));
  const last = first.at(-1);
  if (last?.type !== 'complete') throw new Error('the read is not complete');
  const holder = await group(600);
  const member = await user(601, { title: 'Countess' });
  const leaves = await user(602);
  await done({ operationId: next++, object: holder, type: 'addMembers', attribute: 'member', members: [member] });
  await done({ operationId: next++, object: member, type: 'setManager', manager: leaves });
  const second = await eventsOf(tenant.target.read(last.token, never));
  const objects = second.flatMap((event) => (event.type === 'objects' ? event.objects : []));
  expect(objects.map(({ id }) => id).sort()).toEqual([holder.id, member.id, leaves.id].sort());
  expect(objects.find(({ id }) => id === member.id)).toMatchObject({
    kind: 'user',
    anchor: member.anchor,
    synced: false,
    privileged: false,
    softDeleted: false,
    attributes: expect.objectContaining({
      title: 'Countess',
      userPrincipalName: 'user601@contoso.test',
      accountEnabled: true,
    }),
  });
  const links = second.filter((event) => event.type === 'links');
  expect(links).toContainEqual({ type: 'links', id: holder.id, attribute: 'member', added: [member.id], removed: [] });
  expect(links).toContainEqual({ type: 'links', id: member.id, attribute: 'manager', added: [leaves.id], removed: [] });

  const token = second.at(-1);
  if (token?.type !== 'complete') throw new Error('the read is not complete');
  await done({ operationId: next++, object: holder, type: 'removeMember', attribute: 'member', member });
  await done({ operationId: next++, object: leaves, type: 'delete' });
  const third = await eventsOf(tenant.target.read(token.token, never));
  expect(third).toContainEqual({ type: 'removed', objects: [{ kind: 'user', id: leaves.id, soft: true }] });
  expect(third).toContainEqual({ type: 'links', id: holder.id, attribute: 'member', added: [], removed: [member.id] });
});

test('a read that finds nothing new writes nothing and is complete', async () => {
  const first = (await eventsOf(tenant.target.read(undefined, never))).at(-1);
  if (first?.type !== 'complete') throw new Error('the read is not complete');
  expect(
    await writes(async () => {
      expect(await eventsOf(tenant.target.read(first.token, never))).toEqual([
        expect.objectContaining({ type: 'complete' }),
      ]);
    }),
  ).toBe(0);
});

test('no initial password, secret or token is ever logged', () => {
  expect(JSON.stringify(tenant.events)).not.toContain(tenant.sandbox.clientSecret);
});
