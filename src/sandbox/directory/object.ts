/** The kinds of object the tenant's directory holds; `contact` is Graph's orgContact. */
export const directoryKinds = [
  'user',
  'group',
  'contact',
  'device',
  'application',
  'servicePrincipal',
  'directoryRole',
  'extensionProperty',
] as const;
export type DirectoryKind = (typeof directoryKinds)[number];

export type ObjectState = 'live' | 'deleted' | 'purged';
/** Who writes the object: the cloud alone, a sync service, the cloud after one, or the cloud since authority moved. */
export type Mastery = 'cloud' | 'synced' | 'formerlySynced' | 'transferred';

/** A value as JSON has it. */
export type PropertyValue =
  | string
  | number
  | boolean
  | readonly PropertyValue[]
  | { readonly [name: string]: PropertyValue | null };
/** By Graph's names, whoever writes: one spelling inside. Absent is no value. */
export type Properties = Readonly<Record<string, PropertyValue>>;
/** `null` takes a value away. */
export type PropertyChanges = Readonly<Record<string, PropertyValue | null>>;

export interface DirectoryObject {
  /** Inside this directory; in order of creation. */
  readonly number: number;
  readonly id: string;
  readonly kind: DirectoryKind;
  readonly state: ObjectState;
  readonly mastery: Mastery;
  readonly properties: Properties;
  readonly createdAt: number;
  readonly deletedAt: number | undefined;
  readonly visibleFrom: number;
  readonly visibleUntil: number;
}

export const never = Number.MAX_SAFE_INTEGER;

export interface ObjectRow {
  readonly number: number;
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly mastery: string;
  readonly properties: string;
  readonly created_at: number;
  readonly deleted_at: number | null;
  readonly visible_from: number;
  readonly visible_until: number;
}

/** The one place where a row becomes an object: what the table's checks promise is taken for true. */
export function parseObject(row: ObjectRow): DirectoryObject {
  return {
    number: row.number,
    id: row.id,
    kind: row.kind as DirectoryKind,
    state: row.state as ObjectState,
    mastery: row.mastery as Mastery,
    properties: JSON.parse(row.properties) as Properties,
    createdAt: row.created_at,
    deletedAt: row.deleted_at ?? undefined,
    visibleFrom: row.visible_from,
    visibleUntil: row.visible_until,
  };
}

export function text(value: PropertyValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function texts(value: PropertyValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function isUnified(properties: Properties): boolean {
  return texts(properties['groupTypes']).includes('Unified');
}

/** The SID of a cloud object: `S-1-12-1-` and the four little-endian words of its id. */
export function cloudSid(id: string): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return `S-1-12-1-${[0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)).join('-')}`;
}
