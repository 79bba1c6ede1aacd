import {
  attributeText,
  base64Of,
  booleanOf,
  bytesOf,
  child,
  children,
  childText,
  integerOf,
  isNil,
  type PropertyType,
  propertyOf,
  text,
  WireError,
  type XmlElement,
} from '../../wire/index.ts';
import type { PropertyValue } from '../directory/index.ts';
import { ObjectFailure } from './faults.ts';

/** A property's value as the directory keeps it; bytes as base64. */
export type SyncValue = string | number | boolean | readonly string[];

export interface ReferenceChange {
  readonly add: boolean;
  /** A source anchor or a cloud anchor. */
  readonly anchor: string;
}

export type GivenValue = SyncValue | null | { readonly changes: readonly ReferenceChange[] };

/** One object of a provisioning call. */
export interface GivenObject {
  readonly type: string;
  readonly operation: string;
  /** By the schema's names, whatever case the client writes; of others directory extensions alone. */
  readonly properties: ReadonlyMap<string, GivenValue>;
  /** Why the properties could not be read. */
  readonly failure: ObjectFailure | undefined;
}

const extensionName = /^extension_[0-9a-f]{32}_[A-Za-z0-9_]+$/i;

export function readObject(object: XmlElement): GivenObject {
  const properties = new Map<string, GivenValue>();
  let failure: ObjectFailure | undefined;
  for (const entry of children(child(object, 'PropertyValues'), 'KeyValueOfstringanyType')) {
    const key = childText(entry, 'Key');
    const value = child(entry, 'Value');
    if (key === undefined || value === undefined) continue;
    const property = propertyOf(key);
    if (property === undefined && !extensionName.test(key)) continue;
    try {
      properties.set(property?.name ?? key, readValue(value, property?.type, property?.many));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      failure = new ObjectFailure('DataValidationFailed', `The value of ${key} is not valid: ${error.message}`);
    }
  }
  return {
    type: childText(object, 'SyncObjectType') ?? '',
    operation: childText(object, 'SyncOperation') ?? '',
    properties,
    failure,
  };
}

/** The schema says the type. What it does not know has the type it is sent with. */
function readValue(value: XmlElement, type: PropertyType | undefined, many: boolean | undefined): GivenValue {
  if (isNil(value)) return null;
  const sent = attributeText(value, 'type')?.split(':').at(-1) ?? 'string';
  if (sent === 'SyncReferenceChangeCollection') return { changes: readChanges(value) };
  const listed = sent.startsWith('ArrayOf');
  const items = listed ? children(value) : [value];
  const of = type ?? sentTypes.get(listed ? sent.slice('ArrayOf'.length) : sent) ?? 'string';
  if (many ?? listed) {
    const values = items
      .map((item) => (of === 'binary' ? base64Of(bytesOf(item)) : text(item)))
      .filter((one) => one !== '');
    return values.length === 0 ? null : values;
  }
  const [item] = items;
  if (item === undefined) return null;
  switch (of) {
    case 'boolean':
      return booleanOf(item);
    case 'integer':
      return integerOf(item);
    case 'binary':
      return text(item) === '' ? null : base64Of(bytesOf(item));
    default:
      return text(item) === '' ? null : text(item);
  }
}

const sentTypes = new Map<string, PropertyType>([
  ['boolean', 'boolean'],
  ['long', 'integer'],
  ['int', 'integer'],
  ['base64Binary', 'binary'],
]);

/** `operationInt` 1 adds and 2 removes. */
function readChanges(value: XmlElement): readonly ReferenceChange[] {
  return children(child(value, 'referenceChanges'), 'SyncReferenceChange').flatMap((change) => {
    const anchor = childText(child(change, 'Reference'), 'Anchor');
    return anchor === undefined ? [] : [{ add: childText(change, 'operationInt')?.trim() !== '2', anchor }];
  });
}

export function textValue(value: GivenValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function isStructure(
  value: PropertyValue | null | undefined,
): value is { readonly [name: string]: PropertyValue | null } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isChanges(value: GivenValue): value is { readonly changes: readonly ReferenceChange[] } {
  return typeof value === 'object' && value !== null && 'changes' in value;
}
