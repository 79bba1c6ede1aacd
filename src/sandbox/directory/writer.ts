import { randomUUID } from 'node:crypto';
import { changeTransactor } from './changes.ts';
import type { DirectoryContext } from './context.ts';
import { type KeyRule, keyRules, keyValues } from './keys.ts';
import { type LinkAttribute, linkTransactor } from './links.ts';
import {
  type DirectoryKind,
  type DirectoryObject,
  isUnified,
  type Mastery,
  never,
  type Properties,
  type PropertyChanges,
  type PropertyValue,
  text,
} from './object.ts';
import type { ObjectReader } from './objects.ts';
import { ObjectQuotaReached, ValueTaken } from './refusals.ts';

export type DirectoryWriter = ReturnType<typeof directoryWriter>;

/** Changes to objects and links, each with what follows from it. Exists only inside `directory.transact`. */
export function directoryWriter(context: DirectoryContext, objects: ObjectReader) {
  const { database, clock, profile, random } = context;
  const changes = changeTransactor(context);
  const links = linkTransactor(context);
  const insert = database.prepare<[string, string, string, string, number, number, number]>(
    `INSERT INTO object (id, kind, state, mastery, properties, created_at, visible_from, visible_until)
     VALUES (?, ?, 'live', ?, ?, ?, ?, ?)`,
  );
  const save = database.prepare<[string, string, number]>(
    'UPDATE object SET properties = ?, mastery = ? WHERE number = ?',
  );
  const move = database.prepare<[string, string, number | null, number, number, number]>(
    `UPDATE object SET state = ?, properties = ?, deleted_at = ?, visible_from = ?, visible_until = ? WHERE number = ?`,
  );
  const insertKey = database.prepare<[string, string, number]>('INSERT OR IGNORE INTO key VALUES (?, ?, ?)');
  const removeKeys = database.prepare<[number, string]>('DELETE FROM key WHERE object = ? AND name = ?');
  const removeAllKeys = database.prepare<[number]>('DELETE FROM key WHERE object = ?');
  const expired = database.prepare<[number], { number: number }>(
    `SELECT number FROM object WHERE deleted_at < ? AND state = 'deleted'`,
  );
  const forgotten = database.prepare<[number]>(`DELETE FROM object WHERE deleted_at < ? AND state = 'purged'`);

  const lateness = (): number => Math.floor(random() * profile().replication.seconds * 1000);

  /** A deleted object keeps its anchors to itself, and nothing else. */
  function holds(rule: KeyRule, other: DirectoryObject): boolean {
    if (!rule.uniqueAmong.includes(other.kind)) return false;
    if (rule.uniqueWhen !== undefined && !rule.uniqueWhen(other.properties)) return false;
    if (other.state === 'live') return true;
    return other.state === 'deleted' && profile().softDelete.holds.some((name) => name === rule.name);
  }

  function requireFree(rule: KeyRule, kind: DirectoryKind, properties: Properties, number: number | undefined): void {
    if (!profile().uniqueness || !rule.uniqueAmong.includes(kind)) return;
    if (rule.uniqueWhen !== undefined && !rule.uniqueWhen(properties)) return;
    for (const value of keyValues(rule, properties)) {
      const other = objects.byKey(rule.name, value).find((found) => found.number !== number && holds(rule, found));
      if (other !== undefined) throw new ValueTaken(rule.name, other);
    }
  }

  function storeKeys(number: number, rule: KeyRule, properties: Properties): void {
    for (const value of keyValues(rule, properties)) insertKey.run(rule.name, value, number);
  }

  function requireRoom(): void {
    const limit = profile().quotas.objects;
    if (limit === null) return;
    const kinds: readonly DirectoryKind[] = ['user', 'group', 'contact', 'device', 'application', 'servicePrincipal'];
    const held = kinds.reduce((sum, kind) => sum + objects.count(kind, 'live') + objects.count(kind, 'deleted'), 0);
    if (held >= limit) throw new ObjectQuotaReached(limit);
  }

  /** Those who named an object see it go, or come back. */
  function tellNaming(what: 'linked' | 'unlinked', target: number): void {
    for (const { attribute, number, kind } of links.naming(target)) {
      changes.link(what, { number, kind }, attribute, target);
    }
  }

  function purge(object: DirectoryObject): void {
    if (object.state === 'live') tellNaming('unlinked', object.number);
    links.forgetAll(object.number);
    removeAllKeys.run(object.number);
    const now = clock.now();
    move.run('purged', '{}', now, object.visibleFrom, now + lateness(), object.number);
    changes.object('purged', object);
  }

  function created(number: number): DirectoryObject {
    const object = objects.byNumber(number);
    if (object === undefined) throw new Error(`object ${number} was not stored`);
    return object;
  }

  return {
    create(
      kind: DirectoryKind,
      properties: Properties,
      how: { readonly mastery?: Mastery; readonly id?: string; readonly atOnce?: boolean; readonly late?: number } = {},
    ): DirectoryObject {
      requireRoom();
      for (const rule of keyRules) requireFree(rule, kind, properties, undefined);
      const now = clock.now();
      const visibleFrom = how.atOnce === true ? now : now + (how.late ?? 0) + lateness();
      const { lastInsertRowid } = insert.run(
        how.id ?? randomUUID(),
        kind,
        how.mastery ?? 'cloud',
        JSON.stringify(properties),
        now,
        visibleFrom,
        never,
      );
      const number = Number(lastInsertRowid);
      for (const rule of keyRules) storeKeys(number, rule, properties);
      changes.object('created', { number, kind });
      return created(number);
    },

    /** Lays changes over the object's properties; gives back the names of those that are different now. */
    update(object: DirectoryObject, change: PropertyChanges, mastery: Mastery = object.mastery): readonly string[] {
      const { properties, names } = changed(object.properties, change);
      if (names.length === 0 && mastery === object.mastery) return names;
      const touched = keyRules.filter(
        (rule) => names.includes(rule.name) || (rule.uniqueWhen !== undefined && names.includes('groupTypes')),
      );
      for (const rule of touched) requireFree(rule, object.kind, properties, object.number);
      save.run(JSON.stringify(properties), mastery, object.number);
      for (const rule of touched) {
        removeKeys.run(object.number, rule.name);
        storeKeys(object.number, rule, properties);
      }
      changes.object('updated', object, mastery === object.mastery ? names : [...names, 'onPremisesSyncEnabled']);
      return names;
    },

    /** Into the recycle bin where the kind has one, else for good. */
    delete(object: DirectoryObject): void {
      if (!recyclable(object, profile().softDelete.securityGroups)) {
        purge(object);
        return;
      }
      tellNaming('unlinked', object.number);
      const now = clock.now();
      const properties = setAside(object);
      move.run('deleted', JSON.stringify(properties), now, object.visibleFrom, now + lateness(), object.number);
      if (properties !== object.properties) {
        removeKeys.run(object.number, 'userPrincipalName');
        for (const rule of keyRules) if (rule.name === 'userPrincipalName') storeKeys(object.number, rule, properties);
      }
      changes.object('deleted', object);
    },

    restore(object: DirectoryObject, change: PropertyChanges = {}): DirectoryObject {
      const { properties } = changed(takenBack(object), change);
      for (const rule of keyRules) requireFree(rule, object.kind, properties, object.number);
      move.run('live', JSON.stringify(properties), null, clock.now() + lateness(), never, object.number);
      removeAllKeys.run(object.number);
      for (const rule of keyRules) storeKeys(object.number, rule, properties);
      changes.object('restored', object);
      tellNaming('linked', object.number);
      return created(object.number);
    },

    purge,

    /** False when the link is there already. */
    link(attribute: LinkAttribute, holder: DirectoryObject, target: DirectoryObject): boolean {
      const added = links.insert(attribute, holder.number, target.number);
      if (added) changes.link('linked', holder, attribute, target.number);
      return added;
    },

    /** False when there is no such link. */
    unlink(attribute: LinkAttribute, holder: DirectoryObject, target: DirectoryObject): boolean {
      const removed = links.remove(attribute, holder.number, target.number);
      if (removed) changes.link('unlinked', holder, attribute, target.number);
      return removed;
    },

    /** Makes `target` the only one the holder names by an attribute of one value. */
    linkOnly(attribute: LinkAttribute, holder: DirectoryObject, target: DirectoryObject): void {
      for (const other of links.held(attribute, holder.number)) {
        if (other === target.number) continue;
        links.remove(attribute, holder.number, other);
        changes.link('unlinked', holder, attribute, other);
      }
      if (links.insert(attribute, holder.number, target.number)) {
        changes.link('linked', holder, attribute, target.number);
      }
    },

    /** Lets go of what has lain in the recycle bin for its time, and of changes no token asks for any more. */
    tidy(): void {
      const now = clock.now();
      const day = 86_400_000;
      for (const { number } of expired.all(now - profile().softDelete.days * day)) {
        const object = objects.byNumber(number);
        if (object !== undefined) purge(object);
      }
      const kept = now - (profile().delta.tokenDays + 1) * day;
      changes.prune(kept);
      forgotten.run(kept);
    },
  };
}

