import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendJson } from './http.ts';
import { domain, startTestService, type TestService, user } from './service.ts';

/** The daemon left to itself: it runs what is due, follows the directory, and keeps still when it is told to. */

let daemon: TestService;
const ending = new AbortController();
let running: Promise<void>;

beforeAll(async () => {
  daemon = await startTestService({ tenant: 'sandbox', more: 'schedule: { delta: 1h, full: 7d, watch: true }\n' });
  running = daemon.service.schedule(ending.signal);
});
afterAll(async () => {
  ending.abort();
  await running;
  await daemon[Symbol.asyncDispose]();
});

const call = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> =>
  JSON.parse((await sendJson(daemon.url, daemon.token, method, path, body)).text) as Record<string, unknown>;

interface Cycle {
  readonly type: string;
  readonly trigger: string;
  readonly state: string;
}

const cycles = async (): Promise<readonly Cycle[]> => (await call('GET', '/api/v1/cycles'))['items'] as Cycle[];

async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const stateOf = async (name: string): Promise<unknown> => {
  const { items } = await call('GET', `/api/v1/objects?by=userPrincipalName&value=${name}@${domain}`);
  return (items as { state: string }[])[0]?.state;
};
const synced = (name: string): Promise<true> =>
  until(async () => ((await stateOf(name)) === 'synced' ? true : undefined));

test('begins with a full cycle, and then waits for its time', async () => {
  const first = await until(async () => (await cycles()).find(({ state }) => state === 'succeeded'));
  expect(first).toMatchObject({ type: 'full', trigger: 'start' });
  // The schedule hears of the end a moment after the state tells it.
  await until(async () => {
    const { next } = await call('GET', '/api/v1/schedule');
    return (next as { type: string }).type === 'delta' ? true : undefined;
  });
});

test('takes over a change as soon as the directory has moved', async () => {
  appendFileSync(daemon.ldifFile, user('barbara'));
  await synced('barbara');
  const ended = await until(async () =>
    (await cycles()).find(({ trigger, state }) => trigger === 'watch' && state === 'succeeded'),
  );
  expect(ended).toMatchObject({ type: 'delta' });
});

test('keeps still while suspended, and catches up once resumed', async () => {
  await call('POST', '/api/v1/suspend', { reason: 'maintenance' });
  const before = (await cycles()).length;
  appendFileSync(daemon.ldifFile, user('edsger'));
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect((await cycles()).length).toBe(before);
  expect(await stateOf('edsger')).toBeUndefined();
  await call('POST', '/api/v1/resume');
  await synced('edsger');
});

test('runs by a schedule that was changed from then on', async () => {
  await call('PUT', '/api/v1/schedule', { delta: '1s', watch: false });
  await until(async () => (await cycles()).find(({ trigger }) => trigger === 'schedule'));
});
