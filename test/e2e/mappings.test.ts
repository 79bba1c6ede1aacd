import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultMappings, defaultReferences } from '../../src/rules/index.ts';
import { properties } from '../../src/wire/index.ts';
import { readBack, type SyncedObject } from './read-back.ts';
import { openWorld, type World } from './world.ts';

/**
 * Every default mapping of an attribute that this Active Directory's schema has, by both targets: filled in by LDAP,
 * and read back from the tenant by plain HTTPS, from Graph and from the synchronization service.
 */

type Given = string | Buffer | readonly (string | Buffer)[];
type Expected = string | boolean | readonly string[];
type Kind = 'user' | 'group' | 'contact';

/** Where the outcome shows: in the service by this name, in Graph at this path. */
type Row = readonly [attribute: string, given: Given, expected: Expected, service: string, graph?: string];

const domain = 'corp.contoso.test';
const people = 'OU=People,DC=corp,DC=contoso,DC=test';
const dn = (name: string): string => `CN=${name},${people}`;
const long = 'a'.repeat(460);
const photo = Buffer.from('ffd8ffe000104a464946', 'hex');
const certificate = (world: World): Buffer => new X509Certificate(readFileSync(world.sandbox.ca)).raw;

/** Of users and contacts. */
const person: readonly Row[] = [
  ['displayName', 'Ada Lovelace', 'Ada Lovelace', 'DisplayName', 'displayName'],
  ['givenName', ' Ada ', 'Ada', 'GivenName', 'givenName'],
  ['sn', ' Lovelace', 'Lovelace', 'Surname', 'surname'],
  ['middleName', 'King ', 'King', 'MiddleName'],
  ['initials', ' AKL ', 'AKL', 'Initials'],
  ['title', ' Countess ', 'Countess', 'Title', 'jobTitle'],
  ['company', '  Analytical Engines  ', 'Analytical Engines', 'Company', 'companyName'],
  ['department', ' Numbers', 'Numbers', 'Department', 'department'],
  ['description', `  ${long}  `, 'a'.repeat(448), 'Description'],
  ['info', ` ${long} `, 'a'.repeat(448), 'Info'],
  ['mail', ' ada@corp.contoso.test ', 'ada@corp.contoso.test', 'Mail', 'mail'],
  [
    'proxyAddresses',
    ['SMTP:ada@corp.contoso.test', ' smtp:al@corp.contoso.test', 'x500:/o=Engines/cn=ada'],
    ['SMTP:ada@corp.contoso.test', 'smtp:al@corp.contoso.test', 'x500:/o=Engines/cn=ada'],
    'ProxyAddresses',
  ],
  ['legacyExchangeDN', '/o=Engines/cn=ada', '/o=Engines/cn=ada', 'LegacyExchangeDN'],
  [
    'streetAddress',
    ' 12 St James’s Square\r\nFlat 1 ',
    '12 St James’s Square\r\nFlat 1',
    'StreetAddress',
    'streetAddress',
  ],
  ['l', ' Łódź ', 'Łódź', 'City', 'city'],
  ['st', ' Ockham ', 'Ockham', 'State', 'state'],
  ['postalCode', ' SW1Y 4JH', 'SW1Y 4JH', 'PostalCode', 'postalCode'],
  ['postOfficeBox', [' Box 12 '], ['Box 12'], 'PostOfficeBox'],
  ['co', ' United Kingdom', 'United Kingdom', 'Country', 'country'],
  ['c', 'GB', 'GB', 'CountryLetterCode'],
  ['countryCode', '826', '826', 'CountryCode'],
  ['physicalDeliveryOfficeName', ' 4.12 ', '4.12', 'PhysicalDeliveryOfficeName', 'officeLocation'],
  ['telephoneNumber', ' +44 20 1 ', '+44 20 1', 'TelephoneNumber', 'businessPhones/0'],
  ['mobile', '+44 7 2 ', '+44 7 2', 'Mobile', 'mobilePhone'],
  ['facsimileTelephoneNumber', '+44 20 3 ', '+44 20 3', 'FacsimileTelephoneNumber', 'faxNumber'],
  ['homePhone', ' +44 20 4', '+44 20 4', 'HomePhone'],
  ['pager', ' 5 ', '5', 'Pager'],
  ['ipPhone', ' sip:6 ', 'sip:6', 'IpPhone'],
  ['otherFacsimileTelephoneNumber', ['7 ', ' 8'], ['7', '8'], 'OtherFacsimileTelephoneNumber'],
  ['otherHomePhone', ['9 ', ' 10'], ['10', '9'], 'OtherHomePhone'],
  ['otherIpPhone', ['11'], ['11'], 'OtherIpPhone'],
  ['otherMobile', ['12', ' 13'], ['12', '13'], 'OtherMobile'],
  ['otherPager', ['14'], ['14'], 'OtherPager'],
  ['otherTelephone', [' 15 ', '16'], ['15', '16'], 'OtherTelephone'],
  ['url', [' https://ada.test '], ['https://ada.test'], 'Url'],
  ['wWWHomePage', ' https://engines.test ', 'https://engines.test', 'WWWHomePage'],
  ['thumbnailPhoto', photo, photo.toString('base64'), 'ThumbnailPhoto'],
  ['msDS-PhoneticDisplayName', 'eida', 'eida', 'MsDsPhoneticDisplayName'],
  ['msDS-HABSeniorityIndex', '17', '17', 'MsDsHabSeniorityIndex'],
  ['msExchAssistantName', 'Charles', 'Charles', 'MsExchAssistantName'],
];

