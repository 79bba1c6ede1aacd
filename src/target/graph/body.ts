import type { SourceAnchor, TenantAttributes, TenantValue } from '../../model/index.ts';
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

/** The values of an object as the tenant shows it, by the engine's names; what has none is left out. */
export function fromBody(kind: GraphKind, body: Readonly<Record<string, unknown>>): TenantAttributes {
  const values: Record<string, TenantValue> = {};
  for (const [name, attribute] of kind.attributes) {
    const value = shown(attribute, body);
    if (value !== null) values[name] = value;
  }
  return values;
}

function shown(attribute: GraphAttribute, body: Readonly<Record<string, unknown>>): TenantValue {
  const [outer = attribute.name, inner] = attribute.name.split('/');
  const found = body[outer];
  const value = inner === undefined ? found : isRecord(found) ? found[inner] : undefined;
  if (attribute.extension !== undefined) return extensionFromJson(attribute.extension, value);
  if (attribute.form === 'addresses') {
    const texts = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    return texts.length === 0 ? null : texts.sort();
  }
  const single: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof single === 'boolean') return single;
  return typeof single === 'string' && single !== '' ? single : null;
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
