import { isoTime } from '../clock.ts';
import { cloudSid, type DirectoryObject, type PropertyValue } from '../directory/index.ts';
import { type Entity, entities, objectIdentifier } from './entities/index.ts';
import { refuse } from './refusals.ts';

/** An object as Graph shows it. */
export type Representation = Record<string, unknown>;

export interface View {
  /** Names of `$select`; the default set where there are none. */
  readonly select: readonly string[] | undefined;
  readonly beta: boolean;
  /** Definitions of directory extensions that exist, by full name in lower case. */
  isExtension(name: string): boolean;
}

/** Properties that are not stored but follow from what is. */
function computed(object: DirectoryObject, name: string): PropertyValue | null | undefined {
  switch (name) {
    case 'id':
      return object.id;
    case 'deletedDateTime':
      return object.deletedAt === undefined ? null : isoTime(object.deletedAt);
    case 'createdDateTime':
    case 'renewedDateTime':
      return isoTime(object.createdAt);
    case 'securityIdentifier':
      return cloudSid(object.id);
    case 'onPremisesSyncEnabled':
      return syncEnabled(object);
    default:
      return undefined;
  }
}

function syncEnabled({ mastery }: DirectoryObject): boolean | null {
  switch (mastery) {
    case 'synced':
      return true;
    case 'formerlySynced':
      return false;
    case 'cloud':
    case 'transferred':
      return null;
  }
}

/** What is never shown: a password goes in and does not come out. */
const secret = new Set(['passwordProfile', 'sourceAnchor']);

export function shownValue(object: DirectoryObject, { rules }: Entity, name: string): unknown {
  const own = computed(object, name);
  if (own !== undefined) return own;
  const rule = rules.get(name);
  const value = secret.has(name) ? undefined : object.properties[name];
  if (rule?.members !== undefined && !rule.collection) {
    if (name === 'passwordProfile') return null;
    const held = typeof value === 'object' && !Array.isArray(value) ? value : undefined;
    // The fifteen extension attributes always come, empty or not.
    if (name !== 'onPremisesExtensionAttributes' && held === undefined) return null;
    return Object.fromEntries(
      [...rule.members.keys()].map((member) => [
        member,
        member in (held ?? {}) ? Reflect.get(held ?? {}, member) : null,
      ]),
    );
  }
  if (rule?.write === 'outside' && rule.type === 'DateTimeOffset') return '0001-01-01T00:00:00Z';
  return value ?? (rule?.collection === true ? [] : null);
}

const defaults = new Map<Entity, readonly string[]>();

function defaultNames(entity: Entity): readonly string[] {
  let names = defaults.get(entity);
  if (names === undefined) {
    names = [...entity.rules].filter(([, rule]) => rule.byDefault).map(([name]) => name);
    defaults.set(entity, names);
  }
  return names;
}

/** Checks `$select` against a type; navigation properties may be named as well and are left to the caller. */
export function requireSelectable(
  select: readonly string[] | undefined,
  entity: Entity,
  view: View,
  links: readonly string[] = [],
): void {
  for (const name of select ?? []) {
    const bare = name.split('/')[0] ?? name;
    if (entity.rules.has(bare) || links.includes(bare) || view.isExtension(bare)) continue;
    if (view.beta && bare === objectIdentifier) continue;
    throw refuse.unknownSelect(bare, entity.type);
  }
}

/** Lists are answered by the directory's own store alone. */
export function requireInStore(select: readonly string[] | undefined, { rules }: Entity): void {
  if (select?.some((name) => rules.get(name)?.write === 'outside') === true) throw refuse.notSupported();
}

export function represent(object: DirectoryObject, view: View): Representation {
  const entity = entities[object.kind];
  const shown: Representation = {};
  if (view.select === undefined) {
    for (const name of defaultNames(entity)) shown[name] = shownValue(object, entity, name);
    return shown;
  }
  for (const name of view.select) {
    const bare = name.split('/')[0] ?? name;
    if (entity.rules.has(bare)) shown[bare] = shownValue(object, entity, bare);
    else if (view.beta && bare === objectIdentifier) shown[bare] = object.properties[bare] ?? null;
    else if (view.isExtension(bare) && object.properties[bare] !== undefined) shown[bare] = object.properties[bare];
  }
  return shown;
}

/** In a list of directory objects, each says of what type it is. */
export function representTyped(object: DirectoryObject, view: View): Representation {
  return { '@odata.type': `#microsoft.graph.${entities[object.kind].type}`, ...represent(object, view) };
}
