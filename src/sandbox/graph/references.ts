import type { DirectoryKind, DirectoryObject, DirectoryWriter } from '../directory/index.ts';
import { isUnified } from '../directory/index.ts';
import type { GraphContext } from './context.ts';
import { entities } from './entities/index.ts';
import { findWritable } from './find.ts';
import { parsePath } from './path.ts';
import { refuse } from './refusals.ts';
import { bodyObject, type GraphRequest } from './request.ts';
import type { ObjectKey } from './route.ts';

/** Most references in one request, owners and members together. */
export const referencesPerRequest = 20;

export const memberKinds: readonly DirectoryKind[] = [
  'user',
  'group',
  'contact',
  'device',
  'servicePrincipal',
  'application',
];
const ownerKinds: readonly DirectoryKind[] = ['user', 'servicePrincipal'];

const sets: Readonly<Record<string, readonly DirectoryKind[]>> = {
  directoryobjects: memberKinds,
  users: ['user'],
  groups: ['group'],
  contacts: ['contact'],
  devices: ['device'],
  serviceprincipals: ['servicePrincipal'],
  applications: ['application'],
};

/**
 * The object that an `@odata.id` or a bind names: `https://host/v1.0/directoryObjects/{id}`, `users/{id}`, with or
 * without the host.
 */
export function referenced(context: GraphContext, reference: string): DirectoryObject {
  const path = reference.replace(/^https?:\/\/[^/]+/i, '').replace(/^\/?(v1\.0|beta)\//i, '/');
  const [set, key, more] = parsePath(path);
  if (set?.kind !== 'text' || key === undefined || key.kind === 'cast' || more !== undefined) {
    throw refuse.badReference(reference);
  }
  const kinds = sets[set.text.toLowerCase()];
  if (kinds === undefined) throw refuse.badReference(reference);
  const objectKey: ObjectKey = key.kind === 'text' ? key.text : key.key;
  return findWritable(context, kinds, objectKey);
}

/** The one reference in the body of a `$ref` request. */
export function referenceInBody(request: GraphRequest, context: GraphContext): DirectoryObject {
  const reference = bodyObject(request)['@odata.id'];
  if (typeof reference !== 'string') throw refuse.badReference('');
  return referenced(context, reference);
}

/** Adds members or owners to a group, all of them or none. */
export function addReferences(
  context: GraphContext,
  writer: DirectoryWriter,
  attribute: 'members' | 'owners',
  group: DirectoryObject,
  targets: readonly DirectoryObject[],
): void {
  const seen = new Set<number>();
  for (const target of targets) {
    if (seen.has(target.number)) throw refuse.referencedTwice(target.id, attribute);
    seen.add(target.number);
    requireFits(attribute, group, target);
    if (!writer.link(attribute, group, target)) throw refuse.alreadyReferenced(attribute);
  }
  if (attribute === 'owners') {
    const limit = context.profile().quotas.ownersPerGroup;
    const owners = context.directory.links.countTargets('owners', group.number);
    if (owners > limit) throw refuse.linkQuota(owners, limit, 'owners');
  }
}

function requireFits(attribute: 'members' | 'owners', group: DirectoryObject, target: DirectoryObject): void {
  const allowed = attribute === 'owners' ? ownerKinds : isUnified(group.properties) ? (['user'] as const) : memberKinds;
  const fits = allowed.some((kind) => kind === target.kind) && !(attribute === 'members' && target.id === group.id);
  if (!fits) throw refuse.wrongMemberType(entities[target.kind].resource, attribute);
}

/** Graph does not touch groups that Exchange masters, nor those of a sync service. */
export function requireMembershipWritable(group: DirectoryObject): void {
  if (group.mastery === 'synced') throw refuse.synced();
  if (group.properties['mailEnabled'] === true && !isUnified(group.properties)) throw refuse.mailEnabledUpdate();
}
