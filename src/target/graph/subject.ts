import type { TenantAttributes, TenantValue } from '../../model/index.ts';
import type { Operation } from '../target.ts';
import type { Subject } from './classify.ts';
import type { GraphContext } from './context.ts';
import { pathOf } from './reader.ts';
import { isWritten } from './tenant-object.ts';

const writes = {
  user: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  group: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  members: ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
} as const;

const reads: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\/(v1\.0\/)?users|\.user/, ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All']],
  [/^\/(v1\.0\/)?groups|\.group/, ['Group.Read.All', 'Group.ReadWrite.All', 'Directory.Read.All']],
  [/directoryRoles/, ['RoleManagement.Read.Directory', 'Directory.Read.All']],
  [/organization/, ['Organization.Read.All', 'Directory.Read.All']],
  [/extensionProperties/, ['Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All']],
];

/** What a refused read is about. */
export function readSubject(what: string): Subject {
  const object = pathOf({ method: 'GET', path: what });
  return {
    object,
    attributeOf: () => undefined,
    valueOf: () => undefined,
    limitOf: () => undefined,
    permissions: reads.find(([pattern]) => pattern.test(object))?.[1] ?? ['Directory.Read.All'],
    permitted: false,
  };
}

/** What a refused write is about; `roles` are the permissions of the token. */
export function writeSubject(
  context: Pick<GraphContext, 'kinds'>,
  operation: Operation,
  roles: readonly string[],
): Subject {
  const { kind } = operation.object;
  const graph = isWritten(kind) ? context.kinds[kind] : undefined;
  const values = valuesOf(operation);
  const attributeOf = (given: string | undefined): string | undefined => {
    // Graph takes addresses by `mail` alone, and names the list that it becomes the first of.
    const property = given === 'proxyAddresses' ? 'mail' : given;
    if (property === undefined || graph === undefined) return property;
    for (const [name, { name: api }] of graph.attributes)
      if (api === property || api.split('/').at(-1) === property) return name;
    return property;
  };
  const permissions =
    operation.type === 'addMembers' || operation.type === 'removeMember'
      ? writes.members
      : kind === 'group'
        ? writes.group
        : writes.user;
  return {
    object: labelOf(operation),
    attributeOf,
    valueOf(property) {
      const name = attributeOf(property);
      const value = name === undefined ? undefined : values[name];
      return typeof value === 'string' ? value : undefined;
    },
    limitOf(property) {
      const limit = graph?.attributes.get(attributeOf(property) ?? '')?.maxLength;
      return limit === 0 ? undefined : limit;
    },
    permissions,
    permitted: permissions.some((permission) => roles.includes(permission)),
  };
}

/** What an operation gives the object. */
export function valuesOf(operation: Operation): TenantAttributes {
  if (operation.type === 'create') return operation.attributes;
  if (operation.type !== 'update' && operation.type !== 'adopt') return {};
  return Object.fromEntries(
    Object.entries(operation.changes).map(([name, { after }]): [string, TenantValue] => [name, after]),
  );
}

/** How a person knows the object: by its name where the operation says it, else by its ids. */
export function labelOf(operation: Operation): string {
  const { kind, anchor, id } = operation.object;
  const values = valuesOf(operation);
  const name = values['userPrincipalName'] ?? values['displayName'];
  return `${kind} ${typeof name === 'string' ? name : (id ?? anchor)}`;
}
