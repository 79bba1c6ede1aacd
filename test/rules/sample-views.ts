import { type Configuration, checkConfiguration } from '../../src/config/index.ts';
import {
  type ConnectorName,
  connectorName,
  type Dn,
  domainDn,
  type ObjectGuid,
  type ObjectKind,
  objectKinds,
  parseObjectGuid,
  type SourceAttributes,
} from '../../src/model/index.ts';
import {
  defaultMappings,
  defaultReferences,
  type KindTaken,
  type Rules,
  type SourceView,
  type TargetSupport,
} from '../../src/rules/index.ts';

/** Source objects, configurations and targets for the tests of the rules. */

const forests = [
  { name: 'contoso', domains: [{ name: 'corp.contoso.test', ldif: 'a.ldf' }] },
  { name: 'fabrikam', domains: [{ name: 'fabrikam.test', ldif: 'b.ldf' }] },
];

export const contoso: ConnectorName = connectorName('contoso', 'corp.contoso.test');
export const fabrikam: ConnectorName = connectorName('fabrikam', 'fabrikam.test');

/** A configuration of two forests; `scope` is the first one's. */
export function sampleConfiguration({ scope, ...more }: Readonly<Record<string, unknown>> = {}): Configuration {
  const [first, ...others] = forests;
  const text = JSON.stringify({
    version: 1,
    tenant: { id: 'contoso.test', cloud: 'sandbox' },
    forests: [{ ...first, ...(scope === undefined ? {} : { scope }) }, ...others],
    objects: objectKinds,
    ...more,
  });
  const { document, errors } = checkConfiguration('sample.json', text);
  if (document === undefined) throw errors[0];
  return document;
}

/** A target that takes everything there is a default for, and these besides. */
export function takingEverything(further: readonly string[] = []): TargetSupport {
  const of = (kind: ObjectKind): KindTaken => ({
    supported: true,
    attributes: new Set([...Object.keys(defaultMappings[kind]), ...further]),
    references: new Set(defaultReferences[kind].map(({ target }) => target)),
    reason: (attribute) => `there is no ${attribute}`,
  });
  return { user: of('user'), group: of('group'), contact: of('contact'), device: of('device') };
}

export function guidOf(n: number): ObjectGuid {
  const guid = parseObjectGuid(`00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`);
  if (guid === undefined) throw new Error('not a GUID');
  return guid;
}

export interface SampleObject {
  readonly n?: number;
  readonly connector?: ConnectorName;
  readonly dn?: string;
  readonly scopingGroups?: readonly string[];
}

/** An object as it would be read: `cn` makes its DN. */
export function sampleView(kind: ObjectKind, attributes: SourceAttributes, object: SampleObject = {}): SourceView {
  const { n = 1, connector = contoso, scopingGroups = [] } = object;
  const [forest = '', fqdn = ''] = connector.split('/');
  const dn = (object.dn ?? `CN=${String(attributes['cn']?.[0] ?? 'x')},OU=People,${domainDn(fqdn)}`) as Dn;
  return {
    connector,
    domain: { fqdn, netbios: fqdn.split('.')[0]?.toUpperCase() ?? '', forest },
    guid: guidOf(n),
    kind,
    dn,
    attributes: { distinguishedName: [dn], ...attributes },
    scopingGroups,
  };
}

/** What is mapped of objects, without what is empty. */
export function mappedValues(
  rules: Rules,
  kind: ObjectKind,
  ...sources: readonly SourceView[]
): Readonly<Record<string, unknown>> {
  const { values, errors } = rules.map(kind, sources);
  const [error] = errors;
  if (error !== undefined) throw new Error(error.message);
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, { value }]) => (value === null ? [] : [[name, value]])),
  );
}
