import { describe, expect, test } from 'vitest';
import { newUser, openTenant, type TestTenant } from './tenant.ts';

const fixed = { now: () => new Date('2026-03-01T12:00:00Z') };

function expectValid(tenant: TestTenant): void {
  expect(tenant.watch.seen).toBeGreaterThan(0);
  expect(tenant.watch.violations).toEqual([]);
}

describe('replication', () => {
  test('a new id is unknown for a while, a deleted one known for a while', async () => {
    await using tenant = await openTenant({ profile: { replication: { seconds: 60 } }, ...fixed });
    const [user, group] = [await tenant.user(), await tenant.group()];
    const status = async () => (await tenant.send('GET', `/users/${user}`)).status;
    expect(await status()).toBe(404);
    const add = () =>
      tenant.send('POST', `/groups/${group}/members/$ref`, { '@odata.id': `${tenant.root}/users/${user}` });
    expect((await add()).status).toBe(404);
    expect((await tenant.send('GET', '/users')).body.value).toEqual([]);
    tenant.sandbox.clock.advance(60_000);
    expect(await status()).toBe(200);
    expect((await tenant.send('GET', '/users')).body.value).toHaveLength(1);
    expect((await add()).status).toBe(204);
    await tenant.send('DELETE', `/users/${user}`);
    expect(await status()).toBe(200);
    expect((await tenant.send('PATCH', `/users/${user}`, { city: 'x' })).status).toBe(404);
    tenant.sandbox.clock.advance(60_000);
    expect(await status()).toBe(404);
    expectValid(tenant);
  });

  test('unique values are unique at once', async () => {
    await using tenant = await openTenant({ profile: { replication: { seconds: 60 } }, ...fixed });
    const body = newUser();
    expect((await tenant.send('POST', '/users', body)).status).toBe(201);
    expect((await tenant.send('POST', '/users', body)).status).toBe(400);
  });

  test('replicas differ from one request to the next', async () => {
    await using tenant = await openTenant({ profile: { replication: { seconds: 60, flapping: true } }, ...fixed });
    const id = await tenant.user();
    const statuses = new Set<number>();
    for (let i = 0; i < 30; i += 1) statuses.add((await tenant.send('GET', `/users/${id}`)).status);
    expect(statuses).toEqual(new Set([200, 404]));
  });
});

test('a directory extension that was just defined is refused for a while', async () => {
  let now = Date.parse('2026-01-31T10:00:00Z');
  await using own = await openTenant({ now: () => new Date(now), profile: { replication: { seconds: 30 } } });
  const id = await own.user();
  now += 60_000;
  const made = await own.send('POST', `/applications(appId='${own.sandbox.clientId}')/extensionProperties`, {
    name: 'badge',
    dataType: 'String',
    targetObjects: ['User'],
  });
  const early = await own.send('PATCH', `/users/${id}`, { [made.body.name]: 'x' });
  expect([early.status, early.body.error.message]).toEqual([
    400,
    `The following extension properties are not available: ${made.body.name}.`,
  ]);
  now += 60_000;
  expect((await own.send('PATCH', `/users/${id}`, { [made.body.name]: 'x' })).status).toBe(204);
});

describe('uniqueness', () => {
  test('can be switched off', async () => {
    await using tenant = await openTenant({ profile: { uniqueness: false } });
    const body = newUser();
    expect((await tenant.send('POST', '/users', body)).status).toBe(201);
    expect((await tenant.send('POST', '/users', body)).status).toBe(201);
  });
});

