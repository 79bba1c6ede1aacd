import {
  type DirectoryObject,
  type Properties,
  type PropertyChanges,
  type PropertyValue,
  text,
  texts,
} from '../directory/index.ts';
import { contextUrl, type GraphAnswer, noContent, ok } from './answer.ts';
import { countObjects, listObjects, showObject } from './collection.ts';
import type { GraphContext } from './context.ts';
import { entities } from './entities/index.ts';
import { findObject, findWritable } from './find.ts';
import { permissions } from './permissions.ts';
import { holdsRole, requireMayAdminister } from './protection.ts';
import { refuse } from './refusals.ts';
import { represent } from './represent.ts';
import { bodyObject, type GraphRequest } from './request.ts';
import type { Route } from './route.ts';
import {
  initialProperties,
  parseWrite,
  requireCloudMastered,
  requireExtensionRoom,
  requireProperties,
} from './write.ts';

const entity = entities.user;
const listing = { kinds: ['user'], typed: false, set: 'users' } as const;

export const userRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/users',
    permissions: permissions.userRead,
    units: 2,
    handle: (request, _parameters, context) => listObjects(request, context, listing),
  },
  {
    method: 'GET',
    path: '/users/$count',
    permissions: permissions.userRead,
    handle: (request, _parameters, context) =>
      countObjects(request, context, { ...listing, quickCount: () => context.directory.objects.count('user', 'live') }),
  },
  {
    method: 'POST',
    path: '/users',
    permissions: permissions.userCreate,
    handle: createUser,
  },
  {
    method: 'GET',
    path: '/users/{key}',
    permissions: permissions.userRead,
    handle: (request, { keys: [key = ''] }, context) =>
      ok(showObject(request, context, findObject(context, ['user'], key))),
  },
  {
    method: 'PATCH',
    path: '/users/{key}',
    permissions: permissions.userUpdate,
    handle: (request, { keys: [key = ''] }, context) => {
      updateUser(request, context, findWritable(context, ['user'], key));
      return noContent;
    },
  },
  {
    method: 'DELETE',
    path: '/users/{key}',
    permissions: permissions.userDelete,
    handle: (request, { keys: [key = ''] }, context) => {
      const user = findWritable(context, ['user'], key);
      if (user.mastery === 'synced') throw refuse.synced();
      requireMayAdminister(request, context, user);
      context.directory.transact((writer) => writer.delete(user));
      return noContent;
    },
  },
];

function createUser(request: GraphRequest, _parameters: unknown, context: GraphContext): GraphAnswer {
  const { changes } = parseWrite(
    bodyObject(request),
    { entity, mode: 'create', beta: request.version === 'beta' },
    context,
  );
  requireProperties(
    changes,
    ['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName', 'passwordProfile'],
    entity,
  );
  requireUserName(context, changes);
  requirePassword(changes, {});
  requireExtensionRoom({}, changes, context.profile().quotas.extensionValuesPerObject);
  const properties = initialProperties(storedPassword(withMail({}, changes), context));
  const user = context.directory.transact((writer) => writer.create('user', { userType: 'Member', ...properties }));
  return {
    status: 201,
    headers: { location: `${request.root}/directoryObjects/${user.id}/Microsoft.DirectoryServices.User` },
    body: {
      '@odata.context': contextUrl(request.root, 'users', undefined, true),
      ...represent(user, { select: undefined, beta: request.version === 'beta', isExtension: () => false }),
    },
  };
}

function updateUser(request: GraphRequest, context: GraphContext, user: DirectoryObject): void {
  const { changes } = parseWrite(
    bodyObject(request),
    { entity, mode: 'update', beta: request.version === 'beta' },
    context,
  );
  const names = Object.keys(changes);
  requireRoles(request, context, names);
  requireCloudMastered(user, names);
  requireMayAdminister(request, context, user, names);
  if (changes['userPrincipalName'] !== undefined) requireUserName(context, changes);
  requirePassword(changes, user.properties);
  requireExtensionRoom(user.properties, changes, context.profile().quotas.extensionValuesPerObject);
  const stored = storedPassword(withMail(user.properties, changes), context);
  context.directory.transact((writer) => writer.update(user, stored));
}

