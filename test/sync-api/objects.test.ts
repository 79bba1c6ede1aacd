import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTenantId, type TenantAttributes } from '../../src/model/index.ts';
import type { Operation, TenantRef } from '../../src/target/index.ts';
import { anchor, apply, idOf, nextId, openSyncWorld, outcome, readAll, ref, type SyncWorld, signal } from './world.ts';

let world: SyncWorld;
beforeAll(async () => {
  world = await openSyncWorld({ tokens: { lifetimeSeconds: 100_000 } });
});
afterAll(() => world[Symbol.asyncDispose]());

const create = (object: TenantRef, attributes: TenantAttributes): Operation => ({
  operationId: nextId(),
  type: 'create',
  object,
  attributes,
});
const update = (object: TenantRef, whole: TenantAttributes): Operation => ({
  operationId: nextId(),
  type: 'update',
  object,
  changes: {},
  whole,
});

const person = (name: string, more: TenantAttributes = {}): TenantAttributes => ({
  userPrincipalName: `${name}@corp.contoso.test`,
  displayName: name,
  accountEnabled: true,
  ...more,
});

describe('objects', () => {
  it('signs in and learns who the tenant is, and how many deletes it allows', async () => {
    expect(await world.target.check(signal)).toEqual({
      tenantId: world.sandbox.tenantId,
      displayName: 'CloudSync sandbox',
      verifiedDomains: [],
      deleteThreshold: { count: 500, percent: undefined, of: undefined },
    });
  });

  it('writes values as they are, whatever they look like, and reads the same back', async () => {
    const attributes = person('ada', {
      displayName: 'True',
      givenName: ' 007 ',
      surname: '{28eb3e09-2cfc-458a-ad2c-aa275bdc791a}',
      title: 'AAEC',
      department: '0',
      countryCode: 276,
      proxyAddresses: ['SMTP:ada@corp.contoso.test', 'smtp:a@corp.contoso.test'],
      extensionAttribute7: '1',
      telephoneNumber: '+49 30 1',
      onPremiseSecurityIdentifier: new Uint8Array(
        Buffer.from('010500000000000515000000010000000200000003000000e9030000', 'hex'),
      ),
      userCertificate: [new Uint8Array([1, 2, 3]), new Uint8Array([4])],
      msExchHideFromAddressLists: false,
    });
    const [result] = await apply(world.target, create(ref('user', 'ada'), attributes));
    expect(outcome(result)).toBe('done');
    const select =
      'displayName,givenName,surname,jobTitle,department,mail,onPremisesSyncEnabled,onPremisesImmutableId,businessPhones,onPremisesSecurityIdentifier';
    expect(await world.get(`/v1.0/users/${idOf(result)}?$select=${select}`)).toMatchObject({
      displayName: 'True',
      givenName: ' 007 ',
      surname: '{28eb3e09-2cfc-458a-ad2c-aa275bdc791a}',
      jobTitle: 'AAEC',
      department: '0',
      mail: 'ada@corp.contoso.test',
      onPremisesSyncEnabled: true,
      onPremisesImmutableId: anchor('ada'),
      businessPhones: ['+49 30 1'],
      onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1001',
    });
    const { objects } = await readAll(world.target);
    const read = objects.find(({ id }) => id === idOf(result));
    expect(read).toMatchObject({ kind: 'user', anchor: anchor('ada'), softDeleted: false, links: {} });
    expect(read?.attributes).toEqual(attributes);
  });

  it('keeps what a write leaves out and clears what it says is nothing', async () => {
    const user = ref('user', 'bob');
    const [made] = await apply(world.target, create(user, person('bob', { department: 'Sales', city: 'Bonn' })));
    await apply(world.target, update(user, { city: null, title: 'Lead' }));
    const found = await world.target.find(user, signal);
    expect(found?.id).toBe(idOf(made));
    expect(found?.attributes).toEqual(person('bob', { department: 'Sales', title: 'Lead' }));
  });

  it('disables, deletes and takes a user out of the recycle bin', async () => {
    const user = ref('user', 'cleo');
    const [made] = await apply(world.target, create(user, person('cleo')));
    const { token } = await readAll(world.target);
    await apply(world.target, { operationId: nextId(), type: 'disable', object: user });
    expect((await world.target.find(user, signal))?.attributes).toMatchObject({ accountEnabled: false });
    const [deleted] = await apply(world.target, { operationId: nextId(), type: 'delete', object: user });
    expect(outcome(deleted)).toBe('done');
    expect((await readAll(world.target, token)).removed).toEqual([idOf(made)]);
    // Deleted already: asked again, after an answer that was lost, it is as done.
    const [again] = await apply(world.target, { operationId: nextId(), type: 'delete', object: user });
    expect(outcome(again)).toBe('done');
    const [restored] = await apply(world.target, { operationId: nextId(), type: 'restore', object: user });
    expect(idOf(restored)).toBe(idOf(made));
    expect(await world.get(`/v1.0/users/${idOf(made)}?$select=userPrincipalName`)).toMatchObject({
      userPrincipalName: 'cleo@corp.contoso.test',
    });
  });

  it('makes contacts, which Graph shows under /contacts', async () => {
    const attributes = {
      displayName: 'Partner',
      mail: 'partner@elsewhere.test',
      targetAddress: 'SMTP:partner@elsewhere.test',
      alias: 'partner',
      city: 'Bern',
      telephoneNumber: '1',
      extensionAttribute1: 'x',
    };
    const [result] = await apply(world.target, create(ref('contact', 'partner'), attributes));
    expect(await world.get(`/v1.0/contacts/${idOf(result)}`)).toMatchObject({
      displayName: 'Partner',
      mail: 'partner@elsewhere.test',
      mailNickname: 'partner',
      onPremisesSyncEnabled: true,
      proxyAddresses: ['SMTP:partner@elsewhere.test'],
      phones: [{ type: 'business', number: '1' }],
      addresses: [{ city: 'Bern' }],
    });
    expect((await world.target.find(ref('contact', 'partner'), signal))?.attributes).toEqual(attributes);
  });

  it('makes security groups, mail-enabled ones and distribution lists', async () => {
    const mail = { mail: 'all@corp.contoso.test', proxyAddresses: ['SMTP:all@corp.contoso.test'] };
    const results = await apply(
      world.target,
      create(ref('group', 'plain'), { displayName: 'Plain', securityEnabled: true }),
      create(ref('group', 'mailed'), { displayName: 'All', securityEnabled: true, ...mail }),
      create(ref('group', 'list'), { displayName: 'List', securityEnabled: false, mail: 'list@corp.contoso.test' }),
    );
    const shown = await Promise.all(
      results.map((result) =>
        world.get(`/v1.0/groups/${idOf(result)}?$select=mailEnabled,securityEnabled,mail,onPremisesSyncEnabled`),
      ),
    );
    expect(shown).toMatchObject([
      { mailEnabled: false, securityEnabled: true, mail: null, onPremisesSyncEnabled: true },
      { mailEnabled: true, securityEnabled: true, mail: 'all@corp.contoso.test' },
      { mailEnabled: true, securityEnabled: false, mail: 'list@corp.contoso.test' },
    ]);
  });

  it('registers devices with the id of the computer', async () => {
    const bytes = Buffer.from('093eeb28fc2c8a45ad2caa275bdc791a', 'hex');
    const attributes = {
      displayName: 'PC1',
      accountEnabled: true,
      deviceId: new Uint8Array(bytes),
      deviceOSType: 'Windows',
      deviceOSVersion: '10.0',
      userCertificate: [new Uint8Array([7])],
    };
    const device = ref('device', 'pc1');
    const [result] = await apply(world.target, create(device, attributes));
    expect(await world.get(`/v1.0/devices/${idOf(result)}`)).toMatchObject({
      deviceId: '28eb3e09-2cfc-458a-ad2c-aa275bdc791a',
      displayName: 'PC1',
      trustType: 'ServerAd',
      operatingSystem: 'Windows',
      onPremisesSyncEnabled: true,
    });
    const { deviceTrustType, ...read } = (await world.target.find(device, signal))?.attributes ?? {};
    expect(read).toEqual(attributes);
    expect(deviceTrustType).toBe('ServerAd');
    const [changed] = await apply(world.target, update(device, { ...attributes, deviceOSVersion: '11.0' }));
    expect(idOf(changed)).toBe(idOf(result));
  });

  it('is the only one to write what it has made', async () => {
    const user = await world.target.find(ref('user', 'ada'), signal);
    const group = await world.target.find(ref('group', 'plain'), signal);
    const refusal = (path: string, change: unknown) =>
      world.get(path, 'PATCH', change).then(
        () => 'done',
        (error: unknown) => String(error),
      );
    expect(await refusal(`/v1.0/users/${user?.id}`, { displayName: 'Else' })).toMatch(/on-premises mastered/);
    expect(await refusal(`/v1.0/groups/${group?.id}`, { displayName: 'Else' })).toMatch(/on-premises mastered/);
  });

  it('refuses one bad object of a batch and writes the others', async () => {
    const results = await apply(
      world.target,
      create(ref('user', 'bad-name'), { displayName: 'x', userPrincipalName: 'not a name', accountEnabled: true }),
      create(ref('group', 'bad-group'), { displayName: 'x' }),
      create(ref('device', 'ada'), { displayName: 'x', deviceId: new Uint8Array(16) }),
      create(ref('user', 'good'), person('good')),
    );
    expect(results.map(outcome)).toEqual([
      'failed InvalidValueError',
      'failed ValueMissingError',
      'failed KindMismatchError',
      'done',
    ]);
  });
});

