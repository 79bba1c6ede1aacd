import { execFile } from 'node:child_process';
import { createHash, createPublicKey, createVerify, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeIdentity } from '../tls/index.ts';
import { domain, newGroup, newUser, openTenant, type TestTenant } from './tenant.ts';

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await openTenant();
});

afterAll(async () => {
  expect(tenant.watch.seen).toBeGreaterThan(0);
  expect(tenant.watch.violations).toEqual([]);
  await tenant[Symbol.asyncDispose]();
});

interface Printed {
  readonly created: { readonly id: string };
  readonly found: unknown;
  readonly batch: { readonly responses: readonly { readonly id: string; readonly status: number }[] };
  readonly delta: { readonly value: readonly unknown[] };
  readonly gone: unknown;
}

/** Runs the program of Microsoft's own libraries. */
function officialClients(task: Record<string, unknown>): Promise<Printed> {
  const { graphUrl, authority, tenantId, clientId, ca } = tenant.sandbox;
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'official-clients.ts')],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: ca, NODE_OPTIONS: '' } },
      (error, stdout, stderr) => (error === null ? resolve(JSON.parse(stdout)) : reject(new Error(stderr))),
    );
    child.stdin?.end(JSON.stringify({ graphUrl, authority, tenantId, clientId, ...task }));
  });
}

function thumbprint(certificate: string): string {
  return createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex');
}

function expectServed(printed: Printed): void {
  expect(printed.found).toMatchObject({ value: [{ id: printed.created.id }] });
  expect(printed.batch.responses.map(({ id, status }) => `${id} ${status}`).sort()).toEqual(['1 204', '2 200']);
  expect(printed.delta.value).toContainEqual({ id: printed.created.id, city: 'Ulm' });
  expect(printed.gone).toEqual({ statusCode: 404, code: 'Request_ResourceNotFound' });
}

describe('the official libraries', () => {
  test('sign in by secret and work over TLS, unchanged', async () => {
    const { clientSecret } = tenant.sandbox;
    expectServed(await officialClients({ clientSecret, userPrincipalName: `secret@${domain}` }));
  });

  test('sign in by a certificate that was registered through Graph', async () => {
    const own = makeIdentity({ commonName: 'engine' });
    const certificate = { thumbprintSha256: thumbprint(own.certificate), privateKey: own.key };
    const signIn = () => officialClients({ certificate, userPrincipalName: `certificate@${domain}` });
    await expect(signIn()).rejects.toThrow(/700027/);
    const key = new X509Certificate(own.certificate).raw.toString('base64');
    const application = `/applications(appId='${tenant.sandbox.clientId}')`;
    const registered = await tenant.send('PATCH', application, {
      keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key, displayName: 'engine' }],
    });
    expect(registered.status).toBe(204);
    expect((await tenant.send('GET', application)).body.keyCredentials).toMatchObject([{ displayName: 'engine' }]);
    expectServed(await signIn());
    // Another key under the same thumbprint is no proof.
    const other = makeIdentity({ commonName: 'thief' });
    await expect(
      officialClients({ certificate: { ...certificate, privateKey: other.key }, userPrincipalName: `x@${domain}` }),
    ).rejects.toThrow(/700027/);
    await tenant.send('PATCH', application, { keyCredentials: [] });
    await expect(signIn()).rejects.toThrow(/700027/);
  });
});