describe('quotas', () => {
  test('writes are refused beyond the bucket, which fills as the tenant’s time passes', async () => {
    await using tenant = await openTenant({
      profile: { quotas: { throttling: true, applicationWrites: { limit: 10, seconds: 100 } } },
      ...fixed,
    });
    const create = () => tenant.send('POST', '/users', newUser());
    for (let i = 0; i < 9; i += 1) expect((await create()).status).toBe(201);
    expect(await create()).toMatchObject({ status: 201, headers: { 'x-ms-throttle-limit-percentage': '1.00' } });
    const refused = await create();
    expect(refused).toMatchObject({
      status: 429,
      headers: {
        'x-ms-resource-unit': '1',
        'x-ms-throttle-scope': `Tenant_Application/Write/${tenant.sandbox.clientId}/${tenant.sandbox.tenantId}`,
        'x-ms-throttle-information': 'WriteLimitExceeded',
      },
      body: { error: { code: 'TooManyRequests' } },
    });
    const wait = Number(refused.headers['retry-after']);
    expect(wait).toBeGreaterThanOrEqual(10);
    expect((await tenant.send('GET', '/users')).status).toBe(200);
    tenant.sandbox.clock.advance(wait * 1000);
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(429);
    expect(tenant.sandbox.counters.throttled).toBe(2);
    expectValid(tenant);
  });

  test('reads cost units, by what they ask for', async () => {
    await using tenant = await openTenant();
    const group = await tenant.group();
    const cost = async (path: string, method = 'GET', body?: unknown): Promise<string | string[] | undefined> =>
      (await tenant.send(method, path, body)).headers['x-ms-resource-unit'];
    expect(await cost('/users')).toBe('2');
    expect(await cost('/users?$select=id')).toBe('1');
    expect(await cost('/users?$expand=manager')).toBe('3');
    expect(await cost('/users?$top=5')).toBe('1');
    expect(await cost(`/groups/${group}/members`)).toBe('3');
    expect(await cost(`/groups/${group}/transitiveMembers`)).toBe('5');
    expect(await cost('/directoryObjects/getByIds', 'POST', { ids: [group] })).toBe('5');
    expect(await cost('/directoryObjects/getByIds?$select=id', 'POST', { ids: [group] })).toBe('2');
    expect(await cost('/subscribedSkus')).toBe('3');
    expect(await cost(`/users/unknown`)).toBe('1');
    expectValid(tenant);
  });

  test('units are refused by the size of the tenant', async () => {
    await using tenant = await openTenant({
      profile: { quotas: { throttling: true, units: { small: { limit: 4, seconds: 10 } } } },
      ...fixed,
    });
    for (let i = 0; i < 2; i += 1) expect((await tenant.send('GET', '/users')).status).toBe(200);
    expect(await tenant.send('GET', '/users')).toMatchObject({
      status: 429,
      headers: { 'x-ms-throttle-information': 'ResourceUnitLimitExceeded' },
    });
  });

  test('the tenant holds so many objects and no more, deleted ones included', async () => {
    await using tenant = await openTenant({ profile: { quotas: { objects: 4 } } });
    const [user] = [await tenant.user(), await tenant.user()];
    await tenant.send('DELETE', `/users/${user}`);
    const over = await tenant.send('POST', '/users', newUser());
    expect(over).toMatchObject({ status: 403, body: { error: { code: 'Directory_QuotaExceeded' } } });
    await tenant.send('DELETE', `/directory/deletedItems/${user}`);
    expect((await tenant.send('POST', '/users', newUser())).status).toBe(201);
    expectValid(tenant);
  });
});