describe('matching', () => {
  const cloudUser = async (name: string, more: Record<string, unknown> = {}): Promise<string> => {
    const { id } = await world.get<{ id: string }>('/v1.0/users', 'POST', {
      accountEnabled: true,
      displayName: name,
      mailNickname: name,
      userPrincipalName: `${name}@corp.contoso.test`,
      passwordProfile: { password: 'Xx-12345678!' },
      ...more,
    });
    return id;
  };
  const adopt = (object: TenantRef, whole: TenantAttributes): Operation => ({
    operationId: nextId(),
    type: 'adopt',
    object,
    changes: {},
    whole,
  });

  it('shows users of the cloud as objects without an anchor, and takes one over by its name', async () => {
    const id = parseTenantId(await cloudUser('dora'));
    const { objects } = await readAll(world.target);
    expect(objects.find((one) => one.id === id)).toMatchObject({
      anchor: undefined,
      attributes: { userPrincipalName: 'dora@corp.contoso.test' },
    });
    const [result] = await apply(world.target, adopt(ref('user', 'dora', id), person('dora', { title: 'Dr' })));
    expect(idOf(result)).toBe(id);
    expect(await world.get(`/v1.0/users/${id}?$select=jobTitle,onPremisesSyncEnabled`)).toMatchObject({
      jobTitle: 'Dr',
      onPremisesSyncEnabled: true,
    });
  });

  it('takes one over by its immutable id', async () => {
    const id = await cloudUser('emil', { onPremisesImmutableId: anchor('emil') });
    const [result] = await apply(world.target, create(ref('user', 'emil'), person('emil-renamed')));
    expect(idOf(result)).toBe(id);
  });

  it('says so when the tenant makes another object instead', async () => {
    const id = parseTenantId(await cloudUser('finn'));
    await world.target.features?.change(['blockSoftMatch'], [], signal);
    const [result] = await apply(world.target, adopt(ref('user', 'finn', id), person('finn')));
    expect(outcome(result)).toBe('failed AdoptedAnotherError');
    await world.target.features?.change([], ['blockSoftMatch'], signal);
  });

  it('never takes over an administrator', async () => {
    const id = await cloudUser('root');
    world.sandbox.grantDirectoryRole('Global Administrator', id);
    const [result] = await apply(world.target, create(ref('user', 'root'), person('root')));
    expect(outcome(result)).toBe('failed ProtectedAccountError');
    await world.get(`/v1.0/users/${await cloudUser('gus', { onPremisesImmutableId: anchor('gus') })}`);
    await world.target.features?.change(['blockCloudObjectTakeoverThroughHardMatch'], [], signal);
    const [hard] = await apply(world.target, create(ref('user', 'gus'), person('gus')));
    expect(outcome(hard)).toBe('failed HardMatchRefusedError');
    await world.target.features?.change([], ['blockCloudObjectTakeoverThroughHardMatch'], signal);
  });

  it('does not delete what is mastered in the cloud', async () => {
    const user = ref('user', 'hugo');
    const [made] = await apply(world.target, create(user, person('hugo')));
    await world.get(`/v1.0/users/${idOf(made)}/onPremisesSyncBehavior`, 'PATCH', { isCloudManaged: true });
    const [deleted] = await apply(world.target, { operationId: nextId(), type: 'delete', object: user });
    expect(outcome(deleted)).toBe('failed CloudMasteredError');
  });

  it('nor a cloud user who only bears the anchor', async () => {
    const id = await cloudUser('ivo', { onPremisesImmutableId: anchor('ivo') });
    const [deleted] = await apply(world.target, { operationId: nextId(), type: 'delete', object: ref('user', 'ivo') });
    expect(outcome(deleted)).toBe('failed CloudMasteredError');
    expect(await world.get(`/v1.0/users/${id}?$select=displayName`)).toMatchObject({ displayName: 'ivo' });
  });
});

