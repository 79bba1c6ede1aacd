import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readEvents, send, sendJson } from './http.ts';
import { startTestService, type TestService } from './service.ts';

/** What Prometheus gets, and that the dashboard and the alert rules under docs/ ask for nothing else. */

let daemon: TestService;
let metrics: string;
beforeAll(async () => {
  daemon = await startTestService({ tenant: 'sandbox' });
  const started = await sendJson(daemon.url, daemon.token, 'POST', '/api/v1/cycles', { type: 'full' });
  const { id } = JSON.parse(started.text) as { id: number };
  await readEvents(daemon.url, daemon.token, `/api/v1/cycles/${id}/events`);
  metrics = (await send(daemon.url, { path: '/metrics', token: daemon.readerToken })).text;
});
afterAll(() => daemon[Symbol.asyncDispose]());

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
