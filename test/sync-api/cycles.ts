import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/index.ts';
import { type Cycle, type CycleType, type Engine, openEngine } from '../../src/engine/index.ts';
import type { SyncWorld } from './world.ts';

/** A directory's entries by DN, each with its lines in an export. */
export type Entries = Map<string, readonly string[]>;

const root = 'DC=corp,DC=contoso,DC=test';
export const dn = (name: string): string => `CN=${name},OU=All,${root}`;
const guid = (n: number): string =>
  `objectGUID:: ${Buffer.from(n.toString(16).padStart(32, '1'), 'hex').toString('base64')}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

export function user(name: string, n: number, ...more: readonly string[]): [string, readonly string[]] {
  const lines = [
    'objectClass: user',
    guid(n),
    `cn: ${name}`,
    `sAMAccountName: ${name}`,
    `userPrincipalName: ${name}@corp.contoso.test`,
    `displayName: ${name}`,
    'userAccountControl: 512',
  ];
  return [dn(name), [...lines, ...more]];
}

/** All four kinds, with attributes of every type and links of every sort. */
export function sampleDirectory(): Map<string, readonly string[]> {
  return new Map<string, readonly string[]>([
    [root, ['objectClass: domainDNS', guid(1)]],
    [`OU=All,${root}`, ['objectClass: organizationalUnit', guid(2)]],
    user(
      'ada',
      10,
      'countryCode: 276',
      'co: Germany',
      'proxyAddresses: SMTP:ada@corp.contoso.test',
      'proxyAddresses: smtp:a@corp.contoso.test',
      'extensionAttribute1: one',
      'extensionAttribute15: fifteen',
      'msExchHideFromAddressLists: FALSE',
      'otherTelephone: 1',
      'otherTelephone: 2',
      `userCertificate:: ${base64('certificate')}`,
      `thumbnailPhoto:: ${base64('photo')}`,
      `manager: ${dn('boss')}`,
      'pwdLastSet: 133700000000000000',
      'objectSid: S-1-5-21-1-2-3-1110',
    ),
    user('boss', 11, 'title:: IDAwNyA=', 'department: True'),
    [
      dn('partner'),
      [
        'objectClass: contact',
        guid(20),
        'cn: partner',
        'displayName: Partner',
        'mail: p@elsewhere.test',
        'targetAddress: SMTP:p@elsewhere.test',
        `manager: ${dn('boss')}`,
      ],
    ],
    [
      dn('team'),
      [
        'objectClass: group',
        guid(30),
        'cn: team',
        'sAMAccountName: team',
        'groupType: -2147483646',
        `member: ${dn('ada')}`,
      ],
    ],
    [
      dn('news'),
      [
        'objectClass: group',
        guid(31),
        'cn: news',
        'sAMAccountName: news',
        'groupType: 2',
        'mail: news@corp.contoso.test',
        'proxyAddresses: SMTP:news@corp.contoso.test',
        `member: ${dn('ada')}`,
        `member: ${dn('partner')}`,
        `member: ${dn('team')}`,
        `managedBy: ${dn('boss')}`,
        `authOrig: ${dn('ada')}`,
      ],
    ],
    [
      dn('pc1'),
      [
        'objectClass: computer',
        guid(40),
        'cn: pc1',
        'sAMAccountName: pc1$',
        'userAccountControl: 4096',
        'operatingSystem: Windows 11',
        'mS-DS-CreatorSID: S-1-5-21-1-2-3-1110',
        `userCertificate:: ${base64('device')}`,
      ],
    ],
  ]);
}

/** Writes the export and runs one cycle over it, as `cloudsync cycle` does. */
export async function runCycle(
  world: SyncWorld,
  entries: Entries,
  type: CycleType = 'delta',
  more = '',
): Promise<Cycle> {
  return await withEngine(world, entries, more, (engine) =>
    engine.runCycle({ type, preview: false, trigger: 'manual' }, new AbortController().signal, {
      started() {},
      progress() {},
    }),
  );
}

/** Writes the export and opens the engine over it; `more` is YAML to put under the tenant's keys or, from the first column on, at the root. */
export async function withEngine<T>(
  world: SyncWorld,
  entries: Entries,
  more: string,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { sandbox, folder } = world;
  const text = [...entries].map(([name, lines]) => `dn: ${name}\n${lines.join('\n')}\n\n`).join('');
  writeFileSync(join(folder, 'corp.ldf'), `version: 1\n\n${text}`);
  const file = join(folder, 'cloudsync.yaml');
  writeFileSync(
    file,
    `version: 1
tenant:
  id: ${sandbox.tenantId}
  cloud: custom
  target: syncApi
  credential: { clientId: ${sandbox.clientId}, clientSecret: { env: TENANT_SECRET } }
  endpoints: { graph: "${sandbox.graphUrl}", authority: "${sandbox.authority}", ca: "${sandbox.ca}" }
${more}
forests:
  - name: contoso
    domains: [{ name: corp.contoso.test, ldif: ./corp.ldf }]
objects: [user, group, contact, device]
safety: { deletes: off, scopeLosses: off }
`,
  );
  await using engine = await openEngine({
    configuration: loadConfiguration(file),
    dataDirectory: join(folder, 'data'),
    mode: 'writer',
    environment: { env: { TENANT_SECRET: sandbox.clientSecret }, now: () => new Date(), log: () => undefined },
  });
  return await work(engine);
}

export async function names(
  { get }: SyncWorld,
  set: 'users' | 'groups' | 'contacts' | 'devices',
): Promise<readonly string[]> {
  const { value } = await get<{ value: readonly { displayName: string }[] }>(`/v1.0/${set}?$select=displayName`);
  return value.map(({ displayName }) => displayName).sort();
}

export async function members({ get }: SyncWorld, group: string): Promise<readonly string[]> {
  const { value } = await get<{ value: readonly { id: string }[] }>(
    `/v1.0/groups?$filter=displayName eq '${group}'&$select=id`.replaceAll(' ', '%20'),
  );
  const held = await get<{ value: readonly { displayName: string }[] }>(
    `/v1.0/groups/${value[0]?.id}/members?$select=displayName`,
  );
  return held.value.map(({ displayName }) => displayName).sort();
}

/** Who the devices belong to. */
export async function owners({ get }: SyncWorld): Promise<readonly string[]> {
  const { value } = await get<{ value: readonly { id: string }[] }>('/v1.0/devices?$select=id');
  const found: string[] = [];
  for (const { id } of value) {
    const held = await get<{ value: readonly { displayName: string }[] }>(
      `/v1.0/devices/${id}/registeredOwners?$select=displayName`,
    );
    found.push(...held.value.map(({ displayName }) => displayName));
  }
  return found;
}

/** Objects that a cycle wrote, each time it was written. */
export async function written({ sandbox }: SyncWorld, work: () => Promise<unknown>): Promise<number> {
  const before = sandbox.counters.syncObjects;
  await work();
  return sandbox.counters.syncObjects - before;
}
