import { type DirectoryKind, type DirectoryObject, keyRule } from '../directory/index.ts';
import type { GraphContext } from './context.ts';
import { refuse } from './refusals.ts';
import type { ObjectKey } from './route.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** By which an object may be named in place of its id. */
const alternateKeys: Partial<Record<DirectoryKind, readonly string[]>> = {
  user: ['userPrincipalName'],
  group: ['uniqueName'],
  application: ['appId', 'uniqueName'],
  servicePrincipal: ['appId'],
  device: ['deviceId'],
  directoryRole: ['roleTemplateId'],
};

function named(key: ObjectKey): string {
  return typeof key === 'string' ? key : key.value;
}

/** The object as a reader sees it: late replicas may not have it yet, or have it still. */
export function findObject(context: GraphContext, kinds: readonly DirectoryKind[], key: ObjectKey): DirectoryObject {
  const object = candidate(context, kinds, key);
  if (object === undefined || !context.directory.objects.shown(object)) throw refuse.notFound(named(key));
  return object;
}

/** The object to be written: there, and not deleted behind a late replica's back. */
export function findWritable(context: GraphContext, kinds: readonly DirectoryKind[], key: ObjectKey): DirectoryObject {
  const object = findObject(context, kinds, key);
  if (object.state !== 'live') throw refuse.notFound(named(key));
  return object;
}

/** The live object with an alternate key, replicas aside: the upsert looks where the write goes. */
export function findByKey(
  context: GraphContext,
  kind: DirectoryKind,
  name: string,
  value: string,
): DirectoryObject | undefined {
  return context.directory.objects.byKey(name, value).find((object) => object.kind === kind && object.state === 'live');
}

function candidate(
  context: GraphContext,
  kinds: readonly DirectoryKind[],
  key: ObjectKey,
): DirectoryObject | undefined {
  const { objects } = context.directory;
  if (typeof key === 'string' && guid.test(key)) {
    const object = objects.byId(key);
    return object !== undefined && kinds.includes(object.kind) ? object : undefined;
  }
  if (typeof key === 'string') {
    if (!kinds.includes('user')) return undefined;
    return objects.byKey('userPrincipalName', key).find(({ kind, state }) => kind === 'user' && state === 'live');
  }
  const kind = kinds.find((one) => alternateKeys[one]?.some((name) => name.toLowerCase() === key.name.toLowerCase()));
  const name = kind && alternateKeys[kind]?.find((one) => one.toLowerCase() === key.name.toLowerCase());
  if (kind === undefined || name === undefined) throw refuse.unknownKey(key.name);
  if (keyRule(name) === undefined) return undefined;
  return objects.byKey(name, key.value).find((object) => object.kind === kind && object.state === 'live');
}
