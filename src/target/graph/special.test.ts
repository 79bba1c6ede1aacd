import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorOf, eventsOf, never, openTenant, type Tenant } from '../../../test/tenant/index.ts';
import type { TenantAttributes, TenantId } from '../../model/index.ts';
import { ReadTokenLostError } from '../errors.ts';
import type { Operation, OperationResult, TenantObject, TenantRef } from '../target.ts';
import type { GraphTarget } from './open.ts';

let tenant: Tenant;
let next = 1;

beforeAll(async () => {
  tenant = await openTenant({ virtual: true });
});
afterAll(() => tenant[Symbol.asyncDispose]());

async function one(operation: Operation, target?: GraphTarget): Promise<OperationResult> {
  const result = (await tenant.apply([operation], target)).get(operation.operationId);
  if (result === undefined) throw new Error('no result');
  return result;
}

async function user(
  n: number,
  more: TenantAttributes = {},
  target?: GraphTarget,
): Promise<TenantRef & { id: TenantId }> {
  const attributes = {
    userPrincipalName: `user${n}@contoso.test`,
    displayName: `User ${n}`,
    accountEnabled: true,
    ...more,
  };
  const object = { kind: 'user', anchor: anchorOf(n), id: undefined } as const;
  const result = await one({ operationId: next++, object, type: 'create', attributes }, target);
  if (result.outcome !== 'done') throw result.error;
  if (result.id === undefined) throw new Error('no id');
  return { ...object, id: result.id };
}

async function objectsSince(token: string | undefined): Promise<{ objects: readonly TenantObject[]; token: string }> {
  const events = await eventsOf(tenant.target.read(token, never));
  const last = events.at(-1);
  if (last?.type !== 'complete') throw new Error('not complete');
  return { objects: events.flatMap((event) => (event.type === 'objects' ? event.objects : [])), token: last.token };
}

describe('directory extensions', () => {
  const text = (one: string) => ({ name: one, type: 'String', many: false }) as const;
  const name = (): string => `extension_${tenant.sandbox.clientId.replaceAll('-', '')}_costCenter`;

  test('are registered with the first value, once, and written and read like any attribute', async () => {
    const target = tenant.open({ directoryExtensions: { user: [text(name())] } });
    const made = await Promise.all([1, 2, 3].map((n) => user(n, { [name()]: `cc${n}` }, target)));
    const { value } = await tenant.get<{ value: { name: string; targetObjects: string[] }[] }>(
      `/v1.0/applications(appId='${tenant.sandbox.clientId}')/extensionProperties`,
    );
    expect(value.map((property) => [property.name, property.targetObjects])).toEqual([[name(), ['User']]]);
    expect(await target.find(made[1] ?? { kind: 'user', anchor: anchorOf(2), id: undefined }, never)).toMatchObject({
      attributes: { [name()]: 'cc2' },
    });
    const again = tenant.open({ directoryExtensions: { user: [text(name())] } });
    const [first] = made;
    if (first === undefined) throw new Error('nobody was made');
    const changes = { [name()]: { before: 'cc1', after: null } };
    expect(await one({ operationId: next++, object: first, type: 'update', changes, whole: {} }, again)).toMatchObject({
      outcome: 'done',
    });
    expect((await again.find(first, never))?.attributes).not.toHaveProperty([name()]);
  });
});

