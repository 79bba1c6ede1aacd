import type { PermissionCheck } from '../target.ts';
import type { GraphOptions } from './options.ts';

interface Need {
  /** Least first; any one will do. */
  readonly anyOf: readonly [string, ...string[]];
  readonly why: string;
  readonly when?: (options: GraphOptions) => boolean;
}

const all = 'Directory.ReadWrite.All';

/** By the permission tables of each call, application permissions only. */
const needs: readonly Need[] = [
  { anyOf: ['User.ReadWrite.All', all], why: 'create, change and disable users and set their managers' },
  {
    anyOf: ['User.DeleteRestore.All', 'User.ReadWrite.All', all],
    why: 'delete users that leave the scope, and restore them when they come back',
  },
  { anyOf: ['Group.ReadWrite.All', all], why: 'create, change, delete and restore security groups' },
  { anyOf: ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', all], why: 'add and remove members of groups' },
  {
    anyOf: ['Organization.Read.All', 'Directory.Read.All', all],
    why: "see the tenant's id and its verified domains",
  },
  {
    anyOf: ['RoleManagement.Read.Directory', 'RoleManagement.ReadWrite.Directory', 'Directory.Read.All', all],
    why: 'see who holds a directory role: those are never matched, disabled or deleted',
  },
  {
    anyOf: [
      'RoleEligibilitySchedule.Read.Directory',
      'RoleManagement.Read.Directory',
      'RoleManagement.Read.All',
      'RoleEligibilitySchedule.ReadWrite.Directory',
      'RoleManagement.ReadWrite.Directory',
    ],
    why: 'see who may activate a directory role: those are spared likewise; without it, only holders are',
  },
  {
    anyOf: ['Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All'],
    why: 'register the directory extensions that mappings write',
    when: ({ directoryExtensions }) =>
      (directoryExtensions?.user?.length ?? 0) + (directoryExtensions?.group?.length ?? 0) > 0,
  },
];

/** Compares what is needed with what a token carries. */
export function checkPermissions(roles: readonly string[], options: GraphOptions): readonly PermissionCheck[] {
  return needs
    .filter(({ when }) => when?.(options) ?? true)
    .map(({ anyOf, why }) => {
      const by = anyOf.find((permission) => roles.includes(permission));
      return { permission: anyOf[0], why, granted: by !== undefined, by };
    });
}
