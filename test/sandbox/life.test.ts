import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  DomainNameError,
  ListenError,
  PortTakenError,
  ProfileError,
  readProfile,
  realisticProfile,
  type Sandbox,
  SandboxDataError,
  SandboxDataTooNewError,
  SandboxInUseError,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/index.ts';
import { type CsdlWatch, watchCsdl } from '../csdl/index.ts';
import { domain, newUser, openTenant } from './tenant.ts';

let folder: string;
let watch: CsdlWatch;

beforeEach(() => {
  watch = watchCsdl();
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-life-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  expect(watch.violations).toEqual([]);
});

function start(more: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const options = { listen: { host: '127.0.0.1', port: 0 }, dataDirectory: folder, domains: [domain] };
  return startSandbox({ ...options, validate: watch.see, ...more });
}

describe('a data folder', () => {
  test('keeps the tenant, its secrets and its objects from one start to the next', async () => {
    let id: string;
    const known = (sandbox: Sandbox) => [
      sandbox.tenantId,
      sandbox.clientId,
      sandbox.clientSecret,
      sandbox.admin.secret,
    ];
    let before: string[];
    let authority: string;
    {
      await using tenant = await openTenant({ dataDirectory: folder });
      id = await tenant.user();
      before = known(tenant.sandbox);
      authority = readFileSync(tenant.sandbox.ca, 'utf8');
    }
    await using tenant = await openTenant({ dataDirectory: folder, domains: ['further.test'] });
    expect(known(tenant.sandbox)).toEqual(before);
    expect(readFileSync(tenant.sandbox.ca, 'utf8')).toBe(authority);
    expect((await tenant.send('GET', `/users/${id}`)).status).toBe(200);
    const body = newUser({ userPrincipalName: 'x@further.test' });
    expect((await tenant.send('POST', '/users', body)).status).toBe(201);
  });

  test('holds sandbox.json while the tenant serves, for its owner alone', async () => {
    const file = join(folder, 'sandbox.json');
    {
      await using sandbox = await start();
      const access = JSON.parse(readFileSync(file, 'utf8'));
      const { graphUrl, authority, tenantId, clientId, clientSecret, ca } = sandbox;
      expect(access).toMatchObject({ graphUrl, authority, tenantId, clientId, clientSecret, ca });
      for (const name of ['sandbox.json', 'tenant.sqlite']) {
        expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      }
      expect(readFileSync(ca, 'utf8')).not.toContain('PRIVATE');
    }
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('is used by one sandbox at a time', async () => {
    await using first = await start();
    await expect(start()).rejects.toThrow(SandboxInUseError);
    expect(statSync(join(folder, 'sandbox.json')).isFile()).toBe(true);
    expect(first.tenantId).toBeTruthy();
  });

  test('that cannot be made, or holds something else, is named', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(start({ dataDirectory: join(folder, 'file', 'below') })).rejects.toThrow(SandboxDataError);
    writeFileSync(join(folder, 'tenant.sqlite'), 'not a database, and long enough to be looked at'.repeat(20));
    await expect(start()).rejects.toThrow(SandboxDataError);
  });

  test('of a newer version is left alone', async () => {
    await (await start())[Symbol.asyncDispose]();
    const database = new Sqlite(join(folder, 'tenant.sqlite'));
    database.pragma('user_version = 1000');
    database.close();
    await expect(start()).rejects.toThrow(SandboxDataTooNewError);
  });
});

describe('listening', () => {
  test('fails by name where the port is taken or the address is not ours', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(start({ listen: { host: '127.0.0.1', port } })).rejects.toThrow(PortTakenError);
    await expect(start({ listen: { host: '192.0.2.1', port: 0 } })).rejects.toThrow(ListenError);
    server.close();
    // Whoever failed let go of the folder.
    await (await start())[Symbol.asyncDispose]();
  });

  test('stands for every name it was given, and for further ones after the next start', async () => {
    const names = async (sandbox: Sandbox, servername: string): Promise<boolean> =>
      await new Promise((resolve) => {
        const { hostname, port } = new URL(sandbox.graphUrl);
        const socket = connect({ host: hostname, port: Number(port), servername, ca: readFileSync(sandbox.ca) }, () => {
          socket.end();
          resolve(true);
        });
        socket.on('error', () => resolve(false));
      });
    {
      await using sandbox = await start();
      expect(await names(sandbox, 'localhost')).toBe(true);
      expect(await names(sandbox, 'adminwebservice.microsoftonline.com')).toBe(false);
    }
    await using sandbox = await start({ hostNames: ['adminwebservice.microsoftonline.com'] });
    expect(await names(sandbox, 'adminwebservice.microsoftonline.com')).toBe(true);
    expect(await names(sandbox, 'localhost')).toBe(true);
  });

  test('goes on IPv6 as well', async () => {
    await using tenant = await openTenant({ listen: { host: '::1', port: 0 } });
    expect(tenant.sandbox.graphUrl).toMatch(/^https:\/\/\[::1\]:\d+$/);
    expect((await tenant.send('GET', '/organization')).status).toBe(200);
  });
});