const user: readonly Row[] = [
  ...person,
  ['cn', 'ada', 'ada', 'CommonName'],
  ['sAMAccountName', 'ada', 'ada', 'OnPremisesSamAccountName'],
  ['userPrincipalName', `ada@${domain}`, `ada@${domain}`, 'UserPrincipalName', 'userPrincipalName'],
  ['userPrincipalName', `ada@${domain}`, `ada@${domain}`, 'OnPremisesUserPrincipalName'],
  ['userAccountControl', '544', true, 'AccountEnabled', 'accountEnabled'],
  ['employeeID', '1815', '1815', 'EmployeeId', 'employeeId'],
  ['employeeType', 'Countess', 'Countess', 'EmployeeType', 'employeeType'],
  ['preferredLanguage', ' en-GB ', 'en-GB', 'PreferredLanguage', 'preferredLanguage'],
];

const securityGroup: readonly Row[] = [
  ['cn', 'engines', 'engines', 'CommonName'],
  ['displayName', 'The engines', 'The engines', 'DisplayName', 'displayName'],
  ['description', ` ${long} `, 'a'.repeat(448), 'Description', 'description'],
  ['info', ` ${long} `, 'a'.repeat(448), 'Info'],
  ['groupType', '-2147483646', true, 'SecurityEnabled', 'securityEnabled'],
  ['legacyExchangeDN', '/o=Engines/cn=engines', '/o=Engines/cn=engines', 'LegacyExchangeDN'],
  ['msDS-PhoneticDisplayName', 'endjins', 'endjins', 'MsDsPhoneticDisplayName'],
];

/** With addresses it is one that Graph does not write. */
const mailGroup: readonly Row[] = [
  ['cn', 'news', 'news', 'CommonName'],
  ['displayName', 'The news', 'The news', 'DisplayName', 'displayName'],
  ['groupType', '2', false, 'SecurityEnabled', 'securityEnabled'],
  ['mail', ` news@${domain} `, `news@${domain}`, 'Mail', 'mail'],
  ['proxyAddresses', [`SMTP:news@${domain}`, `SMTP:news@${domain} `], [`SMTP:news@${domain}`], 'ProxyAddresses'],
];

/** What Graph shows of contacts in structures. */
const structured: Readonly<Record<string, string>> = {
  streetAddress: 'addresses/0/street',
  l: 'addresses/0/city',
  st: 'addresses/0/state',
  postalCode: 'addresses/0/postalCode',
  co: 'addresses/0/countryOrRegion',
  physicalDeliveryOfficeName: 'addresses/0/officeLocation',
  telephoneNumber: 'phones/0/number',
  mobile: 'phones/1/number',
  facsimileTelephoneNumber: 'phones/2/number',
};

const names: ReadonlySet<string> = new Set(['displayName', 'mail', 'proxyAddresses', 'description']);

const contact: readonly Row[] = [
  ['displayName', 'Supplier', 'Supplier', 'DisplayName', 'displayName'],
  ['mail', ' sales@supplier.test', 'sales@supplier.test', 'Mail', 'mail'],
  ['proxyAddresses', ['SMTP:sales@supplier.test'], ['SMTP:sales@supplier.test'], 'ProxyAddresses'],
  ['description', [` ${long}`], 'a'.repeat(448), 'Description'],
  ['cn', 'supplier', 'supplier', 'Alias', 'mailNickname'],
  ...person
    .filter(([attribute]) => !names.has(attribute))
    .map(([attribute, given, expected, service, graph]): Row => {
      const path = structured[attribute] ?? graph;
      return path === undefined ? [attribute, given, expected, service] : [attribute, given, expected, service, path];
    }),
];

