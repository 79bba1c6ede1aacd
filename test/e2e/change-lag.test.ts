import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running, start } from '../daemon/cloudsync.ts';
import { readEvents, send, sendJson } from '../daemon/http.ts';
import { Metrics } from '../daemon/prometheus.ts';
import { openWorld, type World } from './world.ts';

/** How long a change takes begins when somebody makes it, not when it is read: by the domain controller's own word. */

let world: World;
let daemon: Running;
let url = '';
let people: string;

beforeAll(async () => {
  world = await openWorld({
    scope: '      organizationalUnits: ["OU=People,DC=corp,DC=contoso,DC=test"]',
    more: 'schedule: { delta: 12h, full: 7d, watch: false }\n',
  });
  const { client, baseDn } = world.forest;
  people = `OU=People,${baseDn}`;
  for (const name of ['People', 'Elsewhere'])
    await client.add(`OU=${name},${baseDn}`, { objectClass: ['organizationalUnit'] });
  for (const [name, place] of [
    ['ada', 'People'],
    ['grace', 'People'],
    ['edsger', 'Elsewhere'],
  ]) {
    await client.add(`CN=${name},OU=${place},${baseDn}`, {
      objectClass: ['user'],
      sAMAccountName: `${name}`,
      userPrincipalName: `${name}@corp.contoso.test`,
      displayName: `${name}`,
      userAccountControl: '544',
    });
  }
  await client.add(`CN=compilers,${people}`, {
    objectClass: ['group'],
    sAMAccountName: 'compilers',
    member: [`CN=ada,${people}`, `CN=edsger,OU=Elsewhere,${baseDn}`],
  });
  const common = ['--config', world.configurationFile, '--data', join(world.folder, 'data')];
  daemon = start(['daemon', '--listen', '127.0.0.1:0', ...common], {
    cwd: world.folder,
    env: { TENANT_SECRET: world.sandbox.clientSecret, DC_PASSWORD: world.forest.adminPassword },
  });
  [, url = ''] = await daemon.said(/listens on (\S+);/);
  // The first one begins by itself.
  while (count(await read(), 'processing') < 4) await sleep(100);
}, 120_000);
afterAll(async () => {
  daemon?.process.kill('SIGKILL');
  await world?.[Symbol.asyncDispose]();
});

const token = (): string => readFileSync(join(world.folder, 'data/token'), 'utf8');
const read = async (): Promise<Metrics> => new Metrics((await send(url, { path: '/metrics', token: token() })).text);
const of = (metrics: Metrics, name: string): number =>
  metrics.value(`cloudsync_change_${name}`, { forest: 'contoso' }) ?? 0;
const count = (metrics: Metrics, name: string): number => of(metrics, `${name}_seconds_count`);
const sum = (metrics: Metrics, name: string): number => of(metrics, `${name}_seconds_sum`);

async function modify(dn: string, operation: 'add' | 'replace', type: string, value: string): Promise<void> {
  await world.forest.client.modify(
    dn,
    new Change({ operation, modification: new Attribute({ type, values: [value] }) }),
  );
}

/** Runs a cycle, which is to carry out so many changes. */
async function cycle(changes: number): Promise<Metrics> {
  const before = count(await read(), 'processing');
  const started = await sendJson(url, token(), 'POST', '/api/v1/cycles', { type: 'delta' });
  const { id } = JSON.parse(started.text) as { id: number };
  await readEvents(url, token(), `/api/v1/cycles/${id}/events`);
  for (;;) {
    const metrics = await read();
    if (count(metrics, 'processing') >= before + changes) return metrics;
    await sleep(50);
  }
}

test('asks nothing of what was there before the first cycle', async () => {
  expect(count(await read(), 'lag')).toBe(0);
});

test('counts from when an object or a membership was changed, the wait for the next cycle included', async () => {
  const begun = Date.now();
  await modify(`CN=ada,${people}`, 'replace', 'displayName', 'Ada Lovelace');
  await modify(`CN=compilers,${people}`, 'add', 'member', `CN=grace,${people}`);
  await sleep(5000);
  const metrics = await cycle(2);
  const longest = (Date.now() - begun) / 1000 + 1;
  expect(count(metrics, 'lag')).toBe(2);
  expect(count(metrics, 'wait')).toBe(2);
  expect(sum(metrics, 'lag')).toBeGreaterThanOrEqual(2 * 4);
  expect(sum(metrics, 'lag')).toBeLessThanOrEqual(2 * longest);
  expect(sum(metrics, 'wait')).toBeGreaterThanOrEqual(2 * 4);
  expect(sum(metrics, 'wait')).toBeLessThanOrEqual(sum(metrics, 'lag'));
  expect(metrics.value('cloudsync_change_lag_seconds_bucket', { forest: 'contoso', le: '2.5' })).toBe(0);
});

test('takes no change for as old as the group is that somebody comes into scope in', async () => {
  const before = await read();
  const begun = Date.now();
  await world.forest.client.modifyDN(`CN=edsger,OU=Elsewhere,${world.forest.baseDn}`, `CN=edsger,${people}`);
  // He himself, and that he is a member.
  const metrics = await cycle(2);
  expect(count(metrics, 'lag') - count(before, 'lag')).toBe(1);
  expect(sum(metrics, 'lag') - sum(before, 'lag')).toBeLessThanOrEqual((Date.now() - begun) / 1000 + 1);
});
