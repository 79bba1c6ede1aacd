import type { Directory } from '../directory/index.ts';
import { noContent, ok } from './answer.ts';
import { listObjects, showObject } from './collection.ts';
import { findObject, findWritable } from './find.ts';
import { permissions } from './permissions.ts';
import { referenceInBody } from './references.ts';
import { refuse } from './refusals.ts';
import type { Route } from './route.ts';

/** Roles every tenant knows, by their templates. */
const builtIn = [
  { roleTemplateId: '62e90394-69f5-4237-9190-012177145e10', displayName: 'Global Administrator' },
  { roleTemplateId: 'fe930be7-5e62-47db-91af-98c3a49a38b1', displayName: 'User Administrator' },
  { roleTemplateId: '8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2', displayName: 'Hybrid Identity Administrator' },
  { roleTemplateId: 'd29b2b05-8046-44ba-8758-1e26182fcf32', displayName: 'Directory Synchronization Accounts' },
  { roleTemplateId: '29232cdf-9323-42fd-ade2-1d097af3e4de', displayName: 'Exchange Administrator' },
  { roleTemplateId: '31392ffb-586c-42d1-9346-e59415a2cc4e', displayName: 'Exchange Recipient Administrator' },
  { roleTemplateId: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b', displayName: 'Directory Readers' },
] as const;

/** Activates the built-in roles, once. */
export function openDirectoryRoles({ objects, transact }: Directory): void {
  if (objects.count('directoryRole', 'live') > 0) return;
  transact((writer) => {
    for (const role of builtIn) {
      writer.create(
        'directoryRole',
        { ...role, description: `Holds the rights of ${role.displayName}.` },
        { atOnce: true },
      );
    }
  });
}

/** The role with this name. */
export function findDirectoryRole({ objects }: Directory, displayName: string) {
  return objects.byKey('displayName', displayName).find(({ kind }) => kind === 'directoryRole');
}

export const directoryRoleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/directoryRoles',
    permissions: permissions.roleRead,
    handle: (request, _parameters, context) =>
      listObjects(request, context, { kinds: ['directoryRole'], typed: false, set: 'directoryRoles' }),
  },
  {
    method: 'GET',
    path: '/directoryRoles/{key}',
    permissions: permissions.roleRead,
    handle: (request, { keys: [key = ''] }, context) =>
      ok(showObject(request, context, findObject(context, ['directoryRole'], key))),
  },
  {
    method: 'GET',
    path: '/directoryRoles/{key}/members',
    permissions: permissions.roleRead,
    handle: (request, { keys: [key = ''] }, context) => {
      const { number } = findObject(context, ['directoryRole'], key);
      return listObjects(request, context, {
        kinds: ['user', 'group', 'servicePrincipal'],
        typed: true,
        set: 'directoryObjects',
        within: {
          sql: `EXISTS (SELECT 1 FROM link l WHERE l.attribute = 'members' AND l.holder = ? AND l.target = o.number)`,
          parameters: [number],
        },
        quick: (after, limit) => context.directory.links.targets('members', number, after, limit),
      });
    },
  },
  {
    method: 'POST',
    path: '/directoryRoles/{key}/members/$ref',
    permissions: permissions.roleWrite,
    handle: (request, { keys: [key = ''] }, context) => {
      const role = findWritable(context, ['directoryRole'], key);
      const target = referenceInBody(request, context);
      if (target.kind === 'group' && target.properties['isAssignableToRole'] !== true) {
        throw refuse.wrongMemberType('Group', 'members');
      }
      context.directory.transact((writer) => {
        if (!writer.link('members', role, target)) throw refuse.alreadyReferenced('members');
      });
      return noContent;
    },
  },
  {
    method: 'DELETE',
    path: '/directoryRoles/{key}/members/{key}/$ref',
    permissions: permissions.roleWrite,
    handle: (_request, { keys: [key = '', other = ''] }, context) => {
      const role = findWritable(context, ['directoryRole'], key);
      const target = findObject(context, ['user', 'group', 'servicePrincipal'], other);
      if (!context.directory.transact((writer) => writer.unlink('members', role, target))) {
        throw refuse.notFound(target.id);
      }
      return noContent;
    },
  },
];
