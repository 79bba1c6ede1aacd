import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUser, openTenant, type TestTenant } from './tenant.ts';

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await openTenant();
});

afterAll(async () => {
  expect(tenant.watch.seen).toBeGreaterThan(0);
  expect(tenant.watch.violations).toEqual([]);
  await tenant[Symbol.asyncDispose]();
});

interface Response {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: looked into as it comes
  readonly body?: any;
}

const json = { 'Content-Type': 'application/json' };

async function batch(requests: readonly unknown[]): Promise<Map<string, Response>> {
  const { status, body, text } = await tenant.send('POST', '/$batch', { requests });
  if (status !== 200) throw new Error(`${status} ${text}`);
  return new Map(body.responses.map((response: Response) => [response.id, response]));
}

test('answers each item by itself, with its own status and headers', async () => {
  const before = { ...tenant.sandbox.counters };
  const user = newUser();
  const responses = await batch([
    { id: 'a', method: 'POST', url: '/users', headers: json, body: user },
    { id: 'b', method: 'GET', url: 'organization?$select=id' },
    { id: 'c', method: 'PATCH', url: '/users/nobody', headers: json, body: { city: 'x' } },
    { id: 'd', method: 'POST', url: '/users', headers: json, body: newUser({ accountEnabled: 'yes' }) },
  ]);
  expect(responses.get('a')).toMatchObject({
    status: 201,
    headers: { Location: expect.any(String), 'Content-Type': expect.stringContaining('json') },
    body: { displayName: user['displayName'] },
  });
  expect(responses.get('b')).toMatchObject({ status: 200, body: { value: [{ id: tenant.sandbox.tenantId }] } });
  expect(responses.get('c')).toMatchObject({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } });
  expect(responses.get('d')?.status).toBe(400);
  const { counters } = tenant.sandbox;
  expect([counters.requests, counters.items, counters.writes, counters.written]).toEqual([
    before.requests + 1,
    before.items + 4,
    before.writes + 3,
    before.written + 1,
  ]);
});

test('comes in any order, except where one item depends on another', async () => {
  const orders = new Set<string>();
  for (let i = 0; i < 5; i += 1) {
    const ids = ['1', '2', '3', '4', '5'];
    const { body } = await tenant.send('POST', '/$batch', {
      requests: ids.map((id) => ({ id, method: 'GET', url: '/organization' })),
    });
    orders.add(body.responses.map(({ id }: Response) => id).join());
  }
  expect(orders.size).toBeGreaterThan(1);
  const id = await tenant.user();
  const step = (i: number) => ({
    id: String(i),
    method: 'PATCH',
    url: `/users/${id}`,
    headers: json,
    body: { city: `C${i}` },
    ...(i === 1 ? {} : { dependsOn: [String(i - 1)] }),
  });
  await batch(Array.from({ length: 10 }, (_, i) => step(i + 1)));
  expect((await tenant.send('GET', `/users/${id}?$select=city`)).body.city).toBe('C10');
});

test('fails with 424 what depends on a failed item, and what depends on that', async () => {
  const responses = await batch([
    { id: '1', method: 'DELETE', url: '/users/nobody' },
    { id: '2', method: 'GET', url: '/organization', dependsOn: ['1'] },
    { id: '3', method: 'GET', url: '/organization', dependsOn: ['2'] },
    { id: '4', method: 'GET', url: '/organization' },
  ]);
  expect([...responses].map(([id, { status }]) => `${id} ${status}`).sort()).toEqual([
    '1 404',
    '2 424',
    '3 424',
    '4 200',
  ]);
});

test.each([
  ['more than twenty items', Array.from({ length: 21 }, (_, i) => ({ id: String(i), method: 'GET', url: '/users' }))],
  ['an id twice, in whatever case', ['a', 'A'].map((id) => ({ id, method: 'GET', url: '/users' }))],
  ['no id', [{ method: 'GET', url: '/users' }]],
  ['a body without its type', [{ id: '1', method: 'PATCH', url: '/users/x', body: {} }]],
  ['an absolute url', [{ id: '1', method: 'GET', url: 'https://graph.microsoft.com/v1.0/users' }]],
  ['a dependency on nothing', [{ id: '1', method: 'GET', url: '/users', dependsOn: ['2'] }]],
  ['no list', undefined],
])('is refused as a whole with %s', async (_what, requests) => {
  const before = tenant.sandbox.counters.items;
  expect((await tenant.send('POST', '/$batch', { requests })).status).toBe(400);
  expect(tenant.sandbox.counters.items).toBe(before);
});

test('throttles items one by one', async () => {
  await using busy = await openTenant({
    profile: { quotas: { throttling: true, applicationWrites: { limit: 5, seconds: 50 } } },
    now: () => new Date('2026-01-01T00:00:00Z'),
  });
  const requests = Array.from({ length: 8 }, (_, i) => ({
    id: String(i),
    method: 'POST',
    url: '/users',
    headers: json,
    body: newUser(),
  }));
  const { status, body } = await busy.send('POST', '/$batch', { requests });
  expect(status).toBe(200);
  const refused = body.responses.filter((response: Response) => response.status === 429);
  expect(refused).toHaveLength(3);
  expect(refused[0]).toMatchObject({
    headers: { 'Retry-After': expect.stringMatching(/^\d+$/) },
    body: { error: { code: 'TooManyRequests' } },
  });
  expect(busy.watch.violations).toEqual([]);
});