/** Which narrow role lets which property be written. */
const narrow: Readonly<Record<string, readonly string[]>> = {
  'User.EnableDisableAccount.All': ['accountEnabled'],
  'User-Phone.ReadWrite.All': ['businessPhones', 'mobilePhone'],
  'User-Mail.ReadWrite.All': ['otherMails'],
  'User-PasswordProfile.ReadWrite.All': ['passwordProfile'],
};

function requireRoles(request: GraphRequest, context: GraphContext, names: readonly string[]): void {
  if (names.includes('onPremisesObjectIdentifier') && !holdsRole(request, context, permissions.userSyncBehavior)) {
    throw refuse.noPermission();
  }
  if (holdsRole(request, context, permissions.userCreate)) return;
  const allowed = Object.entries(narrow).flatMap(([role, properties]) =>
    request.caller.roles.has(role) ? properties : [],
  );
  if (!names.every((name) => allowed.includes(name))) throw refuse.noPermission();
}

function requireUserName(context: GraphContext, changes: PropertyChanges): void {
  const name = changes['userPrincipalName'];
  if (typeof name !== 'string') throw refuse.badUserPrincipalName();
  const [, local, domain] = /^([^@]*)@([^@]*)$/.exec(name) ?? [];
  if (local === undefined || domain === undefined) throw refuse.badUserPrincipalName();
  if (!/^[A-Za-z0-9'.\-_!#^~]{1,64}$/.test(local) || local.startsWith('.') || local.endsWith('.')) {
    throw refuse.badUserPrincipalName();
  }
  if (!context.directory.domains.isVerified(domain)) throw refuse.domainNotVerified();
}

/** At least eight characters of three kinds, and not the name of the user. */
function requirePassword(changes: PropertyChanges, before: Properties): void {
  const profile = changes['passwordProfile'];
  if (profile === undefined) return;
  if (profile === null || typeof profile !== 'object' || Array.isArray(profile) || !('password' in profile)) {
    if (before['userPrincipalName'] !== undefined && profile !== null) return;
    throw refuse.missingProperty('passwordProfile.password', entity.resource);
  }
  const { password } = profile;
  if (typeof password !== 'string' || password.length < 8 || password.length > 256) throw refuse.weakPassword();
  const policies = text(changes['passwordPolicies'] ?? before['passwordPolicies']) ?? '';
  if (policies.includes('DisableStrongPassword')) return;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  const local = text(changes['userPrincipalName'] ?? before['userPrincipalName'])?.split('@')[0] ?? '';
  const named = local.length > 3 && password.toLowerCase().includes(local.toLowerCase());
  if (kinds < 3 || named) throw refuse.weakPassword();
}

/** Passwords are not kept; that one was set is. */
function storedPassword(changes: PropertyChanges, context: GraphContext): PropertyChanges {
  const { passwordProfile, ...others } = changes;
  return passwordProfile === undefined ? others : { ...others, lastPasswordChangeDateTime: context.clock.iso() };
}

/** Writing `mail` makes it the primary proxy address; the former one stays as a further one. */
function withMail(before: Properties, changes: PropertyChanges): PropertyChanges {
  const mail = changes['mail'];
  if (typeof mail !== 'string') return changes;
  const others = texts(before['proxyAddresses'])
    .map((address) => address.replace(/^SMTP:/, 'smtp:'))
    .filter((address) => address.toLowerCase() !== `smtp:${mail.toLowerCase()}`);
  const proxyAddresses: readonly PropertyValue[] = [`SMTP:${mail}`, ...others];
  return { ...changes, proxyAddresses };
}
