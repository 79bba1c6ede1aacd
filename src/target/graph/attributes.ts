import type { ExtensionDefinition } from '../extension.ts';
import type { AttributeSupport, KindSupport } from '../target.ts';
import type { GraphOptions } from './options.ts';

/** What a value of an attribute has to be; lengths as the property texts of Graph's own types name them. */
export type Form =
  | 'text'
  | 'flag'
  | 'userPrincipalName'
  | 'address'
  | 'nickname'
  | 'country'
  | 'language'
  | 'sid'
  | 'addresses'
  | 'extension';

export interface GraphAttribute extends AttributeSupport {
  readonly form: Form;
  readonly maxLength: number;
  /** Of a directory extension: what it was defined as. */
  readonly extension?: ExtensionDefinition;
  /** Written by Graph beta only. */
  readonly beta?: true;
}

type Row = readonly [name: string, maxLength: number, more?: Partial<GraphAttribute>];

const attribute = ([name, maxLength, more]: Row): GraphAttribute => ({
  name,
  maxLength,
  form: 'text',
  write: 'always',
  caseExact: true,
  ...more,
});

const numbered = Array.from({ length: 15 }, (_, i) => `extensionAttribute${i + 1}`);

/** By the engine's name. */
const user: Readonly<Record<string, Row>> = {
  accountEnabled: ['accountEnabled', 0, { form: 'flag', required: true }],
  displayName: ['displayName', 256, { required: true }],
  givenName: ['givenName', 64],
  surname: ['surname', 64],
  department: ['department', 64],
  title: ['jobTitle', 128],
  company: ['companyName', 64],
  mobile: ['mobilePhone', 64],
  telephoneNumber: ['businessPhones', 64],
  facsimileTelephoneNumber: ['faxNumber', 64],
  physicalDeliveryOfficeName: ['officeLocation', 128],
  streetAddress: ['streetAddress', 1024],
  city: ['city', 128],
  state: ['state', 128],
  postalCode: ['postalCode', 40],
  country: ['country', 128],
  alias: ['mailNickname', 64, { form: 'nickname', required: true }],
  userPrincipalName: ['userPrincipalName', 113, { form: 'userPrincipalName', required: true, caseExact: false }],
  mail: ['mail', 256, { form: 'address', caseExact: false }],
  employeeId: ['employeeId', 16],
  employeeType: ['employeeType', 64],
  preferredLanguage: ['preferredLanguage', 64, { form: 'language' }],
  usageLocation: ['usageLocation', 2, { form: 'country', required: true }],
  proxyAddresses: ['proxyAddresses', 1123, { form: 'addresses', write: 'never' }],
  ...Object.fromEntries(numbered.map((name): [string, Row] => [name, [`onPremisesExtensionAttributes/${name}`, 1024]])),
};

const onPremises: Readonly<Record<string, Row>> = {
  onPremisesUserPrincipalName: ['onPremisesUserPrincipalName', 1024, { beta: true, caseExact: false }],
  onPremisesSamAccountName: ['onPremisesSamAccountName', 256, { beta: true }],
  onPremisesDistinguishedName: ['onPremisesDistinguishedName', 2048, { beta: true }],
  dnsDomainName: ['onPremisesDomainName', 256, { beta: true, caseExact: false }],
  onPremiseSecurityIdentifier: ['onPremisesSecurityIdentifier', 192, { form: 'sid', beta: true }],
};

const group: Readonly<Record<string, Row>> = {
  displayName: ['displayName', 256, { required: true }],
  description: ['description', 1024],
  alias: ['mailNickname', 64, { form: 'nickname', required: true }],
  securityEnabled: ['securityEnabled', 0, { form: 'flag', write: 'create' }],
  mailEnabled: ['mailEnabled', 0, { form: 'flag', write: 'create' }],
  mail: ['mail', 256, { form: 'address', write: 'never', caseExact: false }],
  proxyAddresses: ['proxyAddresses', 1123, { form: 'addresses', write: 'never' }],
};

export interface GraphKind {
  readonly attributes: ReadonlyMap<string, GraphAttribute>;
  readonly references: ReadonlySet<string>;
  readonly keepsLast?: ReadonlySet<string>;
}

const extensionName = /^extension_[0-9a-f]{32}_[A-Za-z0-9_]+$/;

/** The attributes and references Graph takes of users and groups, under these options. */
export function graphKinds(options: GraphOptions): { readonly user: GraphKind; readonly group: GraphKind } {
  const extensions = (definitions: readonly ExtensionDefinition[] = []): Record<string, Row> =>
    Object.fromEntries(
      definitions
        .filter(({ name }) => extensionName.test(name))
        .map((extension): [string, Row] => [extension.name, [extension.name, 256, { form: 'extension', extension }]]),
    );
  const beta = Object.entries(onPremises).map(([name, [api, length, more]]): [string, Row] => [
    name,
    [api, length, { ...more, write: options.onPremisesByBeta === true ? 'always' : 'never' }],
  ]);
  return {
    user: kind({ ...user, ...Object.fromEntries(beta), ...extensions(options.directoryExtensions?.user) }, ['manager']),
    group: {
      ...kind(
        { ...group, ...extensions(options.directoryExtensions?.group) },
        options.owners === true ? ['member', 'managedBy'] : ['member'],
      ),
      keepsLast: new Set(['managedBy']),
    },
  };
}

function kind(rows: Readonly<Record<string, Row>>, references: readonly string[]): GraphKind {
  return {
    attributes: new Map(Object.entries(rows).map(([name, row]) => [name, attribute(row)])),
    references: new Set(references),
  };
}

/** Why Graph does not write what the sync API of Microsoft's own engines does. */
export function whyNot(kindName: string, { attributes }: GraphKind, name: string): string {
  if (name === 'proxyAddresses') return 'Graph only reads proxyAddresses: Exchange and the sync API write them';
  if (attributes.get(name)?.beta === true)
    return `Graph writes ${name} through its beta version only, which the configuration does not ask for`;
  if (attributes.has(name)) return `Graph only reads ${name} of a ${kindName}`;
  if (/^msExch|^legacyExchangeDN$|^targetAddress$/.test(name))
    return `${name} belongs to Exchange, and Graph does not write it`;
  return `Graph has no ${name} of a ${kindName} that an application could write`;
}

export function supportOf(kindName: string, graph: GraphKind): KindSupport {
  return { supported: true, ...graph, reason: (name) => whyNot(kindName, graph, name) };
}