describe('options', () => {
  test('that are wrong are named', async () => {
    await expect(start({ domains: ['no domain'] })).rejects.toThrow(DomainNameError);
    const file = join(folder, 'profile.yaml');
    writeFileSync(file, 'replication: { second: 5 }\n');
    expect(() => readProfile(file)).toThrow(ProfileError);
    expect(() => readProfile(file)).toThrow(/second/);
    expect(() => readProfile(join(folder, 'none.yaml'))).toThrow(ProfileError);
    writeFileSync(file, 'quotas: { throttling: true }\nfaults: { rules: [{ kind: reset, rate: 0.01 }] }\n');
    await using sandbox = await start({ profile: readProfile(file) });
    expect(sandbox.profile()).toMatchObject({
      quotas: { throttling: true, applicationWrites: { limit: 3000, seconds: 150 } },
      faults: { rules: [{ kind: 'reset', rate: 0.01, when: 'before' }] },
    });
  });

  test('the realistic profile is one', async () => {
    await using sandbox = await start({ profile: realisticProfile });
    expect(sandbox.profile()).toMatchObject({ quotas: { throttling: true }, uniqueness: true });
  });
});

describe('the admin end point', () => {
  test('drives the sandbox for who knows its secret', async () => {
    await using tenant = await openTenant();
    const { admin } = tenant.sandbox;
    const call = (method: string, path: string, body?: unknown, secret = admin.secret) =>
      tenant.raw(method, `${admin.url}${path}`, body === undefined ? undefined : JSON.stringify(body), {
        authorization: `Bearer ${secret}`,
      });
    expect((await call('GET', '', undefined, 'wrong')).status).toBe(401);
    expect((await tenant.raw('GET', admin.url)).status).toBe(401);
    await tenant.user();
    const shown = await call('GET', '');
    expect(shown.body).toMatchObject({ tenantId: tenant.sandbox.tenantId, counters: { writes: 1 } });
    const before = Date.parse(shown.body.now);
    const moved = await call('POST', '/clock', { advanceSeconds: 600 });
    expect(Date.parse(moved.body.now)).toBeGreaterThanOrEqual(before + 600_000);
    const changed = await call('PATCH', '/profile', { faults: { rules: [{ kind: 'unavailable' }] } });
    expect(changed.body.faults.rules).toMatchObject([{ kind: 'unavailable', rate: 1 }]);
    expect((await tenant.send('GET', '/users')).status).toBe(503);
    expect((await call('PATCH', '/profile', { faults: { rules: [{ kind: 'earthquake' }] } })).status).toBe(400);
    await call('PATCH', '/profile', { faults: { rules: [] } });
    const contact = await call('POST', '/objects', {
      kind: 'contact',
      properties: { displayName: 'Partner', mail: 'a@partner.test' },
      mastery: 'synced',
    });
    expect((await tenant.send('GET', `/contacts/${contact.body.id}`)).body.onPremisesSyncEnabled).toBe(true);
    const application = await call('POST', '/applications', { displayName: 'other', roles: ['User.Read.All'] });
    expect(await tenant.token(application.body.clientId, application.body.clientSecret)).toMatch(/^ey/);
    const { body } = await tenant.send('GET', '/users/delta?$deltatoken=latest');
    expect((await call('POST', '/delta-tokens/lose')).status).toBe(200);
    expect((await tenant.send('GET', body['@odata.deltaLink'])).status).toBe(410);
    const user = await tenant.user();
    expect((await call('POST', '/directory-roles', { role: 'Global Administrator', member: user })).status).toBe(200);
    expect((await tenant.send('DELETE', `/users/${user}`)).status).toBe(403);
    expect((await call('POST', '/clock', { advanceSeconds: -1 })).status).toBe(400);
    expect((await call('GET', '/nothing')).status).toBe(404);
    expect(tenant.watch.violations).toEqual([]);
  });
});
