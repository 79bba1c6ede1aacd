import { isoTime } from '../clock.ts';
import type { DirectoryObject, Properties, PropertyChanges, PropertyValue } from '../directory/index.ts';
import type { GraphContext } from './context.ts';
import { type Entity, entities, objectIdentifier, type PropertyRule } from './entities/index.ts';
import { refuse } from './refusals.ts';
import { isJsonObject, type JsonObject } from './request.ts';
import { isWritableExtension } from './view.ts';

export interface WriteRules {
  readonly entity: Entity;
  readonly mode: 'create' | 'update';
  readonly beta: boolean;
  /** Annotations such as `members@odata.bind` that the caller takes care of. */
  readonly binds?: readonly string[];
}

/** What a body asks for: property changes, checked by type and right, and the references beside them. */
export interface Write {
  readonly changes: PropertyChanges;
  readonly binds: ReadonlyMap<string, readonly string[]>;
}

/** Checks a POST's or PATCH's body property by property. */
export function parseWrite(body: JsonObject, rules: WriteRules, context: GraphContext): Write {
  const { entity, mode } = rules;
  const changes: Record<string, PropertyValue | null> = {};
  const binds = new Map<string, readonly string[]>();
  const unknownExtensions: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (name.startsWith('@')) continue;
    if (name.endsWith('@odata.bind')) {
      const link = name.slice(0, -'@odata.bind'.length);
      if (rules.binds?.includes(link) !== true) throw refuse.bindNotSupported(name);
      binds.set(link, referencesOf(name, value));
      continue;
    }
    if (name.includes('@')) continue;
    const rule = entity.rules.get(name);
    if (rule === undefined) {
      if (/^extension_/i.test(name)) {
        if (isWritableExtension(context, name)) changes[name] = extensionValue(context, name, value, entity);
        else unknownExtensions.push(name);
        continue;
      }
      if (name === objectIdentifier && rules.beta && entity.kind === 'user' && mode === 'update') {
        if (value !== null) throw refuse.invalidValue(name, entity.resource);
        changes[name] = null;
        continue;
      }
      throw refuse.unknownProperty(name, entity.type);
    }
    requireWritable(name, rule, rules);
    changes[name] = parseValue(name, rule, value, entity);
  }
  if (unknownExtensions.length > 0) throw refuse.unknownExtensions(unknownExtensions);
  return { changes, binds };
}

function requireWritable(name: string, { write }: PropertyRule, { mode, beta }: WriteRules): void {
  switch (write) {
    case 'always':
      return;
    case 'create':
      if (mode === 'create') return;
      break;
    case 'beta':
      if (beta && mode === 'update') return;
      break;
    case 'outside':
      throw refuse.notSupported();
    case 'never':
      break;
  }
  throw refuse.readOnly(name);
}

function referencesOf(name: string, value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((one) => {
    if (typeof one !== 'string') throw refuse.wrongType(name, 'String');
    return one;
  });
}

function parseValue(name: string, rule: PropertyRule, value: unknown, entity: Entity): PropertyValue | null {
  if (rule.collection) {
    if (value === null) {
      if (rule.nullable) return null;
      throw refuse.invalidValue(name, entity.resource);
    }
    if (!Array.isArray(value)) throw refuse.wrongType(name, `Collection(${rule.type})`);
    if (rule.values !== undefined && value.length > rule.values) throw refuse.invalidValue(name, entity.resource);
    const items = value.map((item) => parseSingle(name, rule, item, entity)).filter((item) => item !== null);
    return items.length === 0 ? null : items;
  }
  return parseSingle(name, rule, value, entity);
}

function parseSingle(name: string, rule: PropertyRule, value: unknown, entity: Entity): PropertyValue | null {
  if (value === null) {
    if (rule.nullable && !rule.collection) return null;
    throw refuse.invalidValue(name, entity.resource);
  }
  switch (rule.type) {
    case 'Boolean':
      if (typeof value !== 'boolean') throw refuse.wrongType(name, 'Boolean');
      return value;
    case 'Int32':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw refuse.wrongType(name, 'Int32');
      return value;
    case 'DateTimeOffset': {
      const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      if (Number.isNaN(time)) throw refuse.wrongType(name, 'DateTimeOffset');
      return isoTime(time);
    }
    case 'Structure':
      return parseStructure(name, rule, value, entity);
    case 'String':
    case 'Guid':
    case 'Binary': {
      if (typeof value !== 'string') throw refuse.wrongType(name, rule.type);
      const fits = value.trim() !== '' && (rule.max === undefined || value.length <= rule.max);
      if (!fits || (rule.pattern !== undefined && !rule.pattern.test(value))) {
        throw refuse.invalidValue(name, entity.resource);
      }
      return value;
    }
  }
}

