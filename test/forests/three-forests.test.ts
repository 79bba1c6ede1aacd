import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/index.ts';
import { type Cycle, type Engine, openEngine } from '../../src/engine/index.ts';
import { sidFromBytes } from '../../src/model/index.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { watchCsdl } from '../csdl/index.ts';
import { httpsJson } from '../e2e/https-json.ts';
import { type Forest, startForest } from '../samba/index.ts';

/** Three forests of one company in one configuration, people of one in groups of another. */

const disposables = new AsyncDisposableStack();
const watch = watchCsdl();
let folder: string;
let sandbox: Sandbox;
let corp: Forest;
let sales: Forest;
let labs: Forest;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-forests-'));
  disposables.defer(() => rmSync(folder, { recursive: true, force: true }));
  const forests = await Promise.all(
    ['CORP', 'SALES', 'LABS'].map((netbios) => startForest({ realm: `${netbios}.CONTOSO.TEST`, netbios })),
  );
  for (const forest of forests) disposables.use(forest);
  const [first, second, third] = forests;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three forests are needed');
  [corp, sales, labs] = [first, second, third];
  sandbox = disposables.use(
    await startSandbox({
      listen: { host: '127.0.0.1', port: 0 },
      dataDirectory: join(folder, 'sandbox'),
      domains: forests.map(({ domain }) => domain),
      validate: watch.see,
    }),
  );
  configure(
    forests
      .map(
        (forest) => `  - name: ${forest.domain.split('.')[0]}
    domains:
${domainOf(forest)}    scope:
      organizationalUnits: ["OU=People,${forest.baseDn}"]
`,
      )
      .join(''),
  );
  for (const forest of forests) {
    await forest.client.add(`OU=People,${forest.baseDn}`, { objectClass: ['organizationalUnit'] });
    await addUser(forest, `one-${forest.domain.split('.')[0]}`);
  }
  await corp.client.add(dn(corp, 'everybody'), {
    objectClass: ['group'],
    sAMAccountName: 'everybody',
    groupType: '-2147483644',
    member: [dn(corp, 'one-corp')],
  });
}, 120_000);

afterAll(async () => {
  await disposables.disposeAsync();
  expect(watch.violations).toEqual([]);
  expect(watch.seen).toBeGreaterThan(0);
});

function configure(forests: string): void {
  writeFileSync(
    join(folder, 'cloudsync.yaml'),
    `version: 1
tenant:
  id: ${sandbox.tenantId}
  cloud: custom
  credential: { clientId: ${sandbox.clientId}, clientSecret: { env: TENANT_SECRET } }
  endpoints: { graph: "${sandbox.graphUrl}", authority: "${sandbox.authority}", ca: "${sandbox.ca}" }
forests:
${forests}`,
  );
}

const domainOf = (forest: Forest): string => `      - name: ${forest.domain}
        servers: ["${forest.ldapsUrl}"]
        bind: { user: ${forest.adminUser}, password: { env: DC_PASSWORD } }
        tls: { ca: "${forest.caFile}" }
`;

const dn = (forest: Forest, name: string): string => `CN=${name},OU=People,${forest.baseDn}`;

async function addUser(forest: Forest, name: string): Promise<void> {
  await forest.client.add(dn(forest, name), {
    objectClass: ['user'],
    sAMAccountName: name,
    userPrincipalName: `${name}@${forest.domain}`,
    displayName: name,
    userAccountControl: '544',
  });
}

/** A trust lets people of other forests into groups of this one, by their SIDs. */
async function addForeigner(group: string, from: Forest, name: string): Promise<void> {
  const { searchEntries } = await from.client.search(dn(from, name), {
    scope: 'base',
    attributes: ['objectSid'],
    explicitBufferAttributes: ['objectSid'],
  });
  const bytes = searchEntries[0]?.['objectSid'];
  const sid = Buffer.isBuffer(bytes) ? sidFromBytes(bytes) : undefined;
  await corp.client.modify(
    dn(corp, group),
    new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [`<SID=${sid}>`] }) }),
  );
}