/** What the directory says of an object by itself, and what tests of their own look at. */
const apart: readonly string[] = [
  'cn',
  'objectSid',
  'distinguishedName',
  'pwdLastSet',
  'userCertificate',
  'userSMIMECertificate',
  'manager',
  'assistant',
  'member',
  'managedBy',
];

/** What an object is not without, in the directory or in the tenant. */
const kept: ReadonlySet<string> = new Set([
  'cn',
  'displayName',
  'sAMAccountName',
  'userPrincipalName',
  'userAccountControl',
  'countryCode',
  'groupType',
]);

let graph: World;
let sync: World;
let synced: readonly SyncedObject[];

beforeAll(async () => {
  graph = await openWorld();
  sync = await openWorld({ forest: graph.forest, target: 'syncApi' });
  const { client } = graph.forest;
  await client.add(people, { objectClass: ['organizationalUnit'] });
  await add('user', [
    ['cn', 'charles', '', ''],
    ['sAMAccountName', 'charles', '', ''],
    ['userAccountControl', '546', '', ''],
  ]);
  const links = { manager: dn('charles'), assistant: dn('charles') };
  await add('user', user, { ...links, userCertificate: certificate(graph), userSMIMECertificate: photo });
  await add('group', securityGroup, { sAMAccountName: 'engines', member: dn('ada'), managedBy: dn('charles') });
  await add('group', mailGroup, { sAMAccountName: 'news' });
  await add('contact', contact, { ...links, userCertificate: certificate(graph) });
  await run();
}, 120_000);

afterAll(async () => {
  await sync?.[Symbol.asyncDispose]();
  await graph?.[Symbol.asyncDispose]();
});

async function add(kind: Kind, rows: readonly Row[], more: Readonly<Record<string, Given>> = {}): Promise<void> {
  const given = new Map([
    ...rows.map(([attribute, value]): [string, Given] => [attribute, value]),
    ...Object.entries(more),
  ]);
  await graph.forest.client.add(dn(String(given.get('cn'))), [
    new Attribute({ type: 'objectClass', values: [kind] }),
    ...[...given]
      .filter(([name]) => name !== 'cn')
      .map(([type, value]) => new Attribute({ type, values: valuesOf(value) })),
  ]);
}

function valuesOf(given: Given): string[] | Buffer[] {
  const list = [given].flat();
  return list.every((one) => Buffer.isBuffer(one)) ? list : list.map(String);
}

/** As the domain controller tells it, with none of our own reader between. */
async function read(name: string, attributes: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { searchEntries } = await graph.forest.client.search(dn(name), {
    scope: 'base',
    attributes: [...attributes],
    explicitBufferAttributes: ['objectGUID', 'objectSid'],
  });
  return { ...searchEntries[0] };
}

async function anchorOf(name: string): Promise<string> {
  const { objectGUID } = await read(name, ['objectGUID']);
  return Buffer.isBuffer(objectGUID) ? objectGUID.toString('base64') : '';
}

async function clear(name: string, rows: readonly Row[]): Promise<void> {
  const attributes = new Set(['displayName', ...rows.map(([attribute]) => attribute).filter((one) => !kept.has(one))]);
  await graph.forest.client.modify(
    dn(name),
    [...attributes].map((type) => {
      const modification = new Attribute({ type, values: [] });
      return new Change({ operation: 'replace', modification });
    }),
  );
}

async function run(): Promise<void> {
  for (const world of [graph, sync]) {
    expect(await world.cycle()).toMatchObject({ state: 'succeeded', error: null, counts: { failed: 0, held: 0 } });
  }
  synced = await readBack(sync.sandbox);
}

/** What the service holds of the object. */
function inService(displayName: string): SyncedObject {
  const found = synced.find((one) => one['DisplayName'] === displayName);
  if (found === undefined) throw new Error(`the tenant holds no ${displayName}`);
  return found;
}

