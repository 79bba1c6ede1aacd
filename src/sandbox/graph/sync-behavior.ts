import type { DirectoryObject } from '../directory/index.ts';
import { contextUrl, noContent, ok } from './answer.ts';
import { findObject, findWritable } from './find.ts';
import { permissions } from './permissions.ts';
import { refuse } from './refusals.ts';
import { bodyObject } from './request.ts';
import type { Route } from './route.ts';

const sets = [
  { set: 'users', kind: 'user', rights: permissions.userSyncBehavior },
  { set: 'groups', kind: 'group', rights: permissions.groupSyncBehavior },
  { set: 'contacts', kind: 'contact', rights: permissions.contactSyncBehavior },
] as const;

const isCloudManaged = ({ mastery }: DirectoryObject): boolean => mastery !== 'synced';

/** Source of authority: who may write an object that a sync service brought. */
export const syncBehaviorRoutes: readonly Route[] = sets.flatMap(({ set, kind, rights }): readonly Route[] => [
  {
    method: 'GET',
    path: `/${set}/{key}/onPremisesSyncBehavior`,
    permissions: rights,
    handle: (request, { keys: [key = ''] }, context) => {
      const object = findObject(context, [kind], key);
      return ok({
        '@odata.context': contextUrl(request.root, `${set}('${object.id}')/onPremisesSyncBehavior`, undefined, true),
        id: object.id,
        isCloudManaged: isCloudManaged(object),
      });
    },
  },
  {
    method: 'PATCH',
    path: `/${set}/{key}/onPremisesSyncBehavior`,
    permissions: rights,
    handle: (request, { keys: [key = ''] }, context) => {
      const object = findWritable(context, [kind], key);
      const { isCloudManaged: wanted } = bodyObject(request);
      if (typeof wanted !== 'boolean') throw refuse.wrongType('isCloudManaged', 'Boolean');
      if (wanted === isCloudManaged(object)) return noContent;
      // What was never on premises cannot be given to it from here.
      if (!wanted && object.mastery !== 'transferred')
        throw refuse.invalidValue('isCloudManaged', 'OnPremisesSyncBehavior');
      context.directory.transact((writer) => writer.update(object, {}, wanted ? 'transferred' : 'synced'));
      return noContent;
    },
  },
]);
