import type { SourceAnchor, TenantAttributes, TenantValue } from '../../model/index.ts';
import { BadAnswerError } from '../errors.ts';
import type { GraphAttribute, GraphKind } from './attributes.ts';
import { extensionFromJson, extensionToJson } from './extension-value.ts';
import { isRecord } from './json.ts';

/** The tenant's values as JSON of a request: `jobTitle`, `businessPhones: [..]`, `onPremisesExtensionAttributes: {..}`. */
export function toBody(kind: GraphKind, values: TenantAttributes): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const attribute = kind.attributes.get(name);
    if (attribute === undefined || attribute.write === 'never') continue;
    const [outer = attribute.name, inner] = attribute.name.split('/');
    if (inner !== undefined) {
      const before = body[outer];
      body[outer] = { ...(isRecord(before) ? before : {}), [inner]: value };
    } else if (attribute.extension !== undefined) body[outer] = extensionToJson(attribute.extension, value);
    else if (attribute.name === 'businessPhones') body[outer] = value === null ? [] : [value];
    else body[outer] = value;
  }
  return body;
}

type Body = Readonly<Record<string, unknown>>;

/** The values of an object as the tenant shows it, by the engine's names; what has none is left out. */
export function fromBody(kind: GraphKind, body: Body): TenantAttributes {
  const values: Record<string, TenantValue> = {};
  for (const [name, attribute] of kind.attributes) {
    const value = shown(attribute, body);
    if (value !== null) values[name] = value;
  }
  return values;
}

function shown(attribute: GraphAttribute, body: Body): TenantValue {
  const [outer = attribute.name, inner] = attribute.name.split('/');
  if (attribute.extension !== undefined) return extensionFromJson(attribute.extension, body[outer]);
  if (attribute.form === 'flag') return flagAt(body, outer) ?? null;
  if (attribute.form === 'addresses') {
    const texts = valueAt(body, outer, isTexts, 'list of texts') ?? [];
    return texts.length === 0 ? null : texts.toSorted();
  }
  if (outer === 'businessPhones') return valueAt(body, outer, isTexts, 'list of texts')?.[0] || null;
  const holder = inner === undefined ? body : (valueAt(body, outer, isRecord, 'object') ?? {});
  return textAt(holder, inner ?? outer) || null;
}

export function textAt(body: Body, name: string): string | undefined {
  return valueAt(body, name, (value) => typeof value === 'string', 'text');
}

export function flagAt(body: Body, name: string): boolean | undefined {
  return valueAt(body, name, (value) => typeof value === 'boolean', 'flag');
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Nothing where there is none. A value of another type is not the tenant's, and never passes for none. */
function valueAt<T>(body: Body, name: string, is: (value: unknown) => value is T, what: string): T | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || is(value)) return value;
  throw new BadAnswerError('an object', `its ${name} is no ${what}`);
}

/** The properties to ask for so that `fromBody` finds everything. */
export function selected(kind: GraphKind): readonly string[] {
  return [...new Set([...kind.attributes.values()].map(({ name }) => name.split('/')[0] ?? name))];
}

/** The alias of an object whose directory has none, which the tenant does not do without. */
export function fallbackAlias(anchor: SourceAnchor, userPrincipalName: TenantValue | undefined): string {
  const local =
    typeof userPrincipalName === 'string' ? userPrincipalName.slice(0, userPrincipalName.lastIndexOf('@')) : '';
  const plain = local.replace(/[^\x21-\x7e]|[@()\\[\]";:<>,]/g, '').slice(0, 64);
  return plain === '' ? Buffer.from(anchor, 'base64').toString('hex') : plain;
}
