import { type ObjectKind, objectKinds, type TenantAttributes, type TenantValue } from '../../model/index.ts';
import type { TargetProfile } from '../target.ts';
import { type SyncKind, supportOf, syncKind } from './attributes.ts';
import { normalizeValue } from './normalize.ts';
import { defaultMembersPerGroup, type SyncApiOptions } from './options.ts';

export type SyncKinds = Readonly<Record<ObjectKind, SyncKind>>;

export function syncKinds(options: SyncApiOptions): SyncKinds {
  return {
    user: syncKind('user', options),
    group: syncKind('group', options),
    contact: syncKind('contact', options),
    device: syncKind('device', options),
  };
}

/** Members of one operation: thirty of them in one request are half of the links a tenant takes at once. */
const membersPerWrite = 500;

/** What the synchronization service can be told: all four kinds, with all that the default mappings make of them. */
export function syncApiProfile(options: SyncApiOptions = {}): TargetProfile {
  const kinds = syncKinds(options);
  const [user, group, contact, device] = objectKinds.map((kind) => supportOf(kind, kinds[kind]));
  if (user === undefined || group === undefined || contact === undefined || device === undefined)
    throw new Error('a kind is missing');
  return {
    name: 'syncApi',
    kinds: { user, group, contact, device },
    membersPerWrite,
    membersPerGroup: options.membersPerGroup ?? defaultMembersPerGroup,
    wholeObjects: true,
    resendSafe: true,
    writable: (kind, attributes) => {
      const reason = unwritable(kind, attributes);
      return reason === undefined ? { writable: true } : { writable: false, reason };
    },
    normalize(kind, attribute, value) {
      const property = kinds[kind].properties.get(attribute);
      if (property !== undefined) return normalizeValue(property, value);
      if (kinds[kind].extensions.has(attribute)) return { value: extensionValue(value) };
      return { problem: 'the synchronization service has no such attribute' };
    },
  };
}

/** A directory extension has the type of the value that its mapping gives. */
function extensionValue(value: TenantValue): TenantValue {
  if (value === '') return null;
  if (Array.isArray(value)) return value.length === 0 ? null : [...new Set(value)].sort();
  return value;
}

function unwritable(kind: ObjectKind, attributes: TenantAttributes): string | undefined {
  switch (kind) {
    case 'group':
      return attributes['securityEnabled'] === true || hasMail(attributes)
        ? undefined
        : 'a group that is neither a security group nor has an address has no place in the tenant';
    case 'device':
      return attributes['userCertificate'] === undefined || attributes['userCertificate'] === null
        ? 'a computer without userCertificate has not registered itself, and the tenant takes none of those'
        : undefined;
    default:
      return undefined;
  }
}

function hasMail({ mailEnabled, mail, proxyAddresses }: TenantAttributes): boolean {
  return mailEnabled === true || typeof mail === 'string' || Array.isArray(proxyAddresses);
}