describe('a directory extension nobody has registered yet', () => {
  const definition = (name: string) =>
    ({
      name: `extension_${tenant.sandbox.clientId.replaceAll('-', '')}_${name}`,
      type: 'String',
      many: false,
    }) as const;

  test('keeps nothing from being read, and is read from the first value on', async () => {
    const extension = definition('badge');
    const target = tenant.open({ directoryExtensions: { user: [extension] } });
    const before = await eventsOf(target.read(undefined, never));
    const token = before.flatMap((event) => (event.type === 'complete' ? [event.token] : []))[0];
    expect(await Array.fromAsync(target.readDeleted('user', never))).toBeDefined();
    expect(await target.find({ kind: 'user', anchor: anchorOf(90), id: undefined }, never)).toBeUndefined();
    const made = await user(90, { [extension.name]: 'b90' }, target);
    expect((await target.find(made, never))?.attributes).toMatchObject({ [extension.name]: 'b90' });
    // The delta query that began without it would never tell of it.
    await expect(eventsOf(target.read(token, never))).rejects.toBeInstanceOf(ReadTokenLostError);
    const after = await eventsOf(target.read(undefined, never));
    const objects = after.flatMap((event) => (event.type === 'objects' ? event.objects : []));
    expect(objects.find(({ id }) => id === made.id)?.attributes).toMatchObject({ [extension.name]: 'b90' });
    const resumed = after.flatMap((event) => (event.type === 'complete' ? [event.token] : []))[0];
    await tenant.get(`/v1.0/users/${made.id}`, 'PATCH', { [extension.name]: 'edited' });
    const changed = await eventsOf(target.read(resumed, never));
    expect(changed.flatMap((event) => (event.type === 'objects' ? event.objects : []))).toMatchObject([
      { id: made.id, attributes: { [extension.name]: 'edited' } },
    ]);
  });

  test('is written though replicas learn of it late', async () => {
    const extension = definition('late');
    tenant.sandbox.changeProfile({ replication: { seconds: 20, flapping: true } });
    const target = tenant.open({ directoryExtensions: { user: [extension] } });
    const made = await Promise.all([91, 92, 93, 94].map((n) => user(n, { [extension.name]: `l${n}` }, target)));
    const changes = { [extension.name]: { before: 'l91', after: 'changed' } };
    const [first] = made;
    if (first === undefined) throw new Error('nobody was made');
    const updated = await one({ operationId: next++, object: first, type: 'update', changes, whole: {} }, target);
    expect(updated).toMatchObject({ outcome: 'done' });
    tenant.sandbox.changeProfile({ replication: { seconds: 0, flapping: false } });
    tenant.clock.advance(60_000);
    expect((await target.find(first, never))?.attributes).toMatchObject({ [extension.name]: 'changed' });
  });

  test('of an application that may not be looked into is taken for registered', async () => {
    const foreign = `extension_${'0'.repeat(32)}_theirs`;
    const target = tenant.open({ directoryExtensions: { user: [{ ...definition('x'), name: foreign }] } });
    await expect(eventsOf(target.read(undefined, never))).rejects.toMatchObject({ code: 'CS4030' });
  });
});

test('an extension of each type is written, read back as it was, and cleared', async () => {
  const of = (name: string) => `extension_${tenant.sandbox.clientId.replaceAll('-', '')}_${name}`;
  const values = {
    [of('flag')]: true,
    [of('small')]: -7,
    [of('never')]: '9223372036854775807',
    [of('when')]: '2026-01-31T10:00:00Z',
    [of('bytes')]: new Uint8Array([1, 2, 255]),
    [of('many')]: ['a', 'b'],
  };
  const types = ['Boolean', 'Integer', 'LargeInteger', 'DateTime', 'Binary', 'String'] as const;
  const definitions = Object.keys(values).map((name, i) => ({ name, type: types[i] ?? 'String', many: i === 5 }));
  const target = tenant.open({ directoryExtensions: { user: definitions } });
  const made = await user(5, values, target);
  const found = await target.find(made, never);
  expect(found?.attributes).toMatchObject(values);
  for (const [name, value] of Object.entries(values))
    expect(target.profile.normalize('user', name, value)).toEqual({ value: found?.attributes[name] });
  const changes = Object.fromEntries(Object.entries(values).map(([name, before]) => [name, { before, after: null }]));
  expect(await one({ operationId: next++, object: made, type: 'update', changes, whole: {} }, target)).toMatchObject({
    outcome: 'done',
  });
  const after = (await target.find(made, never))?.attributes ?? {};
  expect(Object.keys(after).filter((name) => name.startsWith('extension_'))).toEqual([]);
});

describe('onPremises attributes by beta', () => {
  const values = {
    onPremisesSamAccountName: 'ada',
    onPremisesDistinguishedName: 'CN=Ada,DC=contoso,DC=test',
    dnsDomainName: 'contoso.test',
    onPremiseSecurityIdentifier: 'S-1-5-21-1-2-3-1104',
  };

  test('follow a create, and go with an update in one write', async () => {
    const target = tenant.open({ onPremisesByBeta: true });
    const made = await user(10, values, target);
    expect(await tenant.target.find(made, never)).toMatchObject({ attributes: values });
    const { writes } = tenant.sandbox.counters;
    const changes = { title: { before: null, after: 'x' }, onPremisesSamAccountName: { before: 'ada', after: 'ada2' } };
    expect(await one({ operationId: next++, object: made, type: 'update', changes, whole: {} }, target)).toMatchObject({
      outcome: 'done',
    });
    expect(tenant.sandbox.counters.writes - writes).toBe(1);
    expect(await tenant.target.find(made, never)).toMatchObject({
      attributes: { title: 'x', onPremisesSamAccountName: 'ada2' },
    });
  });

  test('are left out where the configuration does not ask for them', async () => {
    const made = await user(11, values);
    expect((await tenant.target.find(made, never))?.attributes).not.toHaveProperty('onPremisesSamAccountName');
  });
});

