import type { ObjectKind } from '../../model/index.ts';
import { type Property, properties } from '../../wire/index.ts';
import type { AttributeSupport, KindSupport } from '../target.ts';
import type { SyncApiOptions } from './options.ts';

export interface SyncKind {
  /** By the engine's name, which is the service's own. */
  readonly attributes: ReadonlyMap<string, AttributeSupport>;
  readonly properties: ReadonlyMap<string, Property>;
  /** Directory extensions: of the type their mapping has. */
  readonly extensions: ReadonlySet<string>;
  readonly references: ReadonlySet<string>;
}

/** What the cloud tells of itself, and the names of objects, which are no attributes. */
const told = /^(cloud[A-Z]|cloudMastered$|sourceAnchor$|dirSyncOverrides$|isCompliant$|isManaged$|approximateLast)/;

/** Names and addresses are the same in any case; whether an address is the primary one is said by the case of its prefix. */
const caseless: ReadonlySet<string> = new Set([
  'userPrincipalName',
  'onPremisesUserPrincipalName',
  'mail',
  'dnsDomainName',
]);

/** A user is not without these: no value leaves what is there. */
const required: ReadonlySet<string> = new Set(['userPrincipalName', 'accountEnabled', 'securityEnabled', 'deviceId']);

const extensionName = /^extension_[0-9a-f]{32}_[A-Za-z0-9_]+$/;

export function syncKind(kind: ObjectKind, { directoryExtensions }: SyncApiOptions): SyncKind {
  const own = properties.filter(({ name, kinds }) => kinds.has(kind) && !told.test(name));
  const values = own.filter(({ type }) => type !== 'reference');
  const named = kind === 'user' || kind === 'group' ? (directoryExtensions?.[kind] ?? []) : [];
  const extensions = named.filter((name) => extensionName.test(name));
  const support = (name: string): [string, AttributeSupport] => [
    name,
    {
      name,
      write: 'always',
      caseExact: !caseless.has(name),
      ...(required.has(name) ? { required: true } : {}),
    },
  ];
  return {
    attributes: new Map([...values.map(({ name }) => support(name)), ...extensions.map(support)]),
    properties: new Map(values.map((property) => [property.name, property])),
    extensions: new Set(extensions),
    references: new Set(own.filter(({ type }) => type === 'reference').map(({ name }) => name)),
  };
}

export function supportOf(kind: ObjectKind, { attributes, references }: SyncKind): KindSupport {
  return {
    supported: true,
    attributes,
    references,
    reason: (attribute) =>
      told.test(attribute)
        ? `${attribute} is what the tenant tells of a ${kind}, and nobody writes it`
        : `the synchronization service has no ${attribute} of a ${kind}`,
  };
}
