import { noContent, ok } from './answer.ts';
import { listObjects, showTyped } from './collection.ts';
import { findObject, findWritable } from './find.ts';
import { permissions } from './permissions.ts';
import { referenceInBody } from './references.ts';
import { refuse } from './refusals.ts';
import type { Route } from './route.ts';
import { viewOf } from './view.ts';
import { requireCloudMastered } from './write.ts';

const managed = [
  { set: 'users', kind: 'user' },
  { set: 'contacts', kind: 'contact' },
] as const;

export const managerRoutes: readonly Route[] = [
  ...managed.flatMap(({ set, kind }): readonly Route[] => [
    {
      method: 'GET',
      path: `/${set}/{key}/manager`,
      permissions: permissions.userRead,
      handle: (request, { keys: [key = ''] }, context) => {
        const user = findObject(context, [kind], key);
        const [manager] = context.directory.links.targets('manager', user.number, 0, 1);
        if (manager === undefined) throw refuse.notFound('manager');
        return ok(showTyped(request, manager, viewOf(request, context)));
      },
    },
    {
      method: 'GET',
      path: `/${set}/{key}/directReports`,
      permissions: permissions.userRead,
      handle: (request, { keys: [key = ''] }, context) => {
        const { number } = findObject(context, [kind], key);
        return listObjects(request, context, {
          kinds: ['user', 'contact'],
          typed: true,
          set: 'directoryObjects',
          within: {
            sql: `EXISTS (SELECT 1 FROM link l WHERE l.attribute = 'manager' AND l.target = ? AND l.holder = o.number)`,
            parameters: [number],
          },
          quick: (after, limit) => context.directory.links.holders('manager', number, after, limit),
        });
      },
    },
  ]),
  {
    method: 'PUT',
    path: '/users/{key}/manager/$ref',
    permissions: permissions.userCreate,
    handle: (request, { keys: [key = ''] }, context) => {
      const user = findWritable(context, ['user'], key);
      requireCloudMastered(user, ['displayName']);
      const manager = referenceInBody(request, context);
      if (manager.kind !== 'user' && manager.kind !== 'contact') throw refuse.wrongMemberType(manager.kind, 'manager');
      context.directory.transact((writer) => writer.linkOnly('manager', user, manager));
      return noContent;
    },
  },
  {
    method: 'DELETE',
    path: '/users/{key}/manager/$ref',
    permissions: permissions.userCreate,
    handle: (_request, { keys: [key = ''] }, context) => {
      const user = findWritable(context, ['user'], key);
      requireCloudMastered(user, ['displayName']);
      const [manager] = context.directory.links.targets('manager', user.number, 0, 1);
      if (manager === undefined) throw refuse.notFound('manager');
      context.directory.transact((writer) => writer.unlink('manager', user, manager));
      return noContent;
    },
  },
];
