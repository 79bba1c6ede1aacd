import { type DirectoryObject, isUnified, type PropertyChanges, texts } from '../directory/index.ts';
import { contextUrl, type GraphAnswer, noContent, ok } from './answer.ts';
import { countObjects, listObjects, showObject } from './collection.ts';
import type { GraphContext } from './context.ts';
import { entities } from './entities/index.ts';
import { findByKey, findObject, findWritable } from './find.ts';
import { permissions } from './permissions.ts';
import { holdsRole } from './protection.ts';
import { addReferences, referenced, referencesPerRequest, requireMembershipWritable } from './references.ts';
import { refuse } from './refusals.ts';
import { represent } from './represent.ts';
import { bodyObject, type GraphRequest, type JsonObject } from './request.ts';
import type { ObjectKey, Route } from './route.ts';
import {
  initialProperties,
  parseWrite,
  requireCloudMastered,
  requireExtensionRoom,
  requireProperties,
  type Write,
} from './write.ts';

const entity = entities.group;
const binds = ['members', 'owners'] as const;
const listing = { kinds: ['group'], typed: false, set: 'groups' } as const;

export const groupRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/groups',
    permissions: permissions.groupRead,
    handle: (request, _parameters, context) => listObjects(request, context, listing),
  },
  {
    method: 'GET',
    path: '/groups/$count',
    permissions: permissions.groupRead,
    handle: (request, _parameters, context) =>
      countObjects(request, context, {
        ...listing,
        quickCount: () => context.directory.objects.count('group', 'live'),
      }),
  },
  {
    method: 'POST',
    path: '/groups',
    permissions: permissions.groupCreate,
    handle: (request, _parameters, context) => createGroup(request, context, bodyObject(request)),
  },
  {
    method: 'GET',
    path: '/groups/{key}',
    permissions: permissions.groupRead,
    handle: (request, { keys: [key = ''] }, context) =>
      ok(showObject(request, context, findObject(context, ['group'], key))),
  },
  {
    method: 'PATCH',
    path: '/groups/{key}',
    // Members alone may be added with less.
    permissions: permissions.members,
    handle: (request, { keys: [key = ''] }, context) => patchGroup(request, context, key),
  },
  {
    method: 'DELETE',
    path: '/groups/{key}',
    permissions: permissions.groupUpdate,
    handle: (request, { keys: [key = ''] }, context) => {
      const group = findWritable(context, ['group'], key);
      requireMembershipWritable(group);
      requireRoleGroupRight(request, context, group);
      context.directory.transact((writer) => writer.delete(group));
      return noContent;
    },
  },
];

function patchGroup(request: GraphRequest, context: GraphContext, key: ObjectKey): GraphAnswer {
  const body = bodyObject(request);
  if (typeof key !== 'string' && key.name.toLowerCase() === 'uniquename' && createsIfMissing(request)) {
    const known = findByKey(context, 'group', 'uniqueName', key.value);
    if (known === undefined) {
      if (!holdsRole(request, context, permissions.groupCreate)) throw refuse.noPermission();
      return createGroup(request, context, body, key.value);
    }
    updateGroup(request, context, known, body);
    return noContent;
  }
  updateGroup(request, context, findWritable(context, ['group'], key), body);
  return noContent;
}

function createsIfMissing(request: GraphRequest): boolean {
  return (request.headers['prefer'] ?? '')
    .split(',')
    .some((preference) => preference.trim().toLowerCase() === 'create-if-missing');
}