describe('administrators', () => {
  async function role(): Promise<string> {
    const { value } = await tenant.get<{ value: { id: string; displayName: string }[] }>('/v1.0/directoryRoles');
    return value.find(({ displayName }) => displayName === 'User Administrator')?.id ?? '';
  }
  const assign = async (id: string): Promise<unknown> =>
    tenant.get(`/v1.0/directoryRoles/${await role()}/members/$ref`, 'POST', {
      '@odata.id': `${tenant.sandbox.graphUrl}/v1.0/directoryObjects/${id}`,
    });

  test('show as privileged with the next read after the role is given, and no more after it is taken', async () => {
    const made = await user(20);
    const { token } = await objectsSince(undefined);
    tenant.clock.advance(120_000);
    await assign(made.id);
    const given = await objectsSince(token);
    expect(given.objects.find(({ id }) => id === made.id)).toMatchObject({
      privileged: true,
      attributes: { displayName: 'User 20' },
    });
    expect(await tenant.target.find(made, never)).toMatchObject({ privileged: true });
    tenant.clock.advance(120_000);
    await tenant.get(`/v1.0/directoryRoles/${await role()}/members/${made.id}/$ref`, 'DELETE');
    const taken = await objectsSince(given.token);
    expect(taken.objects.find(({ id }) => id === made.id)).toMatchObject({ privileged: false });
  });

  test('are protected by the tenant: what it refuses says so, and that the permission is there', async () => {
    const made = await user(21);
    await assign(made.id);
    const changes = { userPrincipalName: { before: 'user21@contoso.test', after: 'other21@contoso.test' } };
    expect(await one({ operationId: next++, object: made, type: 'update', changes, whole: {} })).toMatchObject({
      outcome: 'failed',
      error: expect.objectContaining({ code: 'CS4039', retry: 'never' }),
    });
  });

  test('by a role-assignable group are privileged as well, and so is the group', async () => {
    const made = await user(22);
    const group = await tenant.get<{ id: TenantId }>('/v1.0/groups', 'POST', {
      displayName: 'Admins',
      mailEnabled: false,
      mailNickname: 'admins',
      securityEnabled: true,
      isAssignableToRole: true,
      'members@odata.bind': [`${tenant.sandbox.graphUrl}/v1.0/directoryObjects/${made.id}`],
    });
    await assign(group.id);
    tenant.clock.advance(120_000);
    const { objects } = await objectsSince(undefined);
    expect(objects.find(({ id }) => id === made.id)).toMatchObject({ privileged: true });
    expect(objects.find(({ id }) => id === group.id)).toMatchObject({ kind: 'group', privileged: true });
  });
});

describe('who may activate a directory role', () => {
  const userAdministrator = 'fe930be7-5e62-47db-91af-98c3a49a38b1';
  const request = (action: 'adminAssign' | 'adminRemove', principalId: string): Promise<unknown> =>
    tenant.get('/v1.0/roleManagement/directory/roleEligibilityScheduleRequests', 'POST', {
      action,
      principalId,
      roleDefinitionId: userAdministrator,
      directoryScopeId: '/',
      justification: 'on call',
    });

  test('is privileged like who holds one, with the next read, and no more after it is taken', async () => {
    const made = await user(24);
    tenant.clock.advance(120_000);
    const { objects, token } = await objectsSince(undefined);
    expect(objects.find(({ id }) => id === made.id)).toMatchObject({ privileged: false });
    tenant.clock.advance(120_000);
    await request('adminAssign', made.id);
    const given = await objectsSince(token);
    expect(given.objects.find(({ id }) => id === made.id)).toMatchObject({ privileged: true });
    tenant.clock.advance(120_000);
    await request('adminRemove', made.id);
    const taken = await objectsSince(given.token);
    expect(taken.objects.find(({ id }) => id === made.id)).toMatchObject({ privileged: false });
  });

  test('by a group is privileged as well, and more of them than fit a page', async () => {
    const members = await Promise.all(Array.from({ length: 3 }, (_, i) => user(400 + i)));
    const single = await Promise.all(Array.from({ length: 101 }, (_, i) => user(500 + i)));
    const group = await tenant.get<{ id: TenantId }>('/v1.0/groups', 'POST', {
      displayName: 'On call',
      mailEnabled: false,
      mailNickname: 'on-call',
      securityEnabled: true,
      isAssignableToRole: true,
      'members@odata.bind': members.map(({ id }) => `${tenant.sandbox.graphUrl}/v1.0/directoryObjects/${id}`),
    });
    for (const { id } of [...single, group]) await request('adminAssign', id);
    tenant.clock.advance(120_000);
    const { objects } = await objectsSince(undefined);
    const privileged = new Set(objects.flatMap((object) => (object.privileged ? [object.id] : [])));
    for (const { id } of [...members, ...single, group]) expect(privileged).toContain(id);
  });

  test('is not seen without the licence or the permission, which is told and stops nothing', async () => {
    const made = await user(25);
    await request('adminAssign', made.id);
    const found = async (target: GraphTarget): Promise<TenantObject | undefined> => {
      tenant.events.length = 0;
      return target.find(made, never);
    };
    expect(await found(tenant.open())).toMatchObject({ privileged: true });
    expect(tenant.events).not.toContain('eligibleRolesUnseen');
    tenant.sandbox.changeProfile({ roleEligibility: false });
    expect(await found(tenant.open())).toMatchObject({ privileged: false });
    expect(tenant.events).toContain('eligibleRolesUnseen');
    tenant.sandbox.changeProfile({ roleEligibility: true });
    const { clientId, clientSecret } = tenant.sandbox.addApplication('reader', ['Directory.Read.All']);
    const credential = { kind: 'secret', clientId, secret: () => clientSecret } as const;
    const reader = tenant.open({}, {}, { credential });
    expect(await found(reader)).toMatchObject({ privileged: false });
    expect(tenant.events).toContain('eligibleRolesUnseen');
    const missing = (await reader.checkPermissions()).filter(({ granted }) => !granted);
    expect(missing.map(({ permission }) => permission)).toContain('RoleEligibilitySchedule.Read.Directory');
  });

  test('is asked for again when the tenant does not answer, and a cycle does not go on without', async () => {
    const made = await user(26);
    await request('adminAssign', made.id);
    const path = 'roleEligibilityScheduleInstances';
    tenant.sandbox.changeProfile({ faults: { rules: [{ kind: 'unavailable', path, times: 2 }] } });
    expect(await tenant.open().find(made, never)).toMatchObject({ privileged: true });
    tenant.sandbox.changeProfile({ faults: { rules: [{ kind: 'unavailable', path }] } });
    await expect(tenant.open().find(made, never)).rejects.toMatchObject({ retry: 'later' });
    tenant.sandbox.changeProfile({ faults: { rules: [] } });
  });
});

