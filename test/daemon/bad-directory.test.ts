import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Forest, startForest } from '../samba/index.ts';
import { type Ended, run, start } from './cloudsync.ts';

/** What an admin gets to see when a domain controller or the tenant does not let the program in. */

let cwd: string;
let forest: Forest;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'cloudsync-bad-'));
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
});
afterAll(async () => {
  await forest[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true, force: true });
});

const password = (): string => forest.adminPassword;
let n = 0;

interface Directory {
  readonly server?: string;
  readonly tls?: string;
  readonly password?: string;
  readonly tenant?: string;
}

/** One cycle against the forest with something wrong about it, on a data folder of its own. */
async function cycle({
  server = forest.ldapsUrl,
  tls = `{ ca: "${forest.caFile}" }`,
  password: given = password(),
  tenant = 'cloud: sandbox',
}: Directory): Promise<Ended & { readonly data: string }> {
  n += 1;
  const config = `${n}.yaml`;
  writeFileSync(
    join(cwd, config),
    `version: 1
tenant:
  id: contoso.test
  ${tenant}
forests:
  - name: contoso
    domains:
      - name: corp.contoso.test
        servers: ["${server}"]
        bind: { user: ${forest.adminUser}, password: { env: DC_PASSWORD } }
        tls: ${tls}
`,
  );
  const data = join(cwd, `data${n}`);
  const args = ['cycle', '--type', 'delta', '--config', config, '--data', data];
  return { ...(await run(args, { cwd, env: { DC_PASSWORD: given, TENANT_SECRET: 'Wrong~Secret.1' } })), data };
}

/** One line with the code and the server; nothing written to the tenant, and no secret anywhere. */
function expectRefused(
  { code, err, out, data }: Awaited<ReturnType<typeof cycle>>,
  errorCode: string,
  says: RegExp,
  secret = password(),
): void {
  const lines = err.split('\n').filter((line) => line.startsWith('cloudsync: '));
  expect(lines, err).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`^cloudsync: ${errorCode} `));
  expect(lines[0]).toMatch(says);
  expect(code).toBe(1);
  expect(out).toMatch(/cycle 1 failed/);
  expect(out).not.toMatch(/created|updated|deleted/);
  const log = existsSync(join(data, 'logs')) ? readFileSync(join(data, 'logs', 'cloudsync.log'), 'utf8') : '';
  for (const text of [err, out, log]) expect(text).not.toContain(secret);
}

describe('a domain controller', () => {
  test('lets the right account in', async () => {
    expect((await cycle({})).code).toBe(0);
  });

  test('that refuses the password is named, with the account', async () => {
    const wrong = 'Wrong~Password.1';
    expectRefused(await cycle({ password: wrong }), 'CS2002', /administrator@corp\.contoso\.test/, wrong);
  });

  test('that cannot be reached is named', async () => {
    expectRefused(await cycle({ server: 'ldaps://127.255.255.254' }), 'CS2003', /127\.255\.255\.254/);
  });

  test('whose certificate is signed by nobody known is not trusted', async () => {
    expectRefused(await cycle({ tls: '{}' }), 'CS2004', /certificate.*tls\.ca/s);
  });

  test('whose certificate is for another name is not trusted', async () => {
    const tls = `{ ca: "${forest.caFile}", serverName: dc9.corp.contoso.test }`;
    expectRefused(await cycle({ tls }), 'CS2005', /dc9\.corp\.contoso\.test/);
  });
});

test('a tenant that refuses the secret is named, and nothing is read into the state', async () => {
  const data = join(cwd, 'tenant');
  const sandbox = start(['sandbox', '--listen', '127.0.0.1:0', '--data', data, '--domain', 'contoso.test'], { cwd });
  await sandbox.said(/Sandbox tenant/);
  const access = JSON.parse(readFileSync(join(data, 'sandbox.json'), 'utf8')) as Record<
    'graphUrl' | 'clientId' | 'ca',
    string
  >;
  const tenant = `cloud: custom
  credential: { clientId: ${access.clientId}, clientSecret: { env: TENANT_SECRET } }
  endpoints: { graph: "${access.graphUrl}", authority: "${access.graphUrl}", ca: "${access.ca}" }`;
  expectRefused(await cycle({ tenant }), 'CS4\\d{3}', /secret|AADSTS7000215/i, 'Wrong~Secret.1');
  sandbox.process.kill('SIGTERM');
  expect((await sandbox.ended).code).toBe(0);
});
