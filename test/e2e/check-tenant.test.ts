import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { watchCsdl } from '../csdl/index.ts';

const main = join(import.meta.dirname, '../../daemon/main.ts');
const watch = watchCsdl();
let folder = '';
let sandbox: Sandbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-check-'));
  sandbox = await startSandbox({
    listen: { host: '127.0.0.1', port: 0 },
    dataDirectory: join(folder, 'sandbox'),
    domains: ['contoso.test'],
    validate: watch.see,
  });
});

afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  expect(watch.violations).toEqual([]);
  expect(watch.seen).toBeGreaterThan(0);
});

function check(clientId: string, secret: string): Promise<{ code: number; output: string }> {
  const file = join(folder, 'cloudsync.yaml');
  writeFileSync(
    file,
    `version: 1
tenant:
  id: ${sandbox.tenantId}
  cloud: custom
  credential: { clientId: ${clientId}, clientSecret: { env: TENANT_SECRET } }
  endpoints: { graph: "${sandbox.graphUrl}", authority: "${sandbox.authority}", ca: "${sandbox.ca}" }
forests: [{ name: contoso, domains: [{ name: contoso.test, ldif: ./none.ldf }] }]
`,
  );
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, 'check', 'tenant', '--config', file],
      { env: { ...process.env, TENANT_SECRET: secret } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

test('a tenant in which the application has all it needs is fine', async () => {
  const { code, output } = await check(sandbox.clientId, sandbox.clientSecret);
  expect(output).toContain(sandbox.tenantId);
  expect(output).not.toContain('MISSING');
  expect(code).toBe(0);
});

test('a missing permission is named, with what it is for', async () => {
  const { clientId, clientSecret } = sandbox.addApplication('reader', ['Directory.Read.All']);
  const { code, output } = await check(clientId, clientSecret);
  expect(code).toBe(1);
  expect(output).toMatch(/MISSING {2}User\.ReadWrite\.All: create, change and disable users/);
});

test('a refused secret is one clear line, and does not show it', async () => {
  const { code, output } = await check(sandbox.clientId, 'wrong-secret-canary');
  expect(code).toBe(1);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).toMatch(/^cloudsync: CS4\d{3} /);
  expect(output).not.toContain('wrong-secret-canary');
});