test('what Microsoft’s own sync masters shows as synced, and refuses with the way out', async () => {
  const { id } = tenant.sandbox.directory.transact((writer) =>
    writer.create(
      'user',
      {
        accountEnabled: true,
        displayName: 'Synced',
        mailNickname: 'synced',
        userPrincipalName: 'synced@contoso.test',
        onPremisesImmutableId: anchorOf(30),
        onPremisesSyncEnabled: true,
      },
      { mastery: 'synced' },
    ),
  );
  const found = await tenant.target.find({ kind: 'user', anchor: anchorOf(30), id: undefined }, never);
  expect(found).toMatchObject({ id, synced: true });
  if (found === undefined) throw new Error('not found');
  const object: TenantRef = { kind: 'user', anchor: anchorOf(30), id: found.id };
  const changes = { displayName: { before: 'Synced', after: 'Ours' } };
  expect(await one({ operationId: next++, object, type: 'update', changes, whole: {} })).toMatchObject({
    outcome: 'failed',
    error: expect.objectContaining({ code: 'CS4041', remedy: expect.stringContaining('onPremisesSyncBehavior') }),
  });
});

test('a tenant that is full refuses with the quota as the reason', async () => {
  tenant.sandbox.changeProfile({ quotas: { objects: 1 } });
  try {
    await expect(user(40)).rejects.toMatchObject({ code: 'CS4037', retry: 'never' });
  } finally {
    tenant.sandbox.changeProfile({ quotas: { objects: null } });
  }
});

test('a name that was taken while the object lay in the recycle bin is a restore conflict with both named', async () => {
  const made = await user(50);
  expect(await one({ operationId: next++, object: made, type: 'delete' })).toMatchObject({ outcome: 'done' });
  await user(51, { userPrincipalName: 'user50@contoso.test' });
  expect(await one({ operationId: next++, object: made, type: 'restore' })).toMatchObject({
    outcome: 'failed',
    error: expect.objectContaining({ code: 'CS4045', message: expect.stringContaining('user50@contoso.test') }),
  });
});

test('an address that a mail contact has is refused with the contact named', async () => {
  tenant.sandbox.directory.transact((writer) =>
    writer.create('contact', {
      displayName: 'Supplier',
      mail: 'sales@supplier.test',
      mailNickname: 'sales',
      proxyAddresses: ['SMTP:sales@supplier.test'],
    }),
  );
  await expect(user(60, { mail: 'sales@supplier.test' })).rejects.toMatchObject({
    code: 'CS4031',
    message: expect.stringContaining('it belongs to contact Supplier'),
  });
});
