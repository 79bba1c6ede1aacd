import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { domain, newUser, openTenant, pages, type TestTenant } from './tenant.ts';

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await openTenant();
});

afterAll(async () => {
  expect(tenant.watch.seen).toBeGreaterThan(0);
  expect(tenant.watch.violations).toEqual([]);
  await tenant[Symbol.asyncDispose]();
});

describe('organization', () => {
  test('tells who the tenant is and which domains it may use', async () => {
    const { body } = await tenant.send('GET', '/organization?$select=id,displayName,verifiedDomains');
    expect(body.value).toMatchObject([{ id: tenant.sandbox.tenantId, verifiedDomains: expect.any(Array) }]);
    expect(body.value[0].verifiedDomains).toContainEqual(expect.objectContaining({ name: domain, isInitial: false }));
    expect((await tenant.send('GET', `/organization/${tenant.sandbox.tenantId}`)).status).toBe(200);
  });

  test('turns synchronization on in beta only', async () => {
    const path = `/organization/${tenant.sandbox.tenantId}`;
    const change = { onPremisesSyncEnabled: true };
    expect((await tenant.send('PATCH', path, change)).body.error.message).toContain('read-only');
    expect((await tenant.send('PATCH', `/beta${path}`, change)).status).toBe(204);
    expect((await tenant.send('GET', path)).body.onPremisesSyncEnabled).toBe(true);
  });

  test('keeps its synchronization settings', async () => {
    const path = `/directory/onPremisesSynchronization/${tenant.sandbox.tenantId}`;
    const change = {
      configuration: {
        accidentalDeletionPrevention: { synchronizationPreventionType: 'enabledForPercentage', alertThreshold: 20 },
      },
      features: { passwordSyncEnabled: true },
    };
    expect((await tenant.send('PATCH', path, change)).status).toBe(204);
    expect((await tenant.send('GET', path)).body).toMatchObject({
      configuration: change.configuration,
      features: { passwordSyncEnabled: true, softMatchOnUpnEnabled: true, deviceWritebackEnabled: false },
    });
    expect((await tenant.send('GET', '/directory/onPremisesSynchronization')).body.value).toHaveLength(1);
    expect((await tenant.send('PATCH', path, { features: { flying: true } })).status).toBe(400);
  });

  test('lists its licences', async () => {
    expect((await tenant.send('GET', '/subscribedSkus')).body.value).toMatchObject([{ capabilityStatus: 'Enabled' }]);
  });
});

describe('domains', () => {
  test('are added, proven, made the default and removed', async () => {
    const name = 'fabrikam.test';
    expect((await tenant.send('POST', '/domains', { id: name })).body).toMatchObject({ id: name, isVerified: false });
    const user = newUser({ userPrincipalName: `new@${name}` });
    expect((await tenant.send('POST', '/users', user)).body.error.details).toMatchObject([{ code: 'InvalidValue' }]);
    const records = await tenant.send('GET', `/domains/${name}/verificationDnsRecords`);
    expect(records.body.value).toMatchObject([{ recordType: 'Txt', text: expect.stringMatching(/^MS=ms\d{8}$/) }]);
    expect((await tenant.send('POST', `/domains/${name}/verify`)).body.isVerified).toBe(true);
    const { body } = await tenant.send('POST', '/users', user);
    expect((await tenant.send('GET', `/domains/${name}/domainNameReferences`)).body.value).toMatchObject([
      { id: body.id },
    ]);
    expect((await tenant.send('DELETE', `/domains/${name}`)).status).toBe(400);
    await tenant.send('DELETE', `/users/${body.id}`);
    expect((await tenant.send('DELETE', `/domains/${name}`)).status).toBe(204);
    expect((await tenant.send('GET', `/domains/${name}`)).status).toBe(404);
  });

  test('below a proven one need no proof; twice, or not found, is refused', async () => {
    expect((await tenant.send('POST', '/domains', { id: `sub.${domain}` })).body.isVerified).toBe(true);
    expect((await tenant.send('POST', '/domains', { id: domain })).status).toBe(400);
    expect((await tenant.send('POST', '/domains', { id: 'no domain' })).status).toBe(400);
    await tenant.send('POST', '/domains', { id: 'unproven.test' });
    tenant.sandbox.changeProfile({ domains: { verify: 'missing' } });
    expect((await tenant.send('POST', '/domains/unproven.test/verify')).status).toBe(400);
    tenant.sandbox.changeProfile({ domains: { verify: 'found' } });
    expect((await tenant.send('PATCH', `/domains/sub.${domain}`, { isDefault: true })).status).toBe(204);
    const { body } = await tenant.send('GET', '/domains');
    expect(body.value.filter(({ isDefault }: { isDefault: boolean }) => isDefault)).toMatchObject([
      { id: `sub.${domain}` },
    ]);
  });
});

