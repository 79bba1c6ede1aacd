import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readEvents, send, sendJson } from './http.ts';
import { startTestService, type TestService } from './service.ts';

/** What Prometheus gets, and that the dashboard and the alert rules under docs/ ask for nothing else. */

let daemon: TestService;
let metrics: string;
beforeAll(async () => {
  daemon = await startTestService({ tenant: 'sandbox', more: 'safety: { deletes: { count: 0, percent: 0 } }\n' });
  await cycle('full');
  // Lags are looked up once the cycle has ended.
  do metrics = await read();
  while (!metrics.includes('cloudsync_change_lag_seconds_count'));
});
afterAll(() => daemon[Symbol.asyncDispose]());

async function cycle(type: 'full' | 'delta'): Promise<void> {
  const started = await sendJson(daemon.url, daemon.token, 'POST', '/api/v1/cycles', { type });
  const { id } = JSON.parse(started.text) as { id: number };
  await readEvents(daemon.url, daemon.token, `/api/v1/cycles/${id}/events`);
}

const read = async (): Promise<string> =>
  (await send(daemon.url, { path: '/metrics', token: daemon.readerToken })).text;
const page = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
const value = (series: string): number | undefined => {
  const line = metrics.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

test('tells of cycles, objects, domains and the tenant', () => {
  expect(value('cloudsync_cycles_total{type="full",state="succeeded"}')).toBe(1);
  expect(value('cloudsync_changes_total{change="created"}')).toBe(3);
  expect(value('cloudsync_objects{kind="user",where="inTenant"}')).toBe(2);
  expect(value('cloudsync_connector_healthy{connector="contoso/corp.contoso.test",forest="contoso"}')).toBe(1);
  expect(value('cloudsync_cycle_running')).toBe(0);
  expect(metrics).toMatch(/^cloudsync_tenant_healthy\{tenant="[0-9a-f-]{36}",target="graph"\} 1$/m);
});

test('tells how long changes took, what does not go through, and what the tenant still takes', () => {
  const tenant = metrics.match(/tenant="([0-9a-f-]{36})"/)?.[1] ?? '';
  const forest = `forest="contoso",tenant="${tenant}"`;
  // Three objects, one membership and one manager.
  expect(value(`cloudsync_change_lag_seconds_count{${forest}}`)).toBe(5);
  expect(value(`cloudsync_change_lag_seconds_bucket{le="86400",${forest}}`)).toBe(5);
  expect(metrics).toMatch(/^# HELP cloudsync_change_lag_seconds From when a change was first read/m);
  expect(value(`cloudsync_held{${forest}}`)).toBe(0);
  expect(value(`cloudsync_failed{${forest}}`)).toBe(0);
  const quota = (name: string) => value(`cloudsync_quota_${name}{tenant="${tenant}",target="graph"}`) ?? Number.NaN;
  expect(quota('used_writes')).toBeGreaterThanOrEqual(4);
  expect(quota('left_writes')).toBe(quota('limit_writes') - quota('used_writes'));
  expect(quota('pause_seconds')).toBe(0);
});

test('holds everything the dashboard and the alert rules ask for', () => {
  const known = new Set([...metrics.matchAll(/^(cloudsync_\w+)[ {]/gm)].map(([, name]) => name));
  for (const file of ['grafana-dashboard.json', 'alert-rules.yaml']) {
    const asked = [...page(file).matchAll(/cloudsync_\w+/g)].map(([name]) => name);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  }
  expect(parse(page('alert-rules.yaml'))).toMatchObject({ groups: [{ rules: expect.any(Array) as unknown }] });
  expect(JSON.parse(page('grafana-dashboard.json'))).toMatchObject({ panels: expect.any(Array) as unknown });
});

test('counts what is held by the forest it is of', async () => {
  const directory = readFileSync(daemon.ldifFile, 'utf8');
  writeFileSync(daemon.ldifFile, directory.replace(/dn: CN=grace,[\s\S]*?\n\n/, ''));
  await cycle('delta');
  metrics = await read();
  expect(metrics).toMatch(/^cloudsync_held\{forest="contoso",tenant="[0-9a-f-]{36}"\} 1$/m);
});