function open(data = 'data'): Promise<Engine> {
  return openEngine({
    configuration: loadConfiguration(join(folder, 'cloudsync.yaml')),
    dataDirectory: join(folder, data),
    mode: 'writer',
    environment: {
      env: { TENANT_SECRET: sandbox.clientSecret, DC_PASSWORD: corp.adminPassword },
      now: () => new Date(),
      log() {},
    },
  });
}

async function cycle(data?: string): Promise<Cycle> {
  await using engine = await open(data);
  return await engine.runCycle({ type: 'delta', preview: false, trigger: 'manual' }, new AbortController().signal, {
    started() {},
    progress() {},
  });
}

async function names(path: string): Promise<readonly string[]> {
  const { value } = await httpsJson(sandbox)<{ value: { displayName: string }[] }>(path);
  return value.map(({ displayName }) => displayName).sort();
}

async function membersOf(group: string): Promise<readonly string[]> {
  const { value } = await httpsJson(sandbox)<{ value: { id: string }[] }>(
    `/v1.0/groups?$filter=${encodeURIComponent(`displayName eq '${group}'`)}`,
  );
  return await names(`/v1.0/groups/${value[0]?.id}/members?$select=id,displayName`);
}

const people = (): Promise<readonly string[]> =>
  names(
    `/v1.0/users?$select=displayName&$filter=${encodeURIComponent("startsWith(displayName,'one-') or startsWith(displayName,'two-')")}`,
  );

test('all three forests arrive in one cycle', async () => {
  const done = await cycle();
  expect(done).toMatchObject({ state: 'succeeded', connectorErrors: [] });
  expect(await people()).toEqual(['one-corp', 'one-labs', 'one-sales']);
});

test('people of other forests are members of a group through their foreign principals', async () => {
  await addForeigner('everybody', sales, 'one-sales');
  await addForeigner('everybody', labs, 'one-labs');
  expect(await cycle()).toMatchObject({ state: 'succeeded' });
  expect(await membersOf('everybody')).toEqual(['one-corp', 'one-labs', 'one-sales']);
});

test('a forest that is down holds up no other, and nothing of it is lost', async () => {
  await sales.kill();
  await addUser(corp, 'two-corp');
  await addUser(labs, 'two-labs');
  const done = await cycle();
  expect(done.connectorErrors).toMatchObject([{ connector: 'sales/sales.contoso.test' }]);
  expect(await people()).toEqual(['one-corp', 'one-labs', 'one-sales', 'two-corp', 'two-labs']);
  expect(await membersOf('everybody')).toEqual(['one-corp', 'one-labs', 'one-sales']);
});

test('the watch sees what changes in a forest behind one that is down', async () => {
  await using engine = await open();
  const { signal } = new AbortController();
  await expect(engine.moved(signal)).rejects.toThrow(sales.ldapsUrl);
  await addUser(labs, 'watched-labs');
  expect(await engine.moved(signal)).toBe(true);
});

test('a forest that is back goes on where it was', async () => {
  await sales.start();
  await addUser(sales, 'two-sales');
  expect(await cycle()).toMatchObject({ state: 'succeeded', connectorErrors: [], counts: { created: 2, deleted: 0 } });
  expect(await people()).toHaveLength(6);
});

test('the same three as domains of one forest are found again in the tenant, member for member', async () => {
  const units = [corp, sales, labs].map(({ baseDn }) => `OU=People,${baseDn}`);
  configure(`  - name: contoso
    domains:
${[corp, sales, labs].map(domainOf).join('')}    scope:
      organizationalUnits: ${JSON.stringify(units)}
`);
  const members = await membersOf('everybody');
  const { writes } = sandbox.counters;
  expect(await cycle('anew')).toMatchObject({ state: 'succeeded', connectorErrors: [], counts: { failed: 0 } });
  expect(sandbox.counters.writes).toBe(writes);
  await addUser(labs, 'three-labs');
  await addForeigner('everybody', labs, 'three-labs');
  expect(await cycle('anew')).toMatchObject({ state: 'succeeded', counts: { created: 1, membersAdded: 1 } });
  expect(await membersOf('everybody')).toEqual([...members, 'three-labs'].sort());
});