function recyclable(object: DirectoryObject, securityGroups: boolean): boolean {
  switch (object.kind) {
    case 'user':
    case 'device':
    case 'application':
    case 'servicePrincipal':
      return true;
    case 'group':
      return securityGroups || isUnified(object.properties);
    case 'contact':
    case 'directoryRole':
    case 'extensionProperty':
      return false;
  }
}

const mark = (object: DirectoryObject): string => object.id.replaceAll('-', '');

/** A deleted user's name is free for others: its own gets the user's id before it. */
function setAside(object: DirectoryObject): Properties {
  const name = text(object.properties['userPrincipalName']);
  if (object.kind !== 'user' || name === undefined) return object.properties;
  return { ...object.properties, userPrincipalName: `${mark(object)}${name}` };
}

function takenBack(object: DirectoryObject): Properties {
  const name = text(object.properties['userPrincipalName']);
  if (object.kind !== 'user' || name === undefined || !name.startsWith(mark(object))) return object.properties;
  return { ...object.properties, userPrincipalName: name.slice(mark(object).length) };
}

function isStructure(
  value: PropertyValue | null | undefined,
): value is { readonly [name: string]: PropertyValue | null } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Structures are changed member by member, as a PATCH says them. */
function changed(
  before: Properties,
  change: PropertyChanges,
): { readonly properties: Properties; readonly names: readonly string[] } {
  const properties: Record<string, PropertyValue> = { ...before };
  const names: string[] = [];
  for (const [name, value] of Object.entries(change)) {
    const old = before[name];
    const next = isStructure(value) && isStructure(old) ? { ...old, ...value } : value;
    const kept = isStructure(next) ? withoutNulls(next) : next;
    if (JSON.stringify(kept ?? null) === JSON.stringify(old ?? null)) continue;
    if (kept === null) delete properties[name];
    else properties[name] = kept;
    names.push(name);
  }
  return { properties, names };
}

function withoutNulls(value: { readonly [name: string]: PropertyValue | null }): PropertyValue | null {
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