/** What Graph shows of the object: `phones/0/number` at a path, each first segment selected. */
async function inGraph(
  world: World,
  set: 'users' | 'groups' | 'contacts',
  displayName: string,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, unknown>> {
  const paths = rows.flatMap(([, , , , path]) => path ?? []);
  const select = new Set(paths.map((path) => path.split('/')[0]));
  const { value } = await world.get<{ value: object[] }>(
    `/v1.0/${set}?$filter=${encodeURIComponent(`displayName eq '${displayName}'`)}&$select=${[...select].join(',')}`,
  );
  expect(value).toHaveLength(1);
  return new Map(paths.map((path) => [path, at(value[0], path.split('/'))]));
}

function at(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined || typeof value !== 'object' || value === null) return value;
  return at(Object.entries(value).find(([key]) => key === name)?.[1], rest);
}

const asText = (expected: Expected): string | readonly string[] =>
  typeof expected === 'boolean' ? String(expected) : expected;

const cases = (rows: readonly Row[]) =>
  rows.map(([attribute, given, expected, service]) => ({ attribute, given, expected, service }));

/** Of what Graph shows. */
const graphCases = (rows: readonly Row[]) =>
  rows.flatMap(([attribute, given, expected, , path]) =>
    path === undefined ? [] : [{ attribute, given, expected, path }],
  );

describe('through Graph', () => {
  describe('a user', () => {
    let shown: ReadonlyMap<string, unknown>;
    beforeAll(async () => {
      shown = await inGraph(graph, 'users', 'Ada Lovelace', user);
    });
    test.each(graphCases(user))('$attribute $given is $path $expected', ({ path, expected }) => {
      expect(shown.get(path)).toEqual(expected);
    });
  });

  describe('a security group', () => {
    let shown: ReadonlyMap<string, unknown>;
    beforeAll(async () => {
      shown = await inGraph(graph, 'groups', 'The engines', securityGroup);
    });
    test.each(graphCases(securityGroup))('$attribute $given is $path $expected', ({ path, expected }) => {
      expect(shown.get(path)).toEqual(expected);
    });
  });

  test('links are links, and the anchor is the objectGUID', async () => {
    const ada = await graph.user(`ada@${domain}`, 'id,onPremisesImmutableId,mailNickname');
    const engines = await graph.group('The engines');
    expect(ada).toMatchObject({ onPremisesImmutableId: await anchorOf('ada'), mailNickname: 'ada' });
    expect(engines).toMatchObject({ uniqueName: await anchorOf('engines'), mailEnabled: false });
    expect(await graph.get(`/v1.0/users/${String(ada?.['id'])}/manager`)).toMatchObject({ displayName: 'charles' });
    expect(await graph.members(engines?.['id'])).toEqual(['Ada Lovelace']);
  });

  test('a mail-enabled group and a contact are shown as what it does not write', async () => {
    expect(await graph.group('The news')).toBeUndefined();
    const reasons = await graph.withEngine((engine) =>
      Promise.all(['news', 'supplier'].map((name) => engine.object({ by: 'dn', value: dn(name) }))),
    );
    expect(reasons.map((one) => one?.reason?.code)).toEqual(['targetUnsupported', 'targetUnsupported']);
  });
});

describe('through the synchronization service', () => {
  const kinds: readonly (readonly [string, string, 'users' | 'groups' | 'contacts', readonly Row[]])[] = [
    ['a user', 'Ada Lovelace', 'users', user],
    ['a security group', 'The engines', 'groups', securityGroup],
    ['a mail-enabled group', 'The news', 'groups', mailGroup],
    ['a contact', 'Supplier', 'contacts', contact],
  ];
  describe.each(kinds)('%s', (_kind, displayName, set, rows) => {
    let shown: ReadonlyMap<string, unknown>;
    beforeAll(async () => {
      shown = await inGraph(sync, set, displayName, rows);
    });
    test.each(cases(rows))('$attribute $given is $service $expected', ({ service, expected }) => {
      expect(inService(displayName)[service]).toEqual(asText(expected));
    });
    test.each(graphCases(rows))('$attribute $given is in Graph $path $expected', ({ path, expected }) => {
      expect(shown.get(path)).toEqual(expected);
    });
  });

  test('certificates are bytes', () => {
    const expected = { UserCertificate: [certificate(graph).toString('base64')] };
    expect(inService('Ada Lovelace')).toMatchObject({
      ...expected,
      UserSMIMECertificate: [photo.toString('base64')],
    });
    expect(inService('Supplier')).toMatchObject(expected);
  });

  test('what the directory says of an account itself', async () => {
    const { objectSid, pwdLastSet } = await read('ada', ['objectSid', 'pwdLastSet']);
    // FILETIME: 100 ns since 1601.
    const changed = new Date(Number(pwdLastSet) / 10_000 - 11_644_473_600_000).toISOString();
    expect(inService('Ada Lovelace')).toMatchObject({
      SourceAnchor: await anchorOf('ada'),
      OnPremiseSecurityIdentifier: Buffer.isBuffer(objectSid) ? objectSid.toString('base64') : '',
      OnPremisesDistinguishedName: dn('ada'),
      DnsDomainName: domain,
      NetBiosName: 'CORP',
      LastPasswordChangeTimestamp: `${changed.slice(0, 19).replaceAll(/\D/g, '')}.0Z`,
    });
  });

  test('links name the anchors of what they lead to', async () => {
    const charles = await anchorOf('charles');
    expect(inService('Ada Lovelace')).toMatchObject({ Manager: charles, Assistant: charles });
    expect(inService('Supplier')).toMatchObject({ Manager: charles, Assistant: charles });
    expect(inService('The engines')).toMatchObject({ Member: [await anchorOf('ada')], ManagedBy: charles });
  });
});