describe('contacts', () => {
  test('are read, and written by nobody through Graph', async () => {
    const contact = tenant.sandbox.directory.transact((writer) =>
      writer.create(
        'contact',
        {
          displayName: 'Supplier',
          mail: 'sales@supplier.test',
          proxyAddresses: ['SMTP:sales@supplier.test'],
          companyName: 'Supplier Ltd',
        },
        { mastery: 'synced' },
      ),
    );
    const { body } = await tenant.send('GET', `/contacts/${contact.id}`);
    expect(body).toMatchObject({ displayName: 'Supplier', onPremisesSyncEnabled: true, addresses: [], phones: [] });
    expect((await tenant.send('GET', "/contacts?$filter=mail eq 'SALES@supplier.test'")).body.value).toHaveLength(1);
    expect((await tenant.send('GET', '/contacts/delta')).body.value).toMatchObject([{ id: contact.id }]);
    for (const [method, path] of [
      ['POST', '/contacts'],
      ['PATCH', `/contacts/${contact.id}`],
      ['DELETE', `/contacts/${contact.id}`],
    ] as const) {
      const refused = await tenant.send(method, path, method === 'DELETE' ? undefined : { displayName: 'x' });
      expect([refused.status, refused.body.error.message]).toEqual([
        405,
        'Specified HTTP method is not allowed for the request target.',
      ]);
    }
    const taken = await tenant.send('POST', '/users', newUser({ mail: 'sales@supplier.test' }));
    expect(taken.body.error.details).toMatchObject([
      { target: 'proxyAddresses' },
      { target: `OrgContact_${contact.id}` },
    ]);
    const group = await tenant.group({ 'members@odata.bind': [`${tenant.root}/contacts/${contact.id}`] });
    const members = await tenant.send('GET', `/groups/${group}/members`);
    expect(members.body.value).toMatchObject([{ '@odata.type': '#microsoft.graph.orgContact', id: contact.id }]);
    const behavior = `/contacts/${contact.id}/onPremisesSyncBehavior`;
    expect((await tenant.send('PATCH', behavior, { isCloudManaged: true })).status).toBe(204);
    expect((await tenant.send('GET', behavior)).body.isCloudManaged).toBe(true);
  });
});