describe('duplicates', () => {
  it('sets a duplicate name and address aside, shows it as a partial write and gives it when it is free', async () => {
    const mail = ['SMTP:ina@corp.contoso.test'];
    const [first] = await apply(world.target, create(ref('user', 'ina1'), person('ina', { proxyAddresses: mail })));
    const other = ref('user', 'ina2');
    const [second] = await apply(
      world.target,
      create(other, person('ina', { proxyAddresses: [...mail, 'smtp:i2@corp.contoso.test'] })),
    );
    expect(outcome(second)).toBe('done but QuarantinedValueError');
    const shown = await world.get<Record<string, unknown>>(
      `/v1.0/users/${idOf(second)}?$select=userPrincipalName,proxyAddresses,onPremisesProvisioningErrors`,
    );
    expect(shown['userPrincipalName']).toMatch(/^ina\d{4}@sandbox.*\.onmicrosoft\.com$/);
    expect(shown['proxyAddresses']).toEqual(['smtp:i2@corp.contoso.test']);
    expect(shown['onPremisesProvisioningErrors']).toMatchObject([
      { propertyCausingError: 'UserPrincipalName', value: 'ina@corp.contoso.test' },
      { propertyCausingError: 'ProxyAddresses', value: 'SMTP:ina@corp.contoso.test' },
    ]);
    expect((await world.target.find(other, signal))?.attributes).toMatchObject({
      userPrincipalName: shown['userPrincipalName'],
      proxyAddresses: ['smtp:i2@corp.contoso.test'],
    });
    await apply(world.target, { operationId: nextId(), type: 'delete', object: ref('user', 'ina1', idOf(first)) });
    world.sandbox.clock.advance(3_700_000);
    await readAll(world.target);
    expect(await world.get(`/v1.0/users/${idOf(second)}?$select=userPrincipalName,proxyAddresses`)).toMatchObject({
      userPrincipalName: 'ina@corp.contoso.test',
      proxyAddresses: ['SMTP:ina@corp.contoso.test', 'smtp:i2@corp.contoso.test'],
    });
  });

  it('refuses the object where the tenant sets nothing aside', async () => {
    await world.target.features?.change([], ['duplicateUpnResiliency'], signal);
    await apply(world.target, create(ref('user', 'jo1'), person('jo')));
    const [second] = await apply(world.target, create(ref('user', 'jo2'), person('jo')));
    expect(outcome(second)).toBe('failed DuplicateValueError');
    await world.target.features?.change(['duplicateUpnResiliency'], [], signal);
  });
});
