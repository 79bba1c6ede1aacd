import { facts, type TypeText } from './facts.ts';
import { fits, isOpen, navigationType, parseType, propertyType, targetsOf } from './schema.ts';

export interface ValueScope {
  readonly beta: boolean;
  /** Takes what is wrong, with where it is. */
  report(problem: string): void;
}

const primitives: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  Int16: (value) => Number.isInteger(value),
  Int32: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  Int64: (value) => Number.isInteger(value),
  Double: (value) => typeof value === 'number',
  Guid: (value) => typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
  DateTimeOffset: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value),
  Date: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value),
  Duration: (value) => typeof value === 'string' && value.startsWith('P'),
  Binary: (value) => typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value),
  Stream: (value) => typeof value === 'string',
};

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks a value against a type, collections item by item. */
export function checkValue(value: unknown, type: TypeText, where: string, scope: ValueScope): void {
  const { name, collection, nullable } = parseType(type);
  if (collection) {
    if (!Array.isArray(value)) {
      scope.report(`${where} is no collection of ${name}`);
      return;
    }
    for (const [i, item] of value.entries()) checkSingle(item, name, false, `${where}[${i}]`, scope);
    return;
  }
  checkSingle(value, name, nullable, where, scope);
}

function checkSingle(value: unknown, name: string, nullable: boolean, where: string, scope: ValueScope): void {
  if (value === null) {
    if (!nullable) scope.report(`${where} is null and may not be`);
    return;
  }
  const primitive = primitives[name];
  if (primitive !== undefined) {
    if (!primitive(value)) scope.report(`${where} is no Edm.${name}: ${JSON.stringify(value)}`);
    return;
  }
  const members = facts.enumerations[name];
  if (members !== undefined) {
    const parts = typeof value === 'string' ? value.split(',') : [];
    if (parts.length === 0 || !parts.every((part) => members.includes(part.trim()))) {
      scope.report(`${where} is no ${name}: ${JSON.stringify(value)}`);
    }
    return;
  }
  checkObject(value, name, where, scope);
}

/** An entity or a structure, in an answer or a body. */
export function checkObject(value: unknown, type: string, where: string, scope: ValueScope): void {
  if (!isRecord(value)) {
    scope.report(`${where} is no ${type}: ${JSON.stringify(value)}`);
    return;
  }
  const actual = actualType(value, type, where, scope);
  for (const [name, inner] of Object.entries(value)) {
    if (name.includes('@')) {
      checkAnnotation(name, inner, actual, where, scope);
      continue;
    }
    const property = propertyType(actual, name, scope.beta);
    if (property !== undefined) checkValue(inner, property, `${where}.${name}`, scope);
    else if (!checkNavigation(inner, actual, name, where, scope)) checkUnknown(name, actual, where, scope);
  }
}

function actualType(value: JsonRecord, type: string, where: string, scope: ValueScope): string {
  const annotated = value['@odata.type'];
  if (annotated === undefined) return type;
  const actual = typeof annotated === 'string' ? annotated.replace(/^#microsoft\.graph\./, '') : '';
  if (actual === annotated || !fits(actual, type)) {
    scope.report(`${where} is of type ${String(annotated)} where ${type} is expected`);
    return type;
  }
  return actual;
}

/** `$expand` brings the objects themselves. */
function checkNavigation(value: unknown, type: string, name: string, where: string, scope: ValueScope): boolean {
  const link = navigationType(type, name);
  if (link === undefined) return false;
  const { name: target, collection } = parseType(link);
  const items = collection && Array.isArray(value) ? value : [value];
  for (const item of items) checkObject(item, target, `${where}.${name}`, scope);
  return true;
}

function checkUnknown(name: string, type: string, where: string, scope: ValueScope): void {
  if (isOpen(type) && /^extension_[\da-f]{32}_\w+$/i.test(name)) return;
  scope.report(`${where}.${name} is no property of ${type}`);
}

const annotations = new Set(['@odata.type', '@odata.context', '@odata.id', '@odata.etag', '@removed', '@odata.count']);

function checkAnnotation(name: string, value: unknown, type: string, where: string, scope: ValueScope): void {
  if (annotations.has(name)) {
    if (name === '@removed' && !(isRecord(value) && (value['reason'] === 'changed' || value['reason'] === 'deleted'))) {
      scope.report(`${where}.@removed gives no reason`);
    }
    return;
  }
  const [, link = '', annotation] =
    /^(\w+)@(delta|odata\.bind|odata\.context|odata\.type|odata\.count)$/.exec(name) ?? [];
  if (annotation === 'odata.type') return;
  const target = navigationType(type, link);
  if (annotation === undefined || target === undefined) {
    scope.report(`${where}.${name} is no annotation of ${type}`);
    return;
  }
  if (annotation === 'delta') checkLinkChanges(value, type, link, `${where}.${name}`, scope);
  if (annotation === 'odata.bind') checkBind(value, parseType(target).collection, `${where}.${name}`, scope);
}

function checkLinkChanges(value: unknown, type: string, link: string, where: string, scope: ValueScope): void {
  if (!Array.isArray(value) || value.length === 0) {
    scope.report(`${where} is no list of changes`);
    return;
  }
  const allowed = targetsOf(type, link);
  for (const item of value) {
    if (!isRecord(item) || typeof item['id'] !== 'string' || typeof item['@odata.type'] !== 'string') {
      scope.report(`${where} holds what is no link: ${JSON.stringify(item)}`);
      continue;
    }
    const actual = item['@odata.type'].replace(/^#microsoft\.graph\./, '');
    if (allowed !== undefined && !allowed.includes(actual)) scope.report(`${where} may not lead to ${actual}`);
    const others = Object.keys(item).filter((key) => !['id', '@odata.type', '@removed'].includes(key));
    if (others.length > 0) scope.report(`${where} holds ${others.join(', ')} beside the link`);
  }
}

function checkBind(value: unknown, collection: boolean, where: string, scope: ValueScope): void {
  const items: readonly unknown[] = collection && Array.isArray(value) ? value : [value];
  for (const item of items) {
    if (typeof item !== 'string' || !/^(https:\/\/[^/]+)?\/?(v1\.0|beta)?\/?\w+/.test(item)) {
      scope.report(`${where} holds what is no reference: ${JSON.stringify(item)}`);
    }
  }
}
