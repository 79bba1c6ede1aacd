/** A made-up domain of any size, the same for the same seed, as LDIF. */
export const domain = 'volume.contoso.test';
export const baseDn = 'DC=volume,DC=contoso,DC=test';
const configuration = `CN=Configuration,${baseDn}`;
const service = `CN=NTDS Settings,CN=Servers,${configuration}`;

export const rootDse = `dn:
objectClass: top
defaultNamingContext: ${baseDn}
configurationNamingContext: ${configuration}
schemaNamingContext: CN=Schema,${configuration}
dsServiceName: ${service}
highestCommittedUSN: 1000
`;

/** What a sync reads of a user: 24 attributes, three of them bytes, two with several values. */
export const userAttributes: readonly string[] = [
  'objectClass',
  'cn',
  'objectGUID',
  'objectSid',
  'uSNChanged',
  'sAMAccountName',
  'userPrincipalName',
  'displayName',
  'givenName',
  'sn',
  'mail',
  'proxyAddresses',
  'telephoneNumber',
  'title',
  'department',
  'company',
  'physicalDeliveryOfficeName',
  'l',
  'co',
  'employeeID',
  'userAccountControl',
  'mS-DS-ConsistencyGuid',
  'whenCreated',
  'manager',
];

export interface Size {
  readonly users: number;
  readonly groups?: number;
  /** Each in one group. */
  readonly links?: number;
  readonly seed?: number;
}

const first = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Zoë', 'Jürgen', 'Søren', 'Łukasz', 'Marie', '健', 'Noor'];
const last = ['Lovelace', 'Hopper', 'Dijkstra', 'Liskov', 'Turing', 'Müller', 'Ångström', 'Curie', '山田', 'Haddad'];
const departments = ['Research', 'Engines', 'Sales', 'Finance', 'Facilities', 'Legal', 'Support', 'Board'];
const cities = ['Zürich', 'London', 'Oslo', 'Kyōto', 'Austin', 'Amman', 'Łódź', 'Lisboa'];

/** Records in pieces of some hundred kilobytes. */
export function* domainLdif({ users, groups = 0, links = 0, seed = 1 }: Size): Generator<string> {
  yield frame();
  const random = generator(seed);
  let piece: string[] = [];
  for (let i = 0; i < users; i += 1) {
    piece.push(user(i, random));
    if (piece.length < 500) continue;
    yield piece.join('');
    piece = [];
  }
  const each = groups === 0 ? 0 : Math.floor(links / groups);
  for (let g = 0; g < groups; g += 1)
    piece.push(
      group(
        g,
        Array.from({ length: each }, (_, m) => (g * each + m) % users),
      ),
    );
  yield piece.join('');
}

export const userDn = (i: number): string => `CN=user${i},OU=Unit${i % 50},OU=People,${baseDn}`;

function user(i: number, random: () => number): string {
  const pick = (list: readonly string[]): string => list[random() % list.length] ?? '';
  const given = pick(first);
  const family = pick(last);
  const name = `user${i}`;
  return `dn: ${userDn(i)}
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: user
cn: ${name}
objectGUID:: ${guid(1, i)}
objectSid:: ${sid(i)}
uSNChanged: ${100 + (i % 900)}
sAMAccountName: ${name}
userPrincipalName: ${name}@${domain}
displayName:: ${base64(`${given} ${family}`)}
givenName:: ${base64(given)}
sn:: ${base64(family)}
mail: ${name}@${domain}
proxyAddresses: SMTP:${name}@${domain}
proxyAddresses: smtp:u${i}@mail.contoso.test
proxyAddresses: X500:/o=Contoso/ou=Exchange/cn=Recipients/cn=${name}
telephoneNumber: +41 44 ${1_000_000 + (random() % 9_000_000)}
title: Engineer
department: ${pick(departments)}
company: Contoso
physicalDeliveryOfficeName: ${1 + (random() % 9)}.${100 + (random() % 300)}
l:: ${base64(pick(cities))}
co: Switzerland
employeeID: ${100_000 + i}
userAccountControl: 512
mS-DS-ConsistencyGuid:: ${guid(2, i)}
whenCreated: 20240${1 + (i % 9)}15120000.0Z
manager: ${userDn(i - (i % 100))}

`;
}

function group(g: number, members: readonly number[]): string {
  return `dn: CN=group${g},OU=Groups,${baseDn}
objectClass: top
objectClass: group
cn: group${g}
objectGUID:: ${guid(3, g)}
objectSid:: ${sid(5_000_000 + g)}
uSNChanged: 500
sAMAccountName: group${g}
groupType: -2147483646
${members.map((m) => `member: ${userDn(m)}\n`).join('')}
`;
}

function frame(): string {
  const entry = (dn: string, objectClass: string, more = ''): string => {
    const [, type = '', value = ''] = /^(\w+)=([^,]+)/.exec(dn) ?? [];
    return `dn: ${dn}\nobjectClass: top\nobjectClass: ${objectClass}\n${type.toLowerCase()}: ${value}\n${more}\n`;
  };
  const units = [
    `OU=People,${baseDn}`,
    `OU=Groups,${baseDn}`,
    ...Array.from({ length: 50 }, (_, i) => `OU=Unit${i},OU=People,${baseDn}`),
  ];
  return [
    entry(baseDn, 'domainDNS', `objectGUID:: ${guid(4, 0)}\nobjectSid:: ${sid(0)}\n`),
    entry(configuration, 'settings'),
    entry(`CN=Servers,${configuration}`, 'settings'),
    entry(service, 'nTDSDSA', `invocationId:: ${guid(5, 1)}\n`),
    entry(`CN=Schema,${configuration}`, 'settings'),
    entry(`CN=Partitions,${configuration}`, 'settings'),
    entry(`CN=VOLUME,CN=Partitions,${configuration}`, 'crossRef', `nCName: ${baseDn}\nnETBIOSName: VOLUME\n`),
    entry(`CN=Services,${configuration}`, 'settings'),
    entry(`CN=Windows NT,CN=Services,${configuration}`, 'settings'),
    entry(`CN=Directory Service,CN=Windows NT,CN=Services,${configuration}`, 'nTDSService', 'tombstoneLifetime: 180\n'),
    ...units.map((dn, i) => entry(dn, 'organizationalUnit', `objectGUID:: ${guid(4, 1 + i)}\n`)),
  ].join('');
}

function guid(kind: number, i: number): string {
  const bytes = Buffer.alloc(16, kind);
  bytes.writeUInt32LE(i, 0);
  bytes.writeUInt32BE(Math.imul(i + 1, 2_654_435_761) >>> 0, 8);
  return bytes.toString('base64');
}

function sid(i: number): string {
  const bytes = Buffer.from('010500000000000515000000010203040506070801020304', 'hex');
  const all = Buffer.concat([bytes, Buffer.alloc(4)]);
  all.writeUInt32LE(1000 + i, 24);
  return all.toString('base64');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** 31-bit numbers of a small linear generator. */
function generator(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 1;
  };
}
