import type { DirectoryObject } from '../directory/index.ts';
import { contextUrl, type GraphAnswer, noContent, ok } from './answer.ts';
import { appIdOf } from './applications.ts';
import { listObjects } from './collection.ts';
import type { GraphContext } from './context.ts';
import { entities } from './entities/index.ts';
import { findObject, findWritable } from './find.ts';
import { permissions } from './permissions.ts';
import { refuse } from './refusals.ts';
import { represent } from './represent.ts';
import { bodyObject, type GraphRequest } from './request.ts';
import type { Route, RouteParameters } from './route.ts';
import { viewOf } from './view.ts';
import { initialProperties, parseWrite, requireProperties } from './write.ts';

const entity = entities.extensionProperty;
const path = '/applications/{key}/extensionProperties';

/** Definitions of directory extensions, each belonging to an application that its full name tells. */
export const extensionPropertyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    permissions: permissions.applicationRead,
    units: 2,
    handle: (request, { keys: [key = ''] }, context) => {
      const application = findObject(context, ['application'], key);
      return listObjects(request, context, {
        kinds: ['extensionProperty'],
        typed: false,
        set: `applications('${application.id}')/extensionProperties`,
        within: { sql: `o.properties ->> '$.applicationId' = ?`, parameters: [application.id] },
      });
    },
  },
  { method: 'POST', path, permissions: permissions.applicationWrite, handle: define },
  {
    method: 'GET',
    path: `${path}/{key}`,
    permissions: permissions.applicationRead,
    handle: (request, parameters, context) => {
      const definition = definitionOf(parameters, context);
      return answer(request, context, parameters, definition, 200);
    },
  },
  {
    method: 'DELETE',
    path: `${path}/{key}`,
    permissions: permissions.applicationWrite,
    handle: (_request, parameters, context) => {
      context.directory.transact((writer) => writer.delete(definitionOf(parameters, context)));
      return noContent;
    },
  },
];

function definitionOf({ keys: [key = '', id = ''] }: RouteParameters, context: GraphContext): DirectoryObject {
  const application = findObject(context, ['application'], key);
  const definition = findWritable(context, ['extensionProperty'], id);
  if (definition.properties['applicationId'] !== application.id) throw refuse.notFound(definition.id);
  return definition;
}

function define(request: GraphRequest, parameters: RouteParameters, context: GraphContext): GraphAnswer {
  const [key = ''] = parameters.keys;
  const application = findWritable(context, ['application'], key);
  const { changes } = parseWrite(bodyObject(request), { entity, mode: 'create', beta: false }, context);
  requireProperties(changes, ['name', 'dataType', 'targetObjects'], entity);
  const { name, ...others } = initialProperties(changes);
  if (typeof name !== 'string' || !/^[A-Za-z]\w{0,99}$/.test(name)) throw refuse.invalidValue('name', entity.resource);
  const fullName = `extension_${appIdOf(application).replaceAll('-', '')}_${name}`;
  const taken = context.directory.objects
    .byKey('name', fullName)
    .some(({ kind, state }) => kind === 'extensionProperty' && state === 'live');
  if (taken) throw refuse.extensionExists(fullName);
  const made = context.directory.transact((writer) =>
    writer.create('extensionProperty', {
      isMultiValued: false,
      isSyncedFromOnPremises: false,
      ...others,
      name: fullName,
      applicationId: application.id,
      appDisplayName: String(application.properties['displayName']),
    }),
  );
  return answer(request, context, parameters, made, 201);
}

function answer(
  request: GraphRequest,
  context: GraphContext,
  { keys: [key = ''] }: RouteParameters,
  definition: DirectoryObject,
  status: 200 | 201,
): GraphAnswer {
  const application = findObject(context, ['application'], key);
  const set = `applications('${application.id}')/extensionProperties`;
  const view = viewOf(request, context, entity);
  const body = { '@odata.context': contextUrl(request.root, set, view.select, true), ...represent(definition, view) };
  return status === 200 ? ok(body) : { status, body };
}
