import { type DirectoryKind, type DirectoryObject, ValueTaken } from '../directory/index.ts';
import { contextUrl, type GraphAnswer, noContent, ok } from './answer.ts';
import { countObjects, type Listing, listObjects } from './collection.ts';
import type { GraphContext } from './context.ts';
import { type Entity, entities, entityOfType } from './entities/index.ts';
import { permissions } from './permissions.ts';
import { holdsRole, requireMayAdminister } from './protection.ts';
import { refuse } from './refusals.ts';
import { represent, representTyped } from './represent.ts';
import { type GraphRequest, isJsonObject } from './request.ts';
import type { Route, RouteParameters } from './route.ts';
import { viewOf } from './view.ts';

/** Who may see what of each kind was deleted. */
const readers: Partial<Record<DirectoryKind, readonly string[]>> = {
  user: [...permissions.userRead, 'User.DeleteRestore.All'],
  group: permissions.groupRead,
  device: permissions.deviceRead,
  application: permissions.applicationRead,
  servicePrincipal: permissions.applicationRead,
};
const anyReader = [...new Set(Object.values(readers).flat())];
const noneYet = ['administrativeunit'];

export const deletedItemRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/directory/deletedItems',
    permissions: anyReader,
    handle: () => {
      throw refuse.castNeeded();
    },
  },
  {
    method: 'GET',
    path: '/directory/deletedItems/{cast}',
    permissions: anyReader,
    handle: listDeleted,
  },
  {
    method: 'GET',
    path: '/directory/deletedItems/{cast}/$count',
    permissions: anyReader,
    handle: (request, { cast = '' }, context) =>
      countObjects(request, context, deletedOf(request, context, requireKind(cast))),
  },
  { method: 'GET', path: '/directory/deletedItems/{key}', permissions: anyReader, handle: showDeleted },
  { method: 'GET', path: '/directory/deletedItems/{key}/{cast}', permissions: anyReader, handle: showDeleted },
  {
    method: 'DELETE',
    path: '/directory/deletedItems/{key}',
    permissions: [...permissions.userDelete, ...permissions.groupUpdate],
    handle: (request, parameters, context) => {
      const object = deleted(parameters, context);
      requireRight(request, context, object);
      requireMayAdminister(request, context, object);
      context.directory.transact((writer) => writer.purge(object));
      return noContent;
    },
  },
  {
    method: 'POST',
    path: '/directory/deletedItems/{key}/restore',
    permissions: [...permissions.userDelete, ...permissions.groupUpdate],
    handle: restore,
  },
];

function deleted({ keys: [key = ''] }: RouteParameters, context: GraphContext): DirectoryObject {
  const object = typeof key === 'string' ? context.directory.objects.byId(key) : undefined;
  if (object === undefined || object.state !== 'deleted') throw refuse.notFound(String(key));
  return object;
}

function requireRight(request: GraphRequest, context: GraphContext, { kind }: DirectoryObject): void {
  const right = kind === 'user' ? permissions.userDelete : kind === 'group' ? permissions.groupUpdate : [];
  if (right.length > 0 && !holdsRole(request, context, right)) throw refuse.noPermission();
}

function requireReader(request: GraphRequest, context: GraphContext, kind: DirectoryKind): void {
  if (!holdsRole(request, context, readers[kind] ?? [])) throw refuse.noPermission();
}

function requireKind(cast: string): Entity {
  const entity = entityOfType(cast);
  if (entity === undefined || readers[entity.kind] === undefined) throw refuse.noSegment(cast);
  return entity;
}

function deletedOf(request: GraphRequest, context: GraphContext, { kind, set }: Entity): Listing {
  requireReader(request, context, kind);
  return { kinds: [kind], state: 'deleted', typed: false, set };
}

function showDeleted(request: GraphRequest, parameters: RouteParameters, context: GraphContext): GraphAnswer {
  const object = deleted(parameters, context);
  if (parameters.cast !== undefined && requireKind(parameters.cast).kind !== object.kind)
    throw refuse.notFound(object.id);
  requireReader(request, context, object.kind);
  const view = viewOf(request, context, entities[object.kind]);
  return ok({
    '@odata.context': contextUrl(request.root, 'directoryObjects', view.select, true),
    ...shownDeleted(object, representTyped(object, view)),
  });
}

function listDeleted(request: GraphRequest, { cast = '' }: RouteParameters, context: GraphContext): GraphAnswer {
  if (noneYet.includes(cast.toLowerCase())) {
    return ok({ '@odata.context': contextUrl(request.root, 'administrativeUnits'), value: [] });
  }
  const entity = requireKind(cast);
  const answer = listObjects(request, context, deletedOf(request, context, entity));
  if (entity.kind !== 'group' || !isJsonObject(answer.body) || !Array.isArray(answer.body['value'])) return answer;
  // A deleted security group shows itself as neither.
  const value = answer.body['value'].map((group: unknown) =>
    isJsonObject(group) && 'securityEnabled' in group ? { ...group, securityEnabled: false } : group,
  );
  return ok({ ...answer.body, value });
}

function shownDeleted(object: DirectoryObject, shown: Record<string, unknown>): Record<string, unknown> {
  return object.kind === 'group' && 'securityEnabled' in shown ? { ...shown, securityEnabled: false } : shown;
}

function restore(request: GraphRequest, parameters: RouteParameters, context: GraphContext): GraphAnswer {
  const object = deleted(parameters, context);
  requireRight(request, context, object);
  requireMayAdminister(request, context, object);
  // Beta lets the call say under which name the object comes back.
  const name =
    request.version === 'beta' && isJsonObject(request.body) ? request.body['newUserPrincipalName'] : undefined;
  try {
    const restored = context.directory.transact((writer) =>
      writer.restore(object, typeof name === 'string' && object.kind === 'user' ? { userPrincipalName: name } : {}),
    );
    const view = { select: undefined, beta: request.version === 'beta', isExtension: () => false };
    return ok({
      '@odata.context': contextUrl(request.root, 'directoryObjects', undefined, true),
      '@odata.type': `#microsoft.graph.${entities[restored.kind].type}`,
      ...represent(restored, view),
    });
  } catch (error) {
    if (!(error instanceof ValueTaken)) throw error;
    throw refuse.restoreConflict(error.property, {
      resource: entities[error.other.kind].resource,
      id: error.other.id,
    });
  }
}