function createGroup(request: GraphRequest, context: GraphContext, body: JsonObject, uniqueName?: string): GraphAnswer {
  const write = parseWrite(body, { entity, mode: 'create', beta: request.version === 'beta', binds }, context);
  const named = write.changes['uniqueName'];
  if (uniqueName !== undefined && named !== undefined && named !== uniqueName) {
    throw refuse.invalidValue('uniqueName', entity.resource);
  }
  const changes: PropertyChanges = uniqueName === undefined ? write.changes : { ...write.changes, uniqueName };
  requireProperties(changes, ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'], entity);
  requireKind(changes);
  requireExtensionRoom({}, changes, context.profile().quotas.extensionValuesPerObject);
  if (changes['isAssignableToRole'] === true && !holdsRole(request, context, permissions.roleWrite)) {
    throw refuse.noPermission();
  }
  const references = referencesOf(context, write);
  const group = context.directory.transact((writer) => {
    const created = writer.create('group', withAddress(context, initialProperties(changes)));
    addReferences(context, writer, 'owners', created, references.owners);
    addReferences(context, writer, 'members', created, references.members);
    return created;
  });
  return {
    status: 201,
    headers: { location: `${request.root}/directoryObjects/${group.id}/Microsoft.DirectoryServices.Group` },
    body: {
      '@odata.context': contextUrl(request.root, 'groups', undefined, true),
      ...represent(group, { select: undefined, beta: request.version === 'beta', isExtension: () => false }),
    },
  };
}

/** Graph makes plain security groups and Microsoft 365 groups; everything with mail beside is Exchange's. */
function requireKind(changes: PropertyChanges): void {
  const unified = texts(changes['groupTypes'] ?? undefined).includes('Unified');
  if (changes['mailEnabled'] === true && !unified) throw refuse.mailEnabledCreate();
  if (changes['mailEnabled'] === false && changes['securityEnabled'] === false) {
    throw refuse.invalidValue('securityEnabled', entity.resource);
  }
  if (unified && changes['mailEnabled'] === false) throw refuse.invalidValue('mailEnabled', entity.resource);
}

/** A Microsoft 365 group gets its address from its nickname. */
function withAddress(context: GraphContext, properties: ReturnType<typeof initialProperties>): typeof properties {
  if (!isUnified(properties)) return properties;
  const domain = context.directory.domains.list().find(({ isDefault }) => isDefault);
  const mail = `${String(properties['mailNickname'])}@${domain?.name ?? 'invalid'}`;
  return { ...properties, mail, proxyAddresses: [`SMTP:${mail}`] };
}

function referencesOf(
  context: GraphContext,
  { binds: bound }: Write,
): { readonly members: readonly DirectoryObject[]; readonly owners: readonly DirectoryObject[] } {
  const members = bound.get('members') ?? [];
  const owners = bound.get('owners') ?? [];
  if (members.length + owners.length > referencesPerRequest) throw refuse.tooManyReferences(referencesPerRequest);
  return {
    members: members.map((reference) => referenced(context, reference)),
    owners: owners.map((reference) => referenced(context, reference)),
  };
}

function updateGroup(request: GraphRequest, context: GraphContext, group: DirectoryObject, body: JsonObject): void {
  const beta = request.version === 'beta';
  const write = parseWrite(body, { entity, mode: 'update', beta, binds }, context);
  const names = Object.keys(write.changes);
  const right = names.length === 0 && !write.binds.has('owners') ? permissions.members : permissions.groupUpdate;
  if (!holdsRole(request, context, right)) throw refuse.noPermission();
  requireCloudMastered(group, names);
  requireMembershipWritable(group);
  requireRoleGroupRight(request, context, group);
  if (write.changes['mailEnabled'] === true && !isUnified(group.properties)) throw refuse.mailEnabledCreate();
  requireExtensionRoom(group.properties, write.changes, context.profile().quotas.extensionValuesPerObject);
  const references = referencesOf(context, write);
  context.directory.transact((writer) => {
    writer.update(group, write.changes);
    addReferences(context, writer, 'owners', group, references.owners);
    addReferences(context, writer, 'members', group, references.members);
  });
}

/** Groups that may hold directory roles are changed only with the right to assign roles. */
export function requireRoleGroupRight(request: GraphRequest, context: GraphContext, group: DirectoryObject): void {
  if (group.properties['isAssignableToRole'] !== true) return;
  if (!holdsRole(request, context, permissions.roleWrite)) throw refuse.noPermission();
}