describe('the token end point', () => {
  const form = (more: Record<string, string | undefined>): string => {
    const fields = {
      grant_type: 'client_credentials',
      client_id: tenant.sandbox.clientId,
      client_secret: tenant.sandbox.clientSecret,
      scope: `${tenant.sandbox.graphUrl}/.default`,
      ...more,
    };
    const kept = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
    return new URLSearchParams(kept).toString();
  };
  const post = (more: Record<string, string | undefined>, segment = tenant.sandbox.tenantId, headers = {}) =>
    tenant.raw('POST', `/${segment}/oauth2/v2.0/token?client-request-id=x`, form(more), {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    });

  test('gives a signed token that says who may do what', async () => {
    const { status, body } = await post({});
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 });
    const [head = '', claims = '', signature = ''] = body.access_token.split('.');
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      tid: tenant.sandbox.tenantId,
      appid: tenant.sandbox.clientId,
      aud: tenant.sandbox.graphUrl,
      roles: expect.arrayContaining(['User.ReadWrite.All', 'Group.ReadWrite.All']),
    });
    const discovery = await tenant.raw('GET', `/${tenant.sandbox.tenantId}/v2.0/.well-known/openid-configuration`);
    expect(discovery.body).toMatchObject({
      issuer: `${tenant.sandbox.authority}/${tenant.sandbox.tenantId}/v2.0`,
      token_endpoint: `${tenant.sandbox.authority}/${tenant.sandbox.tenantId}/oauth2/v2.0/token`,
      authorization_endpoint: expect.any(String),
      end_session_endpoint: expect.any(String),
    });
    const { body: keys } = await tenant.raw('GET', discovery.body.jwks_uri);
    const key = keys.keys.find((one: { kid: string }) => one.kid === kid);
    const verifier = createVerify('sha256').update(`${head}.${claims}`);
    expect(verifier.verify(createPublicKey({ key, format: 'jwk' }), signature, 'base64url')).toBe(true);
  });

  test('knows the tenant by its domains, and the secret in the header', async () => {
    expect((await post({}, domain)).status).toBe(200);
    const basic = Buffer.from(`${tenant.sandbox.clientId}:${encodeURIComponent(tenant.sandbox.clientSecret)}`);
    const headers = { authorization: `Basic ${basic.toString('base64')}` };
    const bare = { client_id: undefined, client_secret: undefined };
    expect((await post(bare, tenant.sandbox.tenantId, headers)).status).toBe(200);
  });

  test.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    ['no credential', { client_secret: undefined }, 401, 'invalid_client', 7000218],
    ['an unknown application', { client_id: crypto.randomUUID() }, 400, 'unauthorized_client', 700016],
    ['another grant', { grant_type: 'magic' }, 400, 'unsupported_grant_type', 70003],
    ['no grant', { grant_type: undefined }, 400, 'invalid_request', 900144],
    ['a scope that is no resource', { scope: 'User.Read' }, 400, 'invalid_scope', 1002012],
    ['a resource nobody knows', { scope: 'https://other.test/.default' }, 400, 'invalid_resource', 500011],
    [
      'an assertion that is none',
      {
        client_secret: undefined,
        client_assertion: 'x.y.z',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      },
      400,
      'invalid_request',
      50027,
    ],
  ] as const)('refuses %s', async (_what, more, status, error, number) => {
    const answer = await post(more);
    expect(answer).toMatchObject({
      status,
      body: {
        error,
        error_codes: [number],
        error_description: expect.stringMatching(`^AADSTS${number}: .* Trace ID: .* Timestamp: `),
        trace_id: expect.any(String),
        correlation_id: expect.any(String),
      },
    });
    expect(answer.text).not.toContain(tenant.sandbox.clientSecret);
  });

  test('refuses a tenant there is not', async () => {
    expect((await post({}, 'nowhere.test')).body.error_codes).toEqual([90002]);
  });
});

