import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readEvents, send, sendJson } from './http.ts';
import { Metrics } from './prometheus.ts';
import { domain, startTestService, type TestService } from './service.ts';

/** What Prometheus gets, and that the dashboard and the alert rules under docs/ ask for nothing else. */

let daemon: TestService;
let first: Metrics;
let metrics: Metrics;
beforeAll(async () => {
  const more = 'safety: { deletes: { count: 0, percent: 0 } }\nschedule: { delta: 12h, full: 7d, watch: false }\n';
  daemon = await startTestService({ tenant: 'sandbox', more });
  first = await read();
  await cycle('full');
  // Lags are looked up once the cycle has ended.
  do metrics = await read();
  while (metrics.value('cloudsync_change_processing_seconds_count') === undefined);
});
afterAll(() => daemon[Symbol.asyncDispose]());

async function cycle(type: 'full' | 'delta', preview = false): Promise<string> {
  const started = await sendJson(daemon.url, daemon.token, 'POST', '/api/v1/cycles', { type, preview });
  const { id } = JSON.parse(started.text) as { id: number };
  await readEvents(daemon.url, daemon.token, `/api/v1/cycles/${id}/events`);
  return (await daemon.service.engine.cycle(id))?.state ?? '';
}

const read = async (): Promise<Metrics> =>
  new Metrics((await send(daemon.url, { path: '/metrics', token: daemon.readerToken })).text);
const docs = join(import.meta.dirname, '../../docs');
const page = (name: string): string => readFileSync(join(docs, name), 'utf8');

test('tells of cycles, objects, domains and the tenant', () => {
  expect(metrics.value('cloudsync_cycles_total', { type: 'full', state: 'succeeded' })).toBe(1);
  expect(metrics.value('cloudsync_changes_total', { change: 'created' })).toBe(3);
  expect(metrics.value('cloudsync_objects', { kind: 'user', where: 'inTenant' })).toBe(2);
  const connector = { connector: 'contoso/corp.contoso.test', forest: 'contoso' };
  expect(metrics.value('cloudsync_connector_healthy', connector)).toBe(1);
  expect(metrics.value('cloudsync_cycle_running')).toBe(0);
  expect(metrics.value('cloudsync_tenant_healthy', { target: 'graph' })).toBe(1);
});

test('names the tenant in all it tells, and the forest where it is of one', async () => {
  const { id } = (await daemon.service.engine.status()).tenant;
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(metrics.series.filter(({ labels }) => labels['tenant'] !== id)).toEqual([]);
  const ofForest = /^cloudsync_(connector_|change_|held|failed)/;
  const those = metrics.series.filter(({ name }) => ofForest.test(name));
  expect(those.length).toBeGreaterThan(5);
  expect(those.filter(({ labels }) => labels['forest'] !== 'contoso')).toEqual([]);
});

test('tells how long changes took, what does not go through, and what the tenant still takes', () => {
  const forest = { forest: 'contoso' };
  // Three objects, one membership and one manager.
  expect(metrics.value('cloudsync_change_processing_seconds_count', forest)).toBe(5);
  expect(metrics.value('cloudsync_change_processing_seconds_bucket', { ...forest, le: '86400' })).toBe(5);
  // A file does not tell when somebody changed what.
  expect(metrics.value('cloudsync_change_lag_seconds_count')).toBeUndefined();
  expect(metrics.value('cloudsync_held', forest)).toBe(0);
  expect(metrics.value('cloudsync_failed', forest)).toBe(0);
  const quota = (name: string) => metrics.value(`cloudsync_quota_${name}`, { target: 'graph' }) ?? Number.NaN;
  expect(quota('used_writes')).toBeGreaterThanOrEqual(4);
  expect(quota('left_writes')).toBe(quota('limit_writes') - quota('used_writes'));
  expect(quota('pause_seconds')).toBe(0);
});