describe('devices', () => {
  const device = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    accountEnabled: true,
    alternativeSecurityIds: [{ type: 2, identityProvider: null, key: 'Y3Vyc2U=' }],
    deviceId: crypto.randomUUID(),
    displayName: 'PC-1',
    operatingSystem: 'Windows',
    operatingSystemVersion: '10.0',
    ...more,
  });

  test('are created, found by their device id, changed, owned and deleted', async () => {
    const body = device();
    const made = await tenant.send('POST', '/devices', body);
    expect(made).toMatchObject({ status: 201, body: { displayName: 'PC-1', deviceId: body['deviceId'] } });
    const path = `/devices/${made.body.id}`;
    expect((await tenant.send('GET', `/devices(deviceId='${body['deviceId']}')?$select=id`)).body.id).toBe(
      made.body.id,
    );
    expect((await tenant.send('POST', '/devices', device({ deviceId: body['deviceId'] }))).status).toBe(400);
    expect((await tenant.send('PATCH', path, { displayName: 'PC-2' })).status).toBe(204);
    const user = await tenant.user();
    const owner = { '@odata.id': `${tenant.root}/directoryObjects/${user}` };
    expect((await tenant.send('POST', `${path}/registeredOwners/$ref`, owner)).status).toBe(204);
    expect((await tenant.send('POST', `${path}/registeredOwners/$ref`, owner)).status).toBe(400);
    expect((await tenant.send('GET', `${path}/registeredOwners`)).body.value).toMatchObject([{ id: user }]);
    expect((await tenant.send('DELETE', `${path}/registeredOwners/${user}/$ref`)).status).toBe(204);
    expect((await tenant.send('DELETE', `${path}/registeredOwners/${user}/$ref`)).status).toBe(404);
    expect(
      (await tenant.send('GET', '/devices?$count=true', undefined, { consistencylevel: 'eventual' })).body,
    ).toMatchObject({
      '@odata.count': 1,
      value: [{ displayName: 'PC-2' }],
    });
    expect((await tenant.send('DELETE', path)).status).toBe(204);
    const { deviceId: _, ...without } = device();
    expect((await tenant.send('POST', '/devices', without)).status).toBe(400);
  });
});

describe('directory extensions', () => {
  test('are defined by an application, written by type, and shown when asked for', async () => {
    const application = `/applications(appId='${tenant.sandbox.clientId}')`;
    const path = `${application}/extensionProperties`;
    const define = (more: Record<string, unknown>) =>
      tenant.send('POST', path, { name: 'badge', dataType: 'String', targetObjects: ['User'], ...more });
    const made = await define({});
    const name = `extension_${tenant.sandbox.clientId.replaceAll('-', '')}_badge`;
    expect(made).toMatchObject({
      status: 201,
      body: { name, dataType: 'String', isMultiValued: false, targetObjects: ['User'] },
    });
    expect((await define({})).body.error.message).toContain('exists');
    expect((await define({ dataType: 'Text' })).status).toBe(400);
    expect((await define({ targetObjects: ['OrgContact'] })).status).toBe(400);
    await define({ name: 'floors', dataType: 'Integer', isMultiValued: true });
    const floors = name.replace('badge', 'floors');
    const id = await tenant.user({ [name]: 'B-7', [floors]: [1, 2] });
    expect((await tenant.send('GET', `/users/${id}`)).body).not.toHaveProperty(name);
    const shown = await tenant.send('GET', `/users/${id}?$select=id,${name},${floors}`);
    expect(shown.body).toMatchObject({ [name]: 'B-7', [floors]: [1, 2] });
    expect((await tenant.send('GET', `/users?$filter=${name} eq 'B-7'&$select=id`)).body.value).toEqual([{ id }]);
    expect((await tenant.send('PATCH', `/users/${id}`, { [name]: 7 })).status).toBe(400);
    expect((await tenant.send('PATCH', `/users/${id}`, { [name]: 'x'.repeat(257) })).status).toBe(400);
    expect((await tenant.send('PATCH', `/users/${id}`, { [`${name}s`]: 'x' })).body.error.message).toContain(
      'not available',
    );
    const group = await tenant.group();
    expect((await tenant.send('PATCH', `/groups/${group}`, { [name]: 'x' })).status).toBe(400);
    expect((await tenant.send('GET', path)).body.value).toHaveLength(2);
    const available = await tenant.send('POST', '/directoryObjects/getAvailableExtensionProperties', {});
    expect(available.body.value).toHaveLength(2);
    expect((await tenant.send('DELETE', `${path}/${made.body.id}`)).status).toBe(204);
    expect((await tenant.send('PATCH', `/users/${id}`, { [name]: 'x' })).status).toBe(400);
  });

  test('fill an object up to a limit', async () => {
    await using small = await openTenant({ profile: { quotas: { extensionValuesPerObject: 1 } } });
    const path = `/applications(appId='${small.sandbox.clientId}')/extensionProperties`;
    for (const name of ['one', 'two']) {
      await small.send('POST', path, { name, dataType: 'String', targetObjects: ['User'] });
    }
    const prefix = `extension_${small.sandbox.clientId.replaceAll('-', '')}`;
    const over = await small.send('POST', '/users', newUser({ [`${prefix}_one`]: 'x', [`${prefix}_two`]: 'y' }));
    expect([over.status, over.body.error.code]).toEqual([403, 'Directory_QuotaExceeded']);
    expect(small.watch.violations).toEqual([]);
  });
});

