import { objectGuidFromBytes, sidFromBytes } from '../../model/index.ts';
import type { PropertyChanges, PropertyValue } from '../directory/index.ts';
import type { SyncKind } from './kinds.ts';
import { type GivenValue, isChanges, type SyncValue } from './values.ts';

/** How Graph calls what synchronization writes under a name of its own. */
const renamed: Readonly<Record<SyncKind, Readonly<Record<string, string>>>> = {
  user: {
    title: 'jobTitle',
    company: 'companyName',
    mobile: 'mobilePhone',
    facsimileTelephoneNumber: 'faxNumber',
    physicalDeliveryOfficeName: 'officeLocation',
    alias: 'mailNickname',
    dnsDomainName: 'onPremisesDomainName',
  },
  group: { alias: 'mailNickname', dnsDomainName: 'onPremisesDomainName', netBiosName: 'onPremisesNetBiosName' },
  contact: { title: 'jobTitle', company: 'companyName', alias: 'mailNickname' },
  device: { deviceOSType: 'operatingSystem', deviceOSVersion: 'operatingSystemVersion', deviceTrustType: 'trustType' },
};

/** What Graph shows under the same name. */
const same: Readonly<Record<SyncKind, ReadonlySet<string>>> = {
  user: new Set([
    'accountEnabled',
    'displayName',
    'givenName',
    'surname',
    'department',
    'streetAddress',
    'city',
    'state',
    'postalCode',
    'country',
    'employeeId',
    'employeeType',
    'preferredLanguage',
    'usageLocation',
    'userType',
    'onPremisesUserPrincipalName',
    'onPremisesSamAccountName',
    'onPremisesDistinguishedName',
  ]),
  group: new Set(['displayName', 'description', 'securityEnabled', 'onPremisesSamAccountName']),
  contact: new Set(['displayName', 'givenName', 'surname', 'department']),
  device: new Set(['displayName', 'accountEnabled']),
};

/** What Graph shows of the properties of one write, address and name aside: those have rules of their own. */
export function shownChanges(kind: SyncKind, given: ReadonlyMap<string, GivenValue>): PropertyChanges {
  const changes: Record<string, PropertyValue | null> = {};
  const extensions: Record<string, PropertyValue | null> = {};
  for (const [name, value] of given) {
    if (isChanges(value)) continue;
    const graphName = renamed[kind][name] ?? (same[kind].has(name) ? name : undefined);
    if (graphName !== undefined) changes[graphName] = value;
    else if (/^extensionAttribute\d+$/.test(name)) extensions[name] = value;
    else if (/^extension_/i.test(name)) changes[name] = value;
    else Object.assign(changes, special(kind, name, value));
  }
  if ((kind === 'user' || kind === 'group') && Object.keys(extensions).length > 0)
    changes['onPremisesExtensionAttributes'] = extensions;
  return changes;
}

function special(kind: SyncKind, name: string, value: SyncValue | null): PropertyChanges {
  switch (name) {
    case 'telephoneNumber':
      return kind === 'user' ? { businessPhones: value === null ? null : [String(value)] } : {};
    case 'onPremiseSecurityIdentifier':
      return { onPremisesSecurityIdentifier: value === null ? null : (sidText(value) ?? null) };
    case 'deviceId':
      return kind === 'device' && value !== null ? { deviceId: guidText(value) ?? null } : {};
    case 'lastPasswordChangeTimestamp':
      return kind === 'user' ? { lastPasswordChangeDateTime: generalizedTime(value) ?? null } : {};
    default:
      return {};
  }
}

const bytesOf = (value: SyncValue): Uint8Array => Buffer.from(typeof value === 'string' ? value : '', 'base64');

export function sidText(value: SyncValue): string | undefined {
  return sidFromBytes(bytesOf(value));
}

export function guidText(value: SyncValue): string | undefined {
  return objectGuidFromBytes(bytesOf(value));
}

/** `yyyyMMddHHmmss.0Z`. */
function generalizedTime(value: SyncValue | null): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(typeof value === 'string' ? value : '');
  return parts === null ? undefined : `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`;
}

/** A contact's numbers and place, which Graph shows in structures, from all that is known of it. */
export function contactDetails(sync: Readonly<Record<string, PropertyValue>>): PropertyChanges {
  const phones = [
    ['business', sync['telephoneNumber']],
    ['mobile', sync['mobile']],
    ['businessFax', sync['facsimileTelephoneNumber']],
  ].flatMap(([type, number]) => (typeof type === 'string' && typeof number === 'string' ? [{ type, number }] : []));
  const address = Object.fromEntries(
    [
      ['city', sync['city']],
      ['countryOrRegion', sync['country']],
      ['officeLocation', sync['physicalDeliveryOfficeName']],
      ['postalCode', sync['postalCode']],
      ['state', sync['state']],
      ['street', sync['streetAddress']],
    ].flatMap(([name, value]) => (typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [])),
  );
  return {
    phones: phones.length === 0 ? null : phones,
    addresses: Object.keys(address).length === 0 ? null : [address],
  };
}
