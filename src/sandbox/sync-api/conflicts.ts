import { randomInt } from 'node:crypto';
import { type DirectoryObject, type PropertyValue, texts } from '../directory/index.ts';
import type { SyncContext } from './context.ts';
import { ObjectFailure } from './faults.ts';
import { hasFeature } from './features.ts';
import type { SyncKind } from './kinds.ts';
import { isStructure } from './values.ts';

/** The names under which an object is to be known. */
export interface Names {
  readonly userPrincipalName: string | undefined;
  readonly proxyAddresses: readonly string[];
}

/** Names that an object has, and those set aside since another has them: looked at again every hour. */
export interface Settled extends Names {
  readonly quarantine: Quarantine | undefined;
}

export interface Quarantine {
  readonly userPrincipalName?: string;
  readonly proxyAddresses?: readonly string[];
}

const addressed: readonly SyncKind[] = ['user', 'group', 'contact'];

/**
 * Duplicate attribute resiliency: a name or address that another object has is set aside, where the tenant's features
 * say so, and the user gets a name of the tenant's own; else the object is refused.
 */
export function settleNames(context: SyncContext, kind: SyncKind, names: Names, self: number | undefined): Settled {
  const { directory } = context;
  const { userPrincipalName } = names;
  const taken =
    userPrincipalName !== undefined &&
    kind === 'user' &&
    isTaken(context, 'userPrincipalName', userPrincipalName, self);
  const duplicates = addressed.includes(kind)
    ? names.proxyAddresses.filter((address) => isTaken(context, 'proxyAddresses', address, self))
    : [];
  if (taken && !hasFeature(directory, 'duplicateUpnResiliency'))
    throw notUnique('UserPrincipalName', userPrincipalName);
  if (duplicates.length > 0 && !hasFeature(directory, 'duplicateProxyAddressResiliency'))
    throw notUnique('ProxyAddresses', duplicates.join(', '));
  const quarantine = {
    ...(taken ? { userPrincipalName } : {}),
    ...(duplicates.length === 0 ? {} : { proxyAddresses: duplicates }),
  };
  return {
    userPrincipalName: taken ? replacementName(context, userPrincipalName) : userPrincipalName,
    proxyAddresses: names.proxyAddresses.filter((address) => !duplicates.includes(address)),
    quarantine: Object.keys(quarantine).length === 0 ? undefined : quarantine,
  };
}

function isTaken({ directory, profile }: SyncContext, name: string, value: string, self: number | undefined): boolean {
  if (!profile().uniqueness) return false;
  return directory.objects.byKey(name, value).some(({ number, state }) => state === 'live' && number !== self);
}

/** `prefix` and four digits, in the tenant's initial domain. */
function replacementName(context: SyncContext, userPrincipalName: string): string {
  const prefix = userPrincipalName.split('@')[0] ?? userPrincipalName;
  for (;;) {
    const name = `${prefix}${randomInt(1000, 10_000)}@${initialDomain(context)}`;
    if (!isTaken(context, 'userPrincipalName', name, undefined)) return name;
  }
}

export function initialDomain({ directory }: SyncContext): string {
  return directory.domains.list().find(({ initial }) => initial)?.name ?? 'sandbox.onmicrosoft.com';
}

export function notUnique(property: string, value: string): ObjectFailure {
  return new ObjectFailure('AttributeValueMustBeUnique', uniquenessText(property, value));
}

export function uniquenessText(property: string, value: string): string {
  return `Unable to update this object because the following attributes associated with this object have values that may already be associated with another object in your local directory services: [${property} ${value};]. Correct or remove the duplicate values in your local directory.`;
}

/** What a partial write says of itself. */
export function quarantineText({ userPrincipalName, proxyAddresses }: Quarantine): string {
  const named = [
    ...(userPrincipalName === undefined ? [] : [`UserPrincipalName ${userPrincipalName};`]),
    ...(proxyAddresses === undefined ? [] : [`ProxyAddresses ${proxyAddresses.join(', ')};`]),
  ];
  return `QuarantinedAttributeValueMustBeUnique: the object was updated, and these values, which another object has, were set aside: [${named.join(' ')}]`;
}

/** How Graph shows it. */
export function provisioningErrors(quarantine: Quarantine | undefined, at: string): PropertyValue | null {
  if (quarantine === undefined) return null;
  const error = (propertyCausingError: string, value: string): PropertyValue => ({
    category: 'PropertyConflict',
    occurredDateTime: at,
    propertyCausingError,
    value,
  });
  const { userPrincipalName, proxyAddresses = [] } = quarantine;
  return [
    ...(userPrincipalName === undefined ? [] : [error('UserPrincipalName', userPrincipalName)]),
    ...proxyAddresses.map((address) => error('ProxyAddresses', address)),
  ];
}

export function quarantineOf({ properties }: DirectoryObject): Quarantine | undefined {
  const stored = properties['quarantine'];
  if (!isStructure(stored)) return undefined;
  const { userPrincipalName, proxyAddresses } = stored;
  const addresses = texts(proxyAddresses ?? undefined);
  return {
    ...(typeof userPrincipalName === 'string' ? { userPrincipalName } : {}),
    ...(addresses.length > 0 ? { proxyAddresses: addresses } : {}),
  };
}