describe('faults', () => {
  test('strike before anything is done, with their status and wait', async () => {
    await using tenant = await openTenant();
    const { sandbox } = tenant;
    const strike = async (kind: 'throttled' | 'unavailable' | 'gatewayTimeout' | 'internalError') => {
      sandbox.changeProfile({ faults: { rules: [{ kind, methods: ['POST'], times: 1, retryAfterSeconds: 7 }] } });
      const { status, headers, body } = await tenant.send('POST', '/users', newUser());
      return [status, headers['retry-after'], body.error.code];
    };
    expect(await strike('throttled')).toEqual([429, '7', 'TooManyRequests']);
    expect(await strike('unavailable')).toEqual([503, '7', 'serviceNotAvailable']);
    expect(await strike('gatewayTimeout')).toEqual([504, undefined, 'gatewayTimeout']);
    expect(await strike('internalError')).toEqual([500, undefined, 'Service_InternalServerError']);
    expect((await tenant.send('GET', '/users')).body.value).toEqual([]);
    expect(sandbox.counters.faults).toBe(4);
    await tenant.user();
    expectValid(tenant);
  });

  test('strike after the write took effect, by status, by reset and by silence', async () => {
    await using tenant = await openTenant();
    const names: unknown[] = [];
    const struck = async (kind: 'gatewayTimeout' | 'reset' | 'hang') => {
      tenant.sandbox.changeProfile({ faults: { hangSeconds: 0.05, rules: [{ kind, when: 'after', times: 1 }] } });
      const body = newUser();
      names.push(body['userPrincipalName']);
      return await tenant.send('POST', '/users', body).then(
        ({ status }) => status,
        (error: NodeJS.ErrnoException) => error.code,
      );
    };
    expect(await struck('gatewayTimeout')).toBe(504);
    expect(await struck('reset')).toBe('ECONNRESET');
    expect(await struck('hang')).toBe('ECONNRESET');
    const { body } = await tenant.send('GET', '/users?$select=userPrincipalName');
    expect(body.value.map((user: Record<string, unknown>) => user['userPrincipalName'])).toEqual(names);
  });

  test('strike items of a batch by themselves, and its connection for one of its items', async () => {
    await using tenant = await openTenant();
    const ids = ['1', '2', '3', '4'];
    const requests = ids.map((id) => ({ id, method: 'GET', url: `/users?$top=${id}` }));
    tenant.sandbox.changeProfile({ faults: { rules: [{ kind: 'unavailable', path: '$top=3' }] } });
    const { body } = await tenant.send('POST', '/$batch', { requests });
    const failed = body.responses.filter(({ status }: { status: number }) => status === 503);
    expect(failed).toMatchObject([{ id: '3' }]);
    tenant.sandbox.changeProfile({ faults: { rules: [{ kind: 'reset', path: '$top=3' }] } });
    await expect(tenant.send('POST', '/$batch', { requests })).rejects.toThrow();
    expect((await tenant.send('POST', '/$batch', { requests: requests.slice(0, 2) })).status).toBe(200);
  });

  test('give answers outside the contract', async () => {
    await using tenant = await openTenant();
    const answer = async (kind: 'html' | 'truncated' | 'wrongShape' | 'redirect') => {
      tenant.sandbox.changeProfile({ faults: { rules: [{ kind, times: 1 }] } });
      return await tenant.send('GET', '/organization').catch(String);
    };
    expect(await answer('html')).toMatchObject({ status: 200, text: expect.stringMatching(/^<!DOCTYPE html>/) });
    const truncated = await answer('truncated');
    expect(truncated).toMatchObject({ status: 200 });
    expect(() => JSON.parse((truncated as { text: string }).text)).toThrow(SyntaxError);
    expect(await answer('wrongShape')).toMatchObject({ status: 200, body: { value: 'not a list' } });
    expect(await answer('redirect')).toMatchObject({ status: 302 });
  });

  test('come from the seed: the same again, another otherwise, and at their rate', async () => {
    const pattern = async (seed: number): Promise<string> => {
      await using tenant = await openTenant({
        profile: { faults: { seed, rules: [{ kind: 'unavailable', rate: 0.3 }] } },
      });
      let seen = '';
      for (let i = 0; i < 60; i += 1) seen += (await tenant.send('GET', '/organization')).status === 503 ? 'x' : '.';
      return seen;
    };
    const [first, again, other] = [await pattern(1), await pattern(1), await pattern(2)];
    expect(first).toBe(again);
    expect(first).not.toBe(other);
    expect(first.replaceAll('.', '').length).toBeGreaterThan(5);
    expect(first.replaceAll('.', '').length).toBeLessThan(35);
  });

  test('the clock of the answers can be off', async () => {
    await using tenant = await openTenant({ profile: { clockSkewSeconds: -86_400 } });
    const { headers } = await tenant.send('GET', '/organization');
    expect(Date.parse(String(headers['date']))).toBeLessThan(Date.now() - 80_000_000);
  });
});