function parseStructure(name: string, rule: PropertyRule, value: unknown, entity: Entity): PropertyValue {
  if (!isJsonObject(value)) throw refuse.wrongType(name, 'ComplexType');
  const members: Record<string, PropertyValue | null> = {};
  for (const [member, inner] of Object.entries(value)) {
    if (member.includes('@')) continue;
    const memberRule = rule.members?.get(member);
    if (memberRule === undefined) throw refuse.unknownProperty(member, name);
    members[member] = inner === null ? null : parseSingle(member, memberRule, inner, entity);
  }
  return members;
}

/** The bytes and letters a directory extension may hold, by the type it was defined with. */
function extensionValue(context: GraphContext, name: string, value: unknown, entity: Entity): PropertyValue | null {
  if (value === null) return null;
  const [definition] = context.directory.objects.byKey('name', name);
  const { dataType, isMultiValued, targetObjects } = definition?.properties ?? {};
  if (!Array.isArray(targetObjects) || !targetObjects.includes(entity.resource)) throw refuse.unknownExtensions([name]);
  if (isMultiValued === true) {
    if (!Array.isArray(value)) throw refuse.wrongType(name, 'Collection');
    return value.length === 0 ? null : value.map((item) => extensionSingle(name, dataType, item, entity));
  }
  return extensionSingle(name, dataType, value, entity);
}

function extensionSingle(name: string, dataType: unknown, value: unknown, entity: Entity): PropertyValue {
  switch (dataType) {
    case 'Boolean':
      if (typeof value === 'boolean') return value;
      throw refuse.wrongType(name, 'Boolean');
    case 'Integer':
      if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 31) return value;
      throw refuse.wrongType(name, 'Int32');
    case 'LargeInteger':
      if (typeof value === 'number' && Number.isInteger(value)) return value;
      throw refuse.wrongType(name, 'Int64');
    case 'DateTime': {
      const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      if (Number.isNaN(time)) throw refuse.wrongType(name, 'DateTimeOffset');
      return isoTime(time);
    }
    case 'Binary': {
      if (typeof value !== 'string') throw refuse.wrongType(name, 'Binary');
      if (Buffer.from(value, 'base64').length > 256) throw refuse.invalidValue(name, entity.resource);
      return value;
    }
    default: {
      if (typeof value !== 'string') throw refuse.wrongType(name, 'String');
      if (value.length > 256 || value === '') throw refuse.invalidValue(name, entity.resource);
      return value;
    }
  }
}

/** The changes of a create without the nulls: what has no value is not stored. */
export function initialProperties(changes: PropertyChanges): Properties {
  const properties: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) continue;
    if (typeof value !== 'object' || Array.isArray(value)) {
      properties[name] = value;
      continue;
    }
    const members = Object.entries(value).filter(([, member]) => member !== null);
    if (members.length > 0) properties[name] = Object.fromEntries(members);
  }
  return properties;
}

export function requireProperties(changes: PropertyChanges, names: readonly string[], entity: Entity): void {
  for (const name of names) {
    if (changes[name] === undefined || changes[name] === null) throw refuse.missingProperty(name, entity.resource);
  }
}

/** Refuses changes to what another service masters, in the words of that service's kind. */
export function requireCloudMastered(object: DirectoryObject, names: readonly string[]): void {
  const { rules } = entities[object.kind];
  const mastered = names.some((name) => rules.get(name)?.mastered === true || /^(onPremises|extension_)/.test(name));
  if (object.mastery === 'synced' && mastered) throw refuse.synced();
  if (object.mastery === 'formerlySynced' && names.includes('onPremisesExtensionAttributes')) {
    throw refuse.externalService();
  }
}

/** How many directory extension values an object would hold. */
export function requireExtensionRoom(before: Properties, changes: PropertyChanges, limit: number): void {
  const names = new Set(Object.keys(before).filter((name) => name.startsWith('extension_')));
  for (const [name, value] of Object.entries(changes)) {
    if (!name.startsWith('extension_')) continue;
    if (value === null) names.delete(name);
    else names.add(name);
  }
  if (names.size > limit) throw refuse.linkQuota(names.size, limit, 'extensionProperties');
}
