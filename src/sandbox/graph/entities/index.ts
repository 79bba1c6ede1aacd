import type { DirectoryKind } from '../../directory/index.ts';
import { groupRules } from './group.ts';
import {
  applicationRules,
  contactRules,
  deviceRules,
  directoryRoleRules,
  extensionPropertyRules,
  servicePrincipalRules,
} from './others.ts';
import type { EntityRules } from './rules.ts';
import { userRules } from './user.ts';

/** How Graph calls a kind of object. */
export interface Entity {
  readonly kind: DirectoryKind;
  /** `orgContact`, as in `#microsoft.graph.orgContact`. */
  readonly type: string;
  /** `contacts`, as in `$metadata#contacts`. */
  readonly set: string;
  /** As errors call it: `resource 'User'`. */
  readonly resource: string;
  readonly rules: EntityRules;
}

function entityOf(kind: DirectoryKind, type: string, set: string, rules: EntityRules): Entity {
  return { kind, type, set, resource: `${type.charAt(0).toUpperCase()}${type.slice(1)}`, rules };
}

export const entities: Readonly<Record<DirectoryKind, Entity>> = {
  user: entityOf('user', 'user', 'users', userRules),
  group: entityOf('group', 'group', 'groups', groupRules),
  contact: entityOf('contact', 'orgContact', 'contacts', contactRules),
  device: entityOf('device', 'device', 'devices', deviceRules),
  application: entityOf('application', 'application', 'applications', applicationRules),
  servicePrincipal: entityOf('servicePrincipal', 'servicePrincipal', 'servicePrincipals', servicePrincipalRules),
  directoryRole: entityOf('directoryRole', 'directoryRole', 'directoryRoles', directoryRoleRules),
  extensionProperty: entityOf('extensionProperty', 'extensionProperty', 'extensionProperties', extensionPropertyRules),
};

const byType = new Map(Object.values(entities).map((entity) => [entity.type.toLowerCase(), entity]));

/** From `microsoft.graph.user`, `#microsoft.graph.user`, `graph.user` or `user`, in any case. */
export function entityOfType(name: string): Entity | undefined {
  return byType.get(name.replace(/^#?(microsoft\.)?graph\./i, '').toLowerCase());
}

export type { EntityRules, PropertyRule } from './rules.ts';
export { objectIdentifier } from './user.ts';