describe('directory roles', () => {
  test('list who holds them, and take members', async () => {
    const roles = await tenant.send('GET', '/directoryRoles?$select=id,displayName,roleTemplateId');
    const role = roles.body.value.find(
      ({ displayName }: { displayName: string }) => displayName === 'Global Administrator',
    );
    const user = await tenant.user();
    const member = { '@odata.id': `${tenant.root}/directoryObjects/${user}` };
    expect((await tenant.send('POST', `/directoryRoles/${role.id}/members/$ref`, member)).status).toBe(204);
    expect((await tenant.send('GET', `/directoryRoles/${role.id}/members?$select=id`)).body.value).toMatchObject([
      { id: user },
    ]);
    const held = await tenant.send('GET', `/users/${user}/memberOf/microsoft.graph.directoryRole`);
    expect(held.body.value).toMatchObject([{ displayName: 'Global Administrator' }]);
    expect((await tenant.send('DELETE', `/directoryRoles/${role.id}/members/${user}/$ref`)).status).toBe(204);
    expect((await tenant.send('DELETE', `/directoryRoles/${role.id}/members/${user}/$ref`)).status).toBe(404);
  });

  test('list who may activate them: by a permission of their own, and with the licence', async () => {
    await using own = await openTenant();
    const roleDefinitionId = '62e90394-69f5-4237-9190-012177145e10';
    const path = '/roleManagement/directory/roleEligibilityScheduleInstances';
    const ask = (action: string, principalId: string) =>
      own.send('POST', '/roleManagement/directory/roleEligibilityScheduleRequests', {
        action,
        principalId,
        roleDefinitionId,
        directoryScopeId: '/',
      });
    const [user, other] = [await own.user({ displayName: 'Eligible' }), await own.user()];
    expect((await ask('adminAssign', user)).status).toBe(201);
    expect((await ask('adminAssign', user)).body.error.code).toBe('RoleAssignmentExists');
    expect((await ask('adminAssign', await own.group())).status).toBe(400);
    await ask('adminAssign', other);
    const [first, second] = await pages(own.send, `${path}?$expand=principal&$top=1`);
    expect(first?.body.value).toMatchObject([
      {
        principalId: user,
        roleDefinitionId,
        principal: { '@odata.type': '#microsoft.graph.user', displayName: 'Eligible' },
      },
    ]);
    expect(second?.body.value).toMatchObject([{ principalId: other }]);
    expect((await own.send('GET', `/users/${user}/memberOf`)).body.value).toEqual([]);
    expect((await ask('adminRemove', user)).status).toBe(201);
    expect((await ask('adminRemove', user)).body.error.code).toBe('RoleAssignmentDoesNotExist');
    expect((await own.send('GET', path)).body.value).toHaveLength(1);
    const reads = async (role: string): Promise<number> => (await (await own.as([role]))('GET', path)).status;
    expect(await reads('RoleManagement.Read.Directory')).toBe(200);
    expect(await reads('Directory.Read.All')).toBe(403);
    own.sandbox.changeProfile({ roleEligibility: false });
    const unlicensed = await own.send('GET', path);
    expect([unlicensed.status, unlicensed.body.error.code]).toEqual([400, 'AadPremiumLicenseRequired']);
    expect(own.watch.violations).toEqual([]);
  });
});