test('a user without names has those of the account', async () => {
  const expected = { displayName: 'charles', userPrincipalName: `charles@${domain}`, accountEnabled: false };
  for (const world of [graph, sync]) {
    expect(await world.user(`charles@${domain}`)).toMatchObject(expected);
  }
});

test.each([
  ['user', 'ada', user],
  ['group', 'engines', [...securityGroup, ...mailGroup]],
  ['contact', 'supplier', contact],
] as const)('no default mapping of a %s is left out that this schema has', async (kind, name, rows) => {
  const { allowedAttributes } = await read(name, ['allowedAttributes']);
  const allowed = new Set([allowedAttributes].flat().map((one) => String(one).toLowerCase()));
  expect(allowed.size).toBeGreaterThan(100);
  const sources = Object.values(defaultMappings[kind]).flatMap((expression) =>
    [...expression.matchAll(/\[([\w-]+)\]/g)].map(([, attribute = '']) => attribute),
  );
  const links = defaultReferences[kind].map(({ source }) => source);
  const shown = new Set([...rows.map(([attribute]) => attribute), ...apart]);
  expect([...sources, ...links].filter((one) => allowed.has(one.toLowerCase()) && !shown.has(one))).toEqual([]);
});

test('the service takes every default mapping as what it is, a value or a link', () => {
  const kinds: readonly Kind[] = ['user', 'group', 'contact'];
  const wrong = kinds.flatMap((kind) => {
    const taken = properties.filter((property) => property.kinds.has(kind));
    const values = new Set(taken.filter(({ type }) => type !== 'reference').map(({ name }) => name));
    const links = new Map(taken.filter(({ type }) => type === 'reference').map(({ name, many }) => [name, many]));
    return [
      ...Object.keys(defaultMappings[kind]).filter((target) => !values.has(target)),
      ...defaultReferences[kind]
        .filter(({ target, single }) => links.get(target) !== !single)
        .map(({ target }) => target),
    ];
  });
  // Graph's alone: the service makes it of the addresses.
  expect(wrong).toEqual(['mailEnabled']);
});

describe('cleared in the directory', () => {
  beforeAll(async () => {
    await clear('ada', user);
    await clear('engines', securityGroup);
    // Without an address it would take no part.
    await clear(
      'supplier',
      contact.filter(([attribute]) => attribute !== 'mail'),
    );
    await run();
  });

  test('what a user had is empty in Graph, whichever way it came', async () => {
    const cleared = user.filter(([attribute]) => !kept.has(attribute));
    for (const world of [graph, sync]) {
      const shown = await inGraph(world, 'users', 'ada', cleared);
      expect([...shown].filter(([, value]) => (value ?? null) !== null)).toEqual([]);
      expect(shown.size).toBeGreaterThan(15);
    }
  });

  test.each([
    ['ada', user],
    ['engines', securityGroup],
    ['supplier', contact.filter(([attribute]) => attribute !== 'mail')],
  ] as const)('what %s had is gone from the service', (name, rows) => {
    const object = inService(name);
    const left = rows.filter(([attribute, , , service]) => !kept.has(attribute) && object[service] !== undefined);
    expect(left.map(([attribute]) => attribute)).toEqual([]);
  });

  test('the country code of a user stays, as its rule says', () => {
    expect(inService('ada')['CountryCode']).toBe('826');
  });
});
