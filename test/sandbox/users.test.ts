import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { domain, newUser, openTenant, type TestTenant } from './tenant.ts';

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await openTenant();
});

afterAll(async () => {
  expect(tenant.watch.seen).toBeGreaterThan(0);
  expect(tenant.watch.violations).toEqual([]);
  await tenant[Symbol.asyncDispose]();
});

const absent = '00000000-0000-4000-8000-000000000000';

async function refused(body: Record<string, unknown>): Promise<{ status: number; error: Record<string, unknown> }> {
  const { status, body: answer } = await tenant.send('POST', '/users', body);
  return { status, error: answer.error };
}

describe('POST /users', () => {
  test('answers 201 with the default properties and the place of the object', async () => {
    const body = newUser({ givenName: 'Ada', department: 'Research' });
    const { status, headers, body: made } = await tenant.send('POST', '/users', body, { 'client-request-id': 'abc' });
    expect(status).toBe(201);
    expect(made).toEqual({
      '@odata.context': `${tenant.root}/$metadata#users/$entity`,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      businessPhones: [],
      displayName: body['displayName'],
      givenName: 'Ada',
      jobTitle: null,
      mail: null,
      mobilePhone: null,
      officeLocation: null,
      preferredLanguage: null,
      surname: null,
      userPrincipalName: body['userPrincipalName'],
    });
    expect(headers).toMatchObject({
      'content-type': expect.stringContaining('odata.metadata=minimal'),
      'odata-version': '4.0',
      'client-request-id': 'abc',
      'request-id': expect.any(String),
      'x-ms-resource-unit': '1',
      'x-cloudsync-sandbox': 'true',
      'cache-control': 'no-cache',
      location: expect.stringContaining(made.id),
    });
  });

  test('refuses a user name that another user has, in any case, and names both', async () => {
    const id = await tenant.user({ userPrincipalName: `twin@${domain}` });
    const { status, error } = await refused(newUser({ userPrincipalName: `TWIN@${domain}` }));
    const message = 'Another object with the same value for property userPrincipalName already exists.';
    expect(status).toBe(400);
    expect(error).toMatchObject({
      code: 'Request_BadRequest',
      message,
      details: [
        { code: 'ObjectConflict', message, target: 'userPrincipalName' },
        { code: 'ConflictingObjects', message, target: `User_${id}` },
      ],
    });
  });

  test.each([
    ['proxyAddresses', { mail: `shared@${domain}` }, { mail: `Shared@${domain}` }],
    ['onPremisesImmutableId', { onPremisesImmutableId: 'c2hhcmVk' }, { onPremisesImmutableId: 'c2hhcmVk' }],
  ])('refuses a second object with the same %s', async (property, first, second) => {
    await tenant.user(first);
    const { status, error } = await refused(newUser(second));
    expect(status).toBe(400);
    expect(error['details']).toMatchObject([
      { code: 'ObjectConflict', target: property },
      { code: 'ConflictingObjects' },
    ]);
  });

  test('takes anchors to the letter', async () => {
    await tenant.user({ onPremisesImmutableId: 'abcd' });
    expect((await tenant.send('POST', '/users', newUser({ onPremisesImmutableId: 'ABCD' }))).status).toBe(201);
  });

  test.each([
    ['a domain that is not verified', { userPrincipalName: 'x@elsewhere.test' }, /domain portion/, 'InvalidValue'],
    [
      'an accent in the user name',
      { userPrincipalName: `zoë@${domain}` },
      /userPrincipalName is invalid/,
      'InvalidValue',
    ],
    ['a nickname with a space', { mailNickname: 'a b' }, /'mailNickname' of resource 'User'/, 'InvalidValue'],
    ['too long a name', { givenName: 'x'.repeat(65) }, /'givenName'/, 'InvalidValue'],
    ['an employee id of 17 letters', { employeeId: '12345678901234567' }, /'employeeId'/, 'InvalidValue'],
    ['an empty text', { department: '' }, /'department'/, 'InvalidValue'],
    ['two business phones', { businessPhones: ['1', '2'] }, /'businessPhones'/, 'InvalidValue'],
    ['a country that is none', { usageLocation: 'Germany' }, /'usageLocation'/, 'InvalidValue'],
    ['an anchor with an underscore', { onPremisesImmutableId: 'a_b' }, /'onPremisesImmutableId'/, 'InvalidValue'],
    ['a weak password', { passwordProfile: { password: 'password' } }, /password complexity/, 'PasswordComplexity'],
    ['a number for a text', { jobTitle: 5 }, /expected type 'Edm.String'/, 'InvalidValue'],
  ])('refuses %s', async (_what, more, message, detail) => {
    const { status, error } = await refused(newUser(more));
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: 'Request_BadRequest', message: expect.stringMatching(message) });
    expect(error['details']).toMatchObject([{ code: detail }]);
  });

  test.each(['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName', 'passwordProfile'])(
    'refuses a user without %s',
    async (property) => {
      const { [property]: _, ...body } = newUser();
      const { status, error } = await refused(body);
      expect(status).toBe(400);
      expect(error['message']).toBe(`A value is required for property '${property}' of resource 'User'.`);
    },
  );

  test.each(['onPremisesSyncEnabled', 'proxyAddresses', 'createdDateTime', 'onPremisesSamAccountName'])(
    'refuses to set the read-only %s',
    async (property) => {
      const value = property === 'proxyAddresses' ? ['SMTP:a@b.test'] : true;
      const { status, error } = await refused(newUser({ [property]: value }));
      expect(status).toBe(400);
      expect(error['message']).toBe(`Property '${property}' is read-only and cannot be set.`);
    },
  );

  test('refuses a property there is not, an empty body and a broken one', async () => {
    expect((await refused(newUser({ shoeSize: '44' }))).error['message']).toContain("'shoeSize' does not exist");
    const headers = { 'content-type': 'application/json' };
    expect((await tenant.send('POST', '/users', undefined, headers)).body.error.message).toContain('EndOfInput');
    const { sandbox } = tenant;
    const bearer = { authorization: `Bearer ${await tenant.token(sandbox.clientId, sandbox.clientSecret)}` };
    const broken = await tenant.raw('POST', '/v1.0/users', '{"a":', { ...headers, ...bearer });
    expect(broken).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } });
  });
});

