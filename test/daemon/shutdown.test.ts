import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleForest } from '../../daemon/demo/forest.ts';
import { type Running, start } from './cloudsync.ts';
import { send } from './http.ts';

/** The daemon asked to end in the middle of a cycle, in every way it is asked, and killed. */

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'cloudsync-shutdown-'));
  const domains = sampleForest();
  for (const { fqdn, ldif } of domains) writeFileSync(join(cwd, `${fqdn}.ldf`), ldif);
  writeFileSync(
    join(cwd, 'cloudsync.yaml'),
    `version: 1
tenant: { id: contoso.test, cloud: sandbox }
forests:
  - name: contoso
    domains:
${domains.map(({ fqdn }) => `      - { name: ${fqdn}, ldif: ./${fqdn}.ldf }`).join('\n')}
`,
  );
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const data = (...path: readonly string[]): string => join(cwd, 'cloudsync-data', ...path);
const started = (): Running => start(['daemon', '--listen', '127.0.0.1:0', '--log-level', 'debug'], { cwd });

interface Cycle {
  readonly id: number;
  readonly state: string;
  readonly error: { readonly code: string } | null;
  readonly counts: Readonly<Record<string, number>>;
}

async function get<T>(daemon: Running, path: string): Promise<readonly T[]> {
  const [, url = ''] = await daemon.said(/listens on (\S+);/);
  const { text } = await send(url, { path, token: readFileSync(data('token'), 'utf8') });
  return (JSON.parse(text) as { items: T[] }).items;
}

const cycles = (daemon: Running): Promise<readonly Cycle[]> => get(daemon, '/api/v1/cycles');

async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A cycle that has sent operations whose answers are not there yet. */
const exporting = (daemon: Running): Promise<Cycle> =>
  until(async () => {
    const [newest] = await cycles(daemon);
    if (newest === undefined) return undefined;
    const sent = await get(daemon, `/api/v1/cycles/${newest.id}/operations?state=sent&limit=1`);
    return sent.length > 0 && newest.state === 'running' ? newest : undefined;
  });

const done = (daemon: Running): Promise<Cycle> =>
  until(async () => (await cycles(daemon)).find(({ state }) => state === 'succeeded'));

/** How many users, by their anchors, the tenant holds: read by plain HTTPS while the daemon runs. */
async function anchorsInTenant(): Promise<readonly string[]> {
  const access = JSON.parse(readFileSync(data('sandbox', 'sandbox.json'), 'utf8')) as Record<
    'graphUrl' | 'authority' | 'tenantId' | 'clientId' | 'clientSecret' | 'ca',
    string
  >;
  const ca = readFileSync(access.ca);
  const call = (url: string, headers: Record<string, string>, body?: string): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const sent = httpsRequest(url, { ca, headers, method: body === undefined ? 'GET' : 'POST' }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(JSON.parse(text) as Record<string, unknown>));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const { access_token } = await call(
    `${access.authority}/${access.tenantId}/oauth2/v2.0/token`,
    { 'content-type': 'application/x-www-form-urlencoded' },
    new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: access.clientId,
      client_secret: access.clientSecret,
      scope: `${access.graphUrl}/.default`,
    }).toString(),
  );
  const anchors: string[] = [];
  let next: unknown = `${access.graphUrl}/v1.0/users?$select=onPremisesImmutableId&$top=999`;
  while (typeof next === 'string') {
    const page = await call(next, { authorization: `Bearer ${String(access_token)}` });
    for (const { onPremisesImmutableId } of page['value'] as Record<string, string | null>[]) {
      if (onPremisesImmutableId != null) anchors.push(onPremisesImmutableId);
    }
    next = page['@odata.nextLink'];
  }
  return anchors;
}

describe('asked to end in the middle of a cycle', () => {
  test('it stops the cycle, says so, and goes on from there with the next start', async () => {
    const first = started();
    await exporting(first);
    first.process.kill('SIGTERM');
    const { code, err } = await first.ended;
    expect({ code, forced: err.includes('ended by force') }).toEqual({ code: 0, forced: false });
    expect(err).toMatch(/"event":"cycleEnded".*"state":"stopped"/);
    expect(err.trim().split('\n').at(-1)).toMatch(/"event":"stopped"/);
    expect(existsSync(data('daemon.json'))).toBe(false);

    const second = started();
    const last = await done(second);
    const stopped = (await cycles(second)).find(({ state }) => state === 'stopped');
    expect(stopped?.error?.code).toBe('CS6002');
    expect(last.counts['failed']).toBe(2);
    const anchors = await anchorsInTenant();
    expect(new Set(anchors).size).toBe(anchors.length);
    expect(anchors.length).toBeGreaterThan(490);
    second.process.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });

  test('killed, it has lost nothing and does nothing twice', async () => {
    const first = started();
    await exporting(first);
    first.process.kill('SIGKILL');
    await first.ended;
    const second = started();
    await done(second);
    const killed = (await cycles(second)).find(({ error }) => error?.code === 'CS6003');
    expect(killed?.state).toBe('failed');
    const anchors = await anchorsInTenant();
    expect(new Set(anchors).size).toBe(anchors.length);
    expect(anchors.length).toBeGreaterThan(490);
    second.process.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });
});

test('whoever follows a cycle is told the end of the stream, not left waiting', async () => {
  const daemon = started();
  const { id } = await exporting(daemon);
  const [, url = ''] = await daemon.said(/listens on (\S+);/);
  const token = readFileSync(data('token'), 'utf8');
  const following = send(url, { path: `/api/v1/cycles/${id}/events`, token }).catch((error: Error) => error);
  daemon.process.kill('SIGINT');
  await following;
  expect((await daemon.ended).code).toBe(0);
});
