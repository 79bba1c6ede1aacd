import { contextUrl, type GraphAnswer, noContent, ok } from './answer.ts';
import { countObjects, listObjects, showObject } from './collection.ts';
import type { GraphContext } from './context.ts';
import { entities } from './entities/index.ts';
import { findObject, findWritable } from './find.ts';
import { permissions } from './permissions.ts';
import { referenceInBody } from './references.ts';
import { refuse } from './refusals.ts';
import { represent } from './represent.ts';
import { bodyObject, type GraphRequest } from './request.ts';
import type { Route } from './route.ts';
import { initialProperties, parseWrite, requireCloudMastered, requireProperties } from './write.ts';

const entity = entities.device;
const listing = { kinds: ['device'], typed: false, set: 'devices' } as const;

export const deviceRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/devices',
    permissions: permissions.deviceRead,
    handle: (request, _parameters, context) => listObjects(request, context, listing),
  },
  {
    method: 'GET',
    path: '/devices/$count',
    permissions: permissions.deviceRead,
    handle: (request, _parameters, context) => countObjects(request, context, listing),
  },
  { method: 'POST', path: '/devices', permissions: permissions.deviceWrite, handle: createDevice },
  {
    method: 'GET',
    path: '/devices/{key}',
    permissions: permissions.deviceRead,
    handle: (request, { keys: [key = ''] }, context) =>
      ok(showObject(request, context, findObject(context, ['device'], key))),
  },
  {
    method: 'PATCH',
    path: '/devices/{key}',
    permissions: permissions.deviceWrite,
    handle: (request, { keys: [key = ''] }, context) => {
      const device = findWritable(context, ['device'], key);
      const beta = request.version === 'beta';
      const { changes } = parseWrite(bodyObject(request), { entity, mode: 'update', beta }, context);
      requireCloudMastered(device, Object.keys(changes));
      context.directory.transact((writer) => writer.update(device, changes));
      return noContent;
    },
  },
  {
    method: 'DELETE',
    path: '/devices/{key}',
    permissions: permissions.deviceWrite,
    handle: (_request, { keys: [key = ''] }, context) => {
      const device = findWritable(context, ['device'], key);
      if (device.mastery === 'synced') throw refuse.synced();
      context.directory.transact((writer) => writer.delete(device));
      return noContent;
    },
  },
  ...(['registeredOwners', 'registeredUsers'] as const).flatMap((attribute): readonly Route[] => [
    {
      method: 'GET',
      path: `/devices/{key}/${attribute}`,
      permissions: permissions.deviceRead,
      handle: (request, { keys: [key = ''] }, context) => {
        const { number } = findObject(context, ['device'], key);
        return listObjects(request, context, {
          kinds: ['user', 'servicePrincipal'],
          typed: true,
          set: 'directoryObjects',
          within: {
            sql: `EXISTS (SELECT 1 FROM link l WHERE l.attribute = '${attribute}' AND l.holder = ? AND l.target = o.number)`,
            parameters: [number],
          },
          quick: (after, limit) => context.directory.links.targets(attribute, number, after, limit),
        });
      },
    },
    {
      method: 'POST',
      path: `/devices/{key}/${attribute}/$ref`,
      permissions: permissions.deviceWrite,
      handle: (request, { keys: [key = ''] }, context) => {
        const device = findWritable(context, ['device'], key);
        const target = referenceInBody(request, context);
        if (target.kind !== 'user') throw refuse.wrongMemberType(entities[target.kind].resource, attribute);
        context.directory.transact((writer) => {
          if (!writer.link(attribute, device, target)) throw refuse.alreadyReferenced(attribute);
        });
        return noContent;
      },
    },
    {
      method: 'DELETE',
      path: `/devices/{key}/${attribute}/{key}/$ref`,
      permissions: permissions.deviceWrite,
      handle: (_request, { keys: [key = '', other = ''] }, context) => {
        const device = findWritable(context, ['device'], key);
        const target = findObject(context, ['user'], other);
        const removed = context.directory.transact((writer) => writer.unlink(attribute, device, target));
        if (!removed) throw refuse.notFound(target.id);
        return noContent;
      },
    },
  ]),
];

function createDevice(request: GraphRequest, _parameters: unknown, context: GraphContext): GraphAnswer {
  const beta = request.version === 'beta';
  const { changes } = parseWrite(bodyObject(request), { entity, mode: 'create', beta }, context);
  requireProperties(
    changes,
    [
      'accountEnabled',
      'alternativeSecurityIds',
      'deviceId',
      'displayName',
      'operatingSystem',
      'operatingSystemVersion',
    ],
    entity,
  );
  const device = context.directory.transact((writer) =>
    writer.create('device', { ...initialProperties(changes), registrationDateTime: context.clock.iso() }),
  );
  return {
    status: 201,
    headers: { location: `${request.root}/directoryObjects/${device.id}/Microsoft.DirectoryServices.Device` },
    body: {
      '@odata.context': contextUrl(request.root, 'devices', undefined, true),
      ...represent(device, { select: undefined, beta, isExtension: () => false }),
    },
  };
}
