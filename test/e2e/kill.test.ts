import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { httpsJson } from './https-json.ts';
import { writeSampleLdif } from './sample-ldif.ts';

/** The real process, killed by the kernel in the middle of its work against a real tenant over TLS. */

const domain = 'kill.contoso.test';
const users = 150;
const groups = 12;
const membersPerGroup = 25;
const main = join(import.meta.dirname, '../../daemon/main.ts');

let folder = '';
let sandbox: Sandbox;
/** Exchanges since the last kill, and after how many of them to kill. */
let seen = 0;
let killAfter = Number.POSITIVE_INFINITY;
let running: ChildProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-kill-'));
  writeSampleLdif(join(folder, 'export.ldf'), { domain, users, groups, membersPerGroup });
  sandbox = await startSandbox({
    listen: { host: '127.0.0.1', port: 0 },
    dataDirectory: join(folder, 'sandbox'),
    domains: [domain],
    // Called when a request has taken effect and before its answer goes out.
    validate: () => {
      seen += 1;
      if (seen === killAfter) running?.kill('SIGKILL');
    },
  });
  writeFileSync(
    join(folder, 'cloudsync.yaml'),
    `version: 1
tenant:
  id: ${sandbox.tenantId}
  cloud: custom
  credential: { clientId: ${sandbox.clientId}, clientSecret: { env: TENANT_SECRET } }
  endpoints: { graph: "${sandbox.graphUrl}", authority: "${sandbox.authority}", ca: "${sandbox.ca}" }
forests:
  - name: contoso
    domains: [{ name: ${domain}, ldif: ./export.ldf }]
`,
  );
});

afterAll(async () => {
  running?.kill('SIGKILL');
  await sandbox?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function cycle(
  killAt = Number.POSITIVE_INFINITY,
): Promise<{ code: number | null; signal: string | null; output: string }> {
  seen = 0;
  killAfter = killAt;
  const words = [
    'cycle',
    '--type',
    'delta',
    '--config',
    join(folder, 'cloudsync.yaml'),
    '--data',
    join(folder, 'data'),
  ];
  const child = spawn(process.execPath, [main, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TENANT_SECRET: sandbox.clientSecret },
  });
  running = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  running = undefined;
  return { code, signal, output };
}

test('a process killed again and again converges with the next: nothing lost, nothing twice', async () => {
  let kills = 0;
  for (const at of [2, 9, 25, 60, 130, 210]) {
    const { signal } = await cycle(at);
    if (signal === 'SIGKILL') kills += 1;
  }
  expect(kills).toBeGreaterThanOrEqual(4);
  expect(await cycle()).toMatchObject({ code: 0 });
  const before = sandbox.counters.writes;
  expect(await cycle()).toMatchObject({ code: 0 });
  expect(sandbox.counters.writes).toBe(before);

  const get = httpsJson(sandbox);
  type Page = { value: Record<string, string>[]; '@odata.nextLink'?: string };
  const all = async (path: string): Promise<Record<string, string>[]> => {
    const { value, '@odata.nextLink': next } = await get<Page>(path);
    return next === undefined ? value : [...value, ...(await all(next.slice(sandbox.graphUrl.length)))];
  };
  const anchors = (await all('/v1.0/users?$select=onPremisesImmutableId&$top=999')).map(
    (u) => u['onPremisesImmutableId'],
  );
  expect(new Set(anchors).size).toBe(users);
  expect(anchors).toHaveLength(users);
  const made = await all('/v1.0/groups?$select=id,uniqueName');
  expect(new Set(made.map((group) => group['uniqueName'])).size).toBe(groups);
  expect(made).toHaveLength(groups);
  for (const { id } of made)
    expect(await all(`/v1.0/groups/${id}/members?$select=id&$top=999`)).toHaveLength(membersPerGroup);
  const managed = await Promise.all(
    (await all('/v1.0/users?$select=id&$top=999')).map(({ id }) =>
      get<{ id: string }>(`/v1.0/users/${id}/manager?$select=id`).then(
        () => 1,
        () => 0,
      ),
    ),
  );
  expect(managed.filter((has) => has === 1)).toHaveLength(users - 1);
});