describe('a request to Graph', () => {
  const get = (authorization?: string) =>
    tenant.raw('GET', '/v1.0/users', undefined, authorization === undefined ? {} : { authorization });

  test('is refused with 401 without a good token', async () => {
    expect(await get()).toMatchObject({ status: 401, body: { error: { message: 'Access token is empty.' } } });
    for (const token of ['x', 'a.b.c', 'e30.e30.AAAA']) {
      expect(await get(`Bearer ${token}`)).toMatchObject({
        status: 401,
        body: { error: { code: 'InvalidAuthenticationToken' } },
      });
    }
    const good = await tenant.token(tenant.sandbox.clientId, tenant.sandbox.clientSecret);
    const [head, claims = '', signature] = good.split('.');
    const more = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), roles: ['Everything.All'] };
    const forged = [head, Buffer.from(JSON.stringify(more)).toString('base64url'), signature].join('.');
    expect((await get(`Bearer ${forged}`)).status).toBe(401);
  });

  test('is refused with 401 when its token is too old, or for somebody else', async () => {
    await using late = await openTenant();
    expect((await late.send('GET', '/users')).status).toBe(200);
    late.sandbox.clock.advance(3_600_000);
    expect(await late.send('GET', '/users')).toMatchObject({
      status: 401,
      body: { error: { message: 'Lifetime validation failed, the token is expired.' } },
    });
    const foreign = await late.raw(
      'POST',
      `/${late.sandbox.tenantId}/oauth2/v2.0/token`,
      new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: late.sandbox.clientId,
        client_secret: late.sandbox.clientSecret,
        scope: 'https://graph.windows.net/.default',
      }).toString(),
    );
    const headers = { authorization: `Bearer ${foreign.body.access_token}` };
    expect((await late.raw('GET', '/v1.0/users', undefined, headers)).status).toBe(401);
  });

  test('is refused with 403 without a role that opens it', async () => {
    const user = await tenant.user();
    const group = await tenant.group();
    const member = { 'members@odata.bind': [`${tenant.root}/directoryObjects/${user}`] };
    const gone = await tenant.group();
    expect((await tenant.send('DELETE', `/groups/${gone}`)).status).toBe(204);
    const deny: readonly (readonly [string[], string, string, unknown?])[] = [
      [['Group.Read.All'], 'GET', '/users'],
      [['User.Read.All'], 'POST', '/users', newUser()],
      [['User.Read.All'], 'DELETE', `/users/${user}`],
      [['User.EnableDisableAccount.All'], 'PATCH', `/users/${user}`, { city: 'x' }],
      [['GroupMember.ReadWrite.All'], 'PATCH', `/groups/${group}`, { displayName: 'x' }],
      [['GroupMember.ReadWrite.All'], 'POST', '/groups', newGroup()],
      [['Group.Create'], 'PATCH', `/groups/${group}`, member],
      [['Group.ReadWrite.All'], 'POST', '/groups', newGroup({ isAssignableToRole: true })],
      [['User.ReadWrite.All'], 'GET', '/domains'],
      [['Domain.Read.All'], 'POST', '/domains', { id: 'x.test' }],
      [['User.ReadWrite.All'], 'DELETE', `/groups/${group}`],
      [['User.Read.All'], 'GET', '/directory/deletedItems/microsoft.graph.group'],
      [['User.Read.All'], 'GET', `/directory/deletedItems/${gone}`],
      [['Group.ReadWrite.All'], 'GET', '/directory/deletedItems/microsoft.graph.user'],
    ];
    for (const [roles, method, path, body] of deny) {
      const send = await tenant.as(roles);
      const answer = await send(method, path, body);
      expect([path, answer.status, answer.body.error?.code]).toEqual([path, 403, 'Authorization_RequestDenied']);
    }
    const allow: readonly (readonly [string[], string, string, unknown?])[] = [
      [['User.EnableDisableAccount.All'], 'PATCH', `/users/${user}`, { accountEnabled: false }],
      [['GroupMember.ReadWrite.All'], 'PATCH', `/groups/${group}`, member],
      [['Group.Create'], 'POST', '/groups', newGroup()],
      [['User.DeleteRestore.All'], 'DELETE', `/users/${user}`],
      [['User.DeleteRestore.All'], 'GET', '/directory/deletedItems/microsoft.graph.user'],
      [['Group.Read.All'], 'GET', `/directory/deletedItems/${gone}`],
      [['GroupMember.ReadWrite.All'], 'GET', `/groups/${group}/members`],
    ];
    const good: Readonly<Record<string, number>> = { GET: 200, POST: 201 };
    for (const [roles, method, path, body] of allow) {
      const send = await tenant.as(roles);
      const { status } = await send(method, path, body);
      expect([path, status]).toEqual([path, good[method] ?? 204]);
    }
  });
});