describe('GET and PATCH /users/{id}', () => {
  test('finds a user by id and by name, and shows what is selected', async () => {
    const id = await tenant.user({ userPrincipalName: `o'neil@${domain}`, department: 'Sales' });
    const name = encodeURIComponent(`O'NEIL@${domain}`);
    for (const path of [`/users/${id}`, `/users/${name}`, `/users('${name.replace("'", "''")}')`]) {
      const { status, body } = await tenant.send('GET', `${path}?$select=id,department,accountEnabled`);
      expect(status).toBe(200);
      expect(body).toEqual({
        '@odata.context': `${tenant.root}/$metadata#users(id,department,accountEnabled)/$entity`,
        id,
        department: 'Sales',
        accountEnabled: true,
      });
    }
  });

  test('changes what is named, clears what is null, keeps the rest', async () => {
    const id = await tenant.user({
      department: 'A',
      jobTitle: 'B',
      onPremisesExtensionAttributes: { extensionAttribute1: 'x' },
    });
    const change = { department: null, city: 'Kiel', onPremisesExtensionAttributes: { extensionAttribute2: 'y' } };
    const { status, text } = await tenant.send('PATCH', `/users/${id}`, change);
    expect([status, text]).toEqual([204, '']);
    const { body } = await tenant.send(
      'GET',
      `/users/${id}?$select=department,jobTitle,city,onPremisesExtensionAttributes`,
    );
    expect(body).toMatchObject({
      department: null,
      jobTitle: 'B',
      city: 'Kiel',
      onPremisesExtensionAttributes: { extensionAttribute1: 'x', extensionAttribute2: 'y', extensionAttribute15: null },
    });
  });

  test('adds a written mail to the proxy addresses, as the primary one', async () => {
    const id = await tenant.user({ mail: `first@${domain}` });
    await tenant.send('PATCH', `/users/${id}`, { mail: `second@${domain}` });
    const { body } = await tenant.send('GET', `/users/${id}?$select=proxyAddresses`);
    expect(body.proxyAddresses).toEqual([`SMTP:second@${domain}`, `smtp:first@${domain}`]);
  });

  test('answers 404 for an unknown id and 400 for an unknown property', async () => {
    const missing = await tenant.send('GET', `/users/${absent}`);
    expect(missing).toMatchObject({
      status: 404,
      body: {
        error: {
          code: 'Request_ResourceNotFound',
          message: `Resource '${absent}' does not exist or one of its queried reference-property objects are not present.`,
        },
      },
    });
    expect((await tenant.send('PATCH', `/users/${absent}`, { city: 'x' })).status).toBe(404);
    const id = await tenant.user();
    expect((await tenant.send('GET', `/users/${id}?$select=shoeSize`)).body.error.message).toContain('shoeSize');
    expect((await tenant.send('PATCH', `/users/${id}`, { displayName: null })).status).toBe(400);
  });

  test('keeps some properties outside the directory: shown with one user, in no list, and not written by applications', async () => {
    const id = await tenant.user();
    const { body } = await tenant.send('GET', `/users/${id}?$select=aboutMe,birthday,skills`);
    expect(body).toMatchObject({ aboutMe: null, birthday: '0001-01-01T00:00:00Z', skills: [] });
    for (const [method, path, change] of [
      ['GET', '/users?$select=id,mySite'],
      ['GET', '/users/delta?$select=hireDate'],
      ['PATCH', `/users/${id}`, { aboutMe: 'x' }],
    ] as const) {
      const { status, body: refused } = await tenant.send(method, path, change);
      expect([status, refused.error.code, refused.error.message]).toEqual([
        501,
        'NotImplemented',
        'This operation target is not yet supported.',
      ]);
    }
  });

  test('takes the other onPremises properties through beta alone', async () => {
    const id = await tenant.user();
    const change = { onPremisesSamAccountName: 'ada', onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1104' };
    expect((await tenant.send('PATCH', `/users/${id}`, change)).body.error.message).toContain('read-only');
    expect((await tenant.send('PATCH', `/beta/users/${id}`, change)).status).toBe(204);
    const { body } = await tenant.send('GET', `/users/${id}?$select=onPremisesSamAccountName,onPremisesSyncEnabled`);
    expect(body).toMatchObject({ onPremisesSamAccountName: 'ada', onPremisesSyncEnabled: null });
    const other = await tenant.user();
    const same = await tenant.send('PATCH', `/beta/users/${other}`, change);
    expect(same.body.error.details).toMatchObject([
      { target: 'onPremisesSecurityIdentifier' },
      { target: `User_${id}` },
    ]);
    const identifier = (value: string | null) =>
      tenant.send('PATCH', `/beta/users/${id}`, { onPremisesObjectIdentifier: value });
    expect((await identifier(null)).status).toBe(204);
    expect((await identifier(absent)).status).toBe(400);
  });

  test('does not touch what a sync service masters', async () => {
    const { directory } = tenant.sandbox;
    const made = (mastery: 'synced' | 'formerlySynced', name: string) =>
      directory.transact((writer) =>
        writer.create(
          'user',
          { displayName: name, userPrincipalName: `${name}@${domain}`, mailNickname: name, accountEnabled: true },
          { mastery },
        ),
      );
    const synced = made('synced', 'mastered').id;
    const shown = await tenant.send('GET', `/users/${synced}?$select=onPremisesSyncEnabled`);
    expect(shown.body.onPremisesSyncEnabled).toBe(true);
    const { status, body } = await tenant.send('PATCH', `/users/${synced}`, { displayName: 'x' });
    expect([status, body.error.message]).toEqual([
      400,
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    ]);
    expect((await tenant.send('PATCH', `/users/${synced}`, { usageLocation: 'DE' })).status).toBe(204);
    const former = made('formerlySynced', 'former').id;
    const extension = { onPremisesExtensionAttributes: { extensionAttribute1: 'x' } };
    expect((await tenant.send('PATCH', `/users/${former}`, extension)).body.error.message).toContain(
      'external service',
    );
    const behavior = `/users/${synced}/onPremisesSyncBehavior`;
    expect((await tenant.send('GET', behavior)).body).toMatchObject({ id: synced, isCloudManaged: false });
    expect((await tenant.send('PATCH', behavior, { isCloudManaged: true })).status).toBe(204);
    expect((await tenant.send('PATCH', `/users/${synced}`, { displayName: 'x' })).status).toBe(204);
    const narrow = await tenant.as(['User.ReadWrite.All']);
    expect((await narrow('PATCH', behavior, { isCloudManaged: false })).status).toBe(403);
  });
});

describe('manager', () => {
  test('is set, replaced, shown and cleared', async () => {
    const [user, first, second] = [await tenant.user(), await tenant.user(), await tenant.user()];
    const path = `/users/${user}/manager`;
    expect((await tenant.send('GET', path)).status).toBe(404);
    for (const manager of [first, second]) {
      const set = await tenant.send('PUT', `${path}/$ref`, { '@odata.id': `${tenant.root}/users/${manager}` });
      expect(set.status).toBe(204);
      expect((await tenant.send('GET', path)).body).toMatchObject({
        '@odata.type': '#microsoft.graph.user',
        id: manager,
      });
    }
    expect((await tenant.send('GET', `/users/${second}/directReports`)).body.value).toMatchObject([{ id: user }]);
    const expanded = await tenant.send('GET', `/users/${user}?$select=id&$expand=manager($select=id)`);
    expect(expanded.body.manager).toEqual({ '@odata.type': '#microsoft.graph.user', id: second });
    expect((await tenant.send('DELETE', `${path}/$ref`)).status).toBe(204);
    expect((await tenant.send('DELETE', `${path}/$ref`)).status).toBe(404);
    const unknown = await tenant.send('PUT', `${path}/$ref`, { '@odata.id': `${tenant.root}/users/${absent}` });
    expect(unknown.status).toBe(404);
  });
});

describe('administrators', () => {
  test('are changed and deleted only by applications that hold a role themselves', async () => {
    const id = await tenant.user();
    tenant.sandbox.grantDirectoryRole('User Administrator', id);
    for (const change of [{ accountEnabled: false }, { userPrincipalName: `root@${domain}` }, { mobilePhone: '1' }]) {
      expect((await tenant.send('PATCH', `/users/${id}`, change)).body.error.code).toBe('Authorization_RequestDenied');
    }
    expect((await tenant.send('PATCH', `/users/${id}`, { department: 'x' })).status).toBe(204);
    expect((await tenant.send('DELETE', `/users/${id}`)).status).toBe(403);
    const principal = await tenant.send('GET', `/servicePrincipals(appId='${tenant.sandbox.clientId}')`);
    tenant.sandbox.grantDirectoryRole('User Administrator', principal.body.id);
    expect((await tenant.send('DELETE', `/users/${id}`)).status).toBe(204);
  });
});
