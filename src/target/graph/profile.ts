import type { ObjectKind, TenantAttributes } from '../../model/index.ts';
import type { TargetProfile } from '../target.ts';
import { graphKinds, supportOf } from './attributes.ts';
import { normalizeValue } from './normalize.ts';
import type { GraphOptions } from './options.ts';

/** A `members@odata.bind` takes so many. */
export const membersPerWrite = 20;

export function graphProfile(options: GraphOptions = {}): TargetProfile {
  const kinds = graphKinds(options);
  const attributeOf = (kind: ObjectKind, attribute: string) =>
    kind === 'user' || kind === 'group' ? kinds[kind].attributes.get(attribute) : undefined;
  return {
    name: 'graph',
    kinds: {
      user: supportOf('user', kinds.user),
      group: supportOf('group', kinds.group),
      contact: {
        supported: false,
        reason: 'Microsoft Graph only reads mail contacts; the target syncApi or Exchange writes them',
      },
      device: {
        supported: false,
        reason: 'Microsoft Graph registers no devices of a directory; the target syncApi does',
      },
    },
    membersPerWrite,
    wholeObjects: false,
    writable: (kind, attributes) => (kind === 'group' ? writableGroup(attributes) : { writable: true }),
    normalize(kind, attribute, value) {
      const known = attributeOf(kind, attribute);
      return known === undefined ? { problem: 'the tenant has no such attribute' } : normalizeValue(known, value);
    },
  };
}

/** Graph makes security groups and Microsoft 365 groups, and a group of AD is never the latter. */
function writableGroup({ mailEnabled, securityEnabled }: TenantAttributes): ReturnType<TargetProfile['writable']> {
  if (mailEnabled === true)
    return {
      writable: false,
      reason: `Microsoft Graph writes no ${securityEnabled === true ? 'mail-enabled security groups' : 'distribution groups'}; the target syncApi or Exchange does`,
    };
  if (securityEnabled === false)
    return {
      writable: false,
      reason: 'Microsoft Graph makes no group that is neither a security nor a Microsoft 365 group',
    };
  return { writable: true };
}
