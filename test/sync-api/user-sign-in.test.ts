import { PublicClientApplication } from '@azure/msal-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { exchanges } from '../wire/exchanges.ts';
import { type Answer, adminClient, type RawClient, rawClient, withToken } from './raw-client.ts';
import { openSyncWorld, type SyncWorld } from './world.ts';

/** How clients of other makers sign in as a user. */
let world: SyncWorld;
let sandbox: Sandbox;
let client: RawClient;
beforeAll(async () => {
  world = await openSyncWorld();
  sandbox = world.sandbox;
  client = rawClient(sandbox);
});
afterAll(() => {
  client[Symbol.dispose]();
  return world[Symbol.asyncDispose]();
});

const [configuration] = exchanges.map(({ request }) => request);

describe('sign-in as a user', () => {
  it('answers instance discovery for the hosts it is called by', async () => {
    const answer = await client.send(
      '/common/discovery/instance?api-version=1.1&authorization_endpoint=x',
      {},
      '',
      'GET',
    );
    expect(JSON.parse(answer.body.toString('utf8'))).toMatchObject({
      tenant_discovery_endpoint: `${sandbox.authority}/${sandbox.tenantId}/v2.0/.well-known/openid-configuration`,
    });
    const realm = await client.send(`/common/UserRealm/a@corp.contoso.test?api-version=1.0`, {}, '', 'GET');
    expect(JSON.parse(realm.body.toString('utf8'))).toMatchObject({ account_type: 'Managed' });
  });

  it('serves Microsoft’s own library: device code, then silently by refresh token', async () => {
    const network = {
      async sendGetRequestAsync<T>(url: string) {
        return parsed<T>(await client.send(url, {}, '', 'GET'));
      },
      async sendPostRequestAsync<T>(url: string, options?: { body?: string; headers?: Record<string, string> }) {
        return parsed<T>(await client.send(url, options?.headers ?? {}, options?.body ?? ''));
      },
    };
    const application = new PublicClientApplication({
      auth: {
        clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
        authority: `${sandbox.authority}/${sandbox.tenantId}`,
        knownAuthorities: [new URL(sandbox.authority).host],
      },
      system: { networkClient: network },
    });
    let told = '';
    const result = await application.acquireTokenByDeviceCode({
      scopes: ['https://graph.windows.net/.default'],
      deviceCodeCallback: ({ message }) => {
        told = message;
      },
    });
    expect(told).toContain('confirms the code');
    expect(result?.account?.username).toMatch(/^admin@sandbox/);
    const account = result?.account;
    if (account === null || account === undefined) throw new Error('no account');
    const silent = await application.acquireTokenSilent({ account, scopes: ['https://graph.microsoft.com/.default'] });
    const users = await client.send(
      '/v1.0/users?$select=id&$top=100',
      { authorization: `Bearer ${silent.accessToken}` },
      '',
      'GET',
    );
    expect(users.status).toBe(200);
    const { status } = await client.call(withToken(configuration ?? Buffer.alloc(0), result?.accessToken ?? ''));
    expect(status).toBe(200);
  });

  it('turns synchronization on by Graph v1.0 with a user’s token, as those clients do', async () => {
    const token = await client.delegatedToken('https://graph.microsoft.com');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await client.send(
      `/v1.0/organization/${sandbox.tenantId}`,
      headers,
      JSON.stringify({ OnPremisesSyncEnabled: true }),
      'PATCH',
    );
    expect(answer.status).toBe(204);
  });

  it('takes a device code once, from the client it was made for', async () => {
    const start = await client.form(`/${sandbox.tenantId}/oauth2/v2.0/devicecode`, {
      client_id: adminClient,
      scope: 'https://graph.windows.net/.default offline_access',
    });
    const poll = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: String(start['device_code']),
      scope: 'https://graph.windows.net/.default',
    };
    const path = `/${sandbox.tenantId}/oauth2/v2.0/token`;
    expect(await client.form(path, { ...poll, client_id: 'another' })).toMatchObject({
      error: 'bad_verification_code',
    });
    expect(await client.form(path, { ...poll, client_id: adminClient })).toMatchObject({
      error: 'authorization_pending',
    });
    const done = await client.form(path, { ...poll, client_id: adminClient });
    expect(done).toMatchObject({ token_type: 'Bearer' });
    expect(await client.form(path, { ...poll, client_id: adminClient })).toMatchObject({
      error: 'bad_verification_code',
    });
    const again = { grant_type: 'refresh_token', client_id: adminClient, refresh_token: String(done['access_token']) };
    expect(await client.form(path, again)).toMatchObject({ error: 'invalid_grant' });
    expect(await client.form(path, { ...again, refresh_token: String(done['refresh_token']) })).toMatchObject({
      token_type: 'Bearer',
    });
  });
});

function parsed<T>({ status, body }: Answer): { headers: Record<string, string>; status: number; body: T } {
  return { headers: {}, status, body: JSON.parse(body.toString('utf8')) as T };
}
