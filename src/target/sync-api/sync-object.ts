import type { TenantValue } from '../../model/index.ts';
import {
  type ObjectKind,
  parseSourceAnchor,
  parseTenantId,
  type SourceAnchor,
  type TenantId,
} from '../../model/index.ts';
import {
  attribute,
  attributeText,
  booleanOf,
  bytesOf,
  child,
  children,
  childText,
  element,
  integerOf,
  isNil,
  namespace,
  namespaces,
  propertyOf,
  syncObjectTypes,
  text,
  type Value,
  type XmlElement,
} from '../../wire/index.ts';
import type { AnsweredObject } from './answer.ts';

/** `Add` makes a new device; `Set` makes or updates everything else. */
export type SyncOperation = 'Add' | 'Set' | 'Delete';

export interface ReferenceChange {
  readonly add: boolean;
  readonly anchor: SourceAnchor;
}

export type SyncValue = TenantValue | { readonly changes: readonly ReferenceChange[] };

/** One object on its way to the service. */
export interface SyncObject {
  readonly kind: ObjectKind;
  readonly operation: SyncOperation;
  readonly properties: ReadonlyMap<string, SyncValue>;
}

/** The children of `syncRequest`'s parent: what both forms of the provisioning call carry. */
export function writeSyncRequest(objects: readonly SyncObject[]): XmlElement {
  return element(
    'syncRequest',
    [namespace('b', namespaces.objects), namespace('i', namespaces.instance)],
    [element('b:SyncObjects', [], objects.map(writeSyncObject))],
  );
}

function writeSyncObject({ kind, operation, properties }: SyncObject): XmlElement {
  const entries = [...properties].map(([key, value]) =>
    element('c:KeyValueOfstringanyType', [], [element('c:Key', [], [key]), writeProperty(key, value)]),
  );
  return element(
    'b:AzureADSyncObject',
    [],
    [
      element('b:PropertyValues', [namespace('c', namespaces.arrays)], entries),
      element('b:SyncObjectType', [], [syncObjectTypes[kind]]),
      element('b:SyncOperation', [], [operation]),
    ],
  );
}

const schema = namespace('d', namespaces.schema);

function typed(type: string, value: Value): XmlElement {
  return element('c:Value', [attribute('i:type', `d:${type}`), schema], [value]);
}

/** By the type of the value, which the profile has made that of the property. */
function writeProperty(name: string, value: SyncValue): XmlElement {
  if (value === null) return element('c:Value', [attribute('i:nil', true)]);
  if (typeof value === 'string') return typed('string', value);
  if (typeof value === 'boolean') return typed('boolean', value);
  if (typeof value === 'number') return typed('long', value);
  if (value instanceof Uint8Array) return typed('base64Binary', value);
  if ('changes' in value) return writeChanges(value.changes);
  const type = propertyOf(name)?.type === 'binary' ? 'base64Binary' : 'string';
  const items = [...value].map((one) => element(`c:${type}`, [], [one]));
  return element('c:Value', [attribute('i:type', `c:ArrayOf${type}`)], items);
}

/** `referenceTypeInt` 2: by source anchor; `operationInt` 1 adds, 2 removes. */
function writeChanges(changes: readonly ReferenceChange[]): XmlElement {
  return element(
    'c:Value',
    [attribute('i:type', 'SyncReferenceChangeCollection'), namespace('', namespaces.service)],
    [
      element(
        'referenceChanges',
        [],
        changes.map(({ add, anchor }) =>
          element(
            'SyncReferenceChange',
            [],
            [
              element('Reference', [], [element('Anchor', [], [anchor]), element('referenceTypeInt', [], ['2'])]),
              element('operationInt', [], [add ? '1' : '2']),
            ],
          ),
        ),
      ),
    ],
  );
}

/** One object as the service gives it back. */
export interface ReadObject {
  readonly kind: ObjectKind | undefined;
  readonly deleted: boolean;
  /** By the name as Entra Connect writes it; an extension's as it came. */
  readonly properties: ReadonlyMap<string, TenantValue>;
}

const kindsByType = new Map<string, ObjectKind>([
  [syncObjectTypes.user, 'user'],
  [syncObjectTypes.group, 'group'],
  [syncObjectTypes.contact, 'contact'],
  [syncObjectTypes.device, 'device'],
]);

export function readSyncObject({ element: object, properties: given }: AnsweredObject): ReadObject {
  const properties = new Map<string, TenantValue>();
  for (const { element: entry, texts } of given) {
    const key = childText(entry, 'Key');
    const value = child(entry, 'Value');
    if (key === undefined || value === undefined) continue;
    const property = propertyOf(key);
    const read = isNil(value) ? null : readValue(value, texts, property?.type, property?.many);
    properties.set(property?.name ?? key, read);
  }
  return {
    kind: kindsByType.get(childText(object, 'SyncObjectType') ?? ''),
    deleted: childText(object, 'SyncOperation') === 'Delete',
    properties,
  };
}

/** By the property's type; of a property that the schema has not, by the type it came with. */
function readValue(
  value: XmlElement,
  texts: readonly string[],
  type: string | undefined,
  many: boolean | undefined,
): TenantValue {
  const came = attributeText(value, 'type')?.split(':').at(-1) ?? 'string';
  const listed = came.startsWith('ArrayOf');
  const of = type ?? typesThatCome.get(listed ? came.slice('ArrayOf'.length) : came) ?? 'string';
  const list = many ?? listed;
  if (list && of !== 'binary')
    return listOf(!listed ? [text(value)] : texts.length > 0 ? texts : children(value).map(text));
  const items = listed ? [...children(value), ...texts.map((one) => element('string', [], [one]))] : [value];
  if (of === 'binary') {
    const bytes = items.map(bytesOf);
    return list ? (bytes.length === 0 ? null : bytes.toSorted(Buffer.compare)) : (bytes[0] ?? null);
  }
  const [item] = items;
  if (item === undefined) return null;
  if (of === 'boolean') return booleanOf(item);
  if (of === 'integer') return integerOf(item);
  const plain = text(item);
  return plain === '' ? null : plain;
}

/** Each once, in order. */
function listOf(texts: readonly string[]): TenantValue {
  const sorted = texts.filter((one) => one !== '').sort();
  return sorted.length === 0 ? null : sorted.filter((one, i) => one !== sorted[i - 1]);
}

const typesThatCome = new Map([
  ['boolean', 'boolean'],
  ['long', 'integer'],
  ['int', 'integer'],
  ['base64Binary', 'binary'],
]);

/** `User_<id>`, as the service names its own objects. */
export function parseCloudAnchor(anchor: string | undefined): TenantId | undefined {
  const id = anchor?.split('_').at(-1);
  return id === undefined ? undefined : parseTenantId(id);
}

export function anchorOf(value: TenantValue | undefined): SourceAnchor | undefined {
  return typeof value === 'string' ? parseSourceAnchor(value) : undefined;
}