test('tells before the first cycle what a cycle that does not come is told by', async () => {
  expect(first.value('cloudsync_last_cycle_timestamp_seconds')).toBeUndefined();
  const started = first.value('process_start_time_seconds', { tenant: 'contoso.test' }) ?? 0;
  expect(Math.abs(started - Date.now() / 1000)).toBeLessThan(600);
  expect(first.value('cloudsync_schedule_interval_seconds', { type: 'delta' })).toBe(43_200);
  expect(first.value('cloudsync_schedule_suspended')).toBe(0);
  await sendJson(daemon.url, daemon.token, 'PUT', '/api/v1/schedule', { delta: '90s' });
  await sendJson(daemon.url, daemon.token, 'POST', '/api/v1/suspend', { reason: 'maintenance' });
  const suspended = await read();
  expect(suspended.value('cloudsync_schedule_interval_seconds', { type: 'delta' })).toBe(90);
  expect(suspended.value('cloudsync_schedule_suspended')).toBe(1);
  await sendJson(daemon.url, daemon.token, 'POST', '/api/v1/resume');
  expect((await read()).value('cloudsync_schedule_suspended')).toBe(0);
});

test('holds everything the dashboard and the alert rules ask for', () => {
  const known = new Set(metrics.series.map(({ name }) => name));
  // These come of a domain controller alone.
  const timed = /^cloudsync_change_(lag|wait)_seconds_bucket$/;
  for (const file of ['grafana-dashboard.json', 'alert-rules.yaml']) {
    const text = page(file).replaceAll('\\"', '"');
    const asked = [...text.matchAll(/\b(?:cloudsync|process)_\w+/g)].map(([name]) => name);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !known.has(name) && !timed.test(name))).toEqual([]);
    for (const [, name = '', selector = ''] of text.matchAll(/\b((?:cloudsync|process)_\w+)\{([^}]*)\}/g)) {
      const labels = [...selector.matchAll(/(\w+)(?:=|!=|=~|!~)"/g)].map(([, label = '']) => label);
      // Prometheus gives the name of the job itself.
      const missing = labels.filter((label) => label !== 'job' && !metrics.labelsOf(name).has(label));
      if (!timed.test(name)) expect(missing, name).toEqual([]);
    }
  }
  expect(parse(page('alert-rules.yaml'))).toMatchObject({ groups: [{ rules: expect.any(Array) as unknown }] });
  expect(JSON.parse(page('grafana-dashboard.json'))).toMatchObject({ panels: expect.any(Array) as unknown });
});

test('has alert rules that fire when they should', async () => {
  await promisify(execFile)('promtool', ['test', 'rules', join(docs, 'alert-rules.test.yaml')]);
});

test('tells of what is held by the last cycle that followed the directory, whatever somebody tried out since', async () => {
  const state = async (): Promise<readonly string[]> =>
    (await read()).series
      .filter(({ name }) => name === 'cloudsync_last_cycle_timestamp_seconds')
      .map(({ labels }) => labels['state'] ?? '');
  const directory = readFileSync(daemon.ldifFile, 'utf8');
  writeFileSync(daemon.ldifFile, directory.replace(/dn: CN=grace,[\s\S]*?\n\n/, ''));
  expect(await cycle('delta', true)).toBe('held');
  expect(await state()).toEqual(['succeeded']);

  expect(await cycle('delta')).toBe('held');
  expect(await state()).toEqual(['held']);
  const held = await read();
  expect(held.value('cloudsync_held', { forest: 'contoso' })).toBe(1);

  const query = { by: 'userPrincipalName', value: `ada@${domain}` } as const;
  await daemon.service.engine.provision({ query, apply: false }, new AbortController().signal);
  writeFileSync(daemon.ldifFile, directory);
  expect(await cycle('delta', true)).toBe('succeeded');
  expect(await state()).toEqual(['held']);
  const after = await read();
  const counted = ({ name }: { readonly name: string }) =>
    /^cloudsync_(last_cycle|cycles_total|cycle_seconds|changes_total)/.test(name);
  expect(after.series.filter(counted)).toEqual(held.series.filter(counted));
});

test('tells of the cycles of a staging configuration, which only plans', async () => {
  await using staging = await startTestService({ tenant: 'sandbox', more: 'staging: true\n' });
  const { ended } = await staging.service.cycles.start({ type: 'full', preview: false, trigger: 'schedule' });
  expect(await ended).toMatchObject({ state: 'succeeded', preview: true });
  const { text } = await send(staging.url, { path: '/metrics', token: staging.readerToken });
  const told = new Metrics(text);
  expect(told.value('cloudsync_last_cycle_timestamp_seconds', { state: 'succeeded' })).toBeGreaterThan(0);
  expect(told.value('cloudsync_cycles_total', { type: 'full', state: 'succeeded' })).toBe(1);
});
