import type { Dn, ObjectGuid, Reference, SourceValue } from '../model/index.ts';
import type { AskedType } from './asked.ts';
import { kindOf } from './attributes.ts';
import { isExtendedDn, parseExtendedDn, referenceBySid } from './extended-dn.ts';
import type { SourceChange } from './source.ts';
import type { Column, SearchEntry } from './wire/entry-decoder.ts';

/** Values of a reference attribute handed on at once. */
const slice = 1500;

/** An attribute the server has cut: the rest is to be asked for from `next` on. */
export interface CutAttribute {
  readonly type: AskedType;
  readonly next: number;
}

/** One entry of a search taken apart. */
export type ReadEntry =
  /** Of a kind no one asks about. */
  | { readonly type: 'other' }
  | { readonly type: 'deleted'; readonly guid: ObjectGuid }
  | {
      readonly type: 'object';
      readonly object: ObjectChange;
      readonly links: readonly SourceChange[];
      readonly cut: readonly CutAttribute[];
      /** The USN it was created under, where it was asked for. */
      readonly birth: string | undefined;
    };

export type ObjectChange = Extract<SourceChange, { type: 'object' }>;

const other: ReadEntry = { type: 'other' };
const nothing: readonly never[] = [];

/** Where in an entry's columns to find what. */
interface Layout {
  readonly guid: number;
  readonly classes: number;
  readonly deleted: number;
  readonly usn: number;
  readonly birth: number;
  readonly kept: readonly { readonly name: string; readonly column: number }[];
  readonly references: readonly { readonly name: string; readonly column: number; readonly ended: boolean }[];
  readonly cut: readonly CutAttribute[];
}

const layouts = new WeakMap<readonly Column<AskedType>[], Layout>();

function layoutOf(columns: readonly Column<AskedType>[]): Layout {
  const known = layouts.get(columns);
  if (known !== undefined) return known;
  const placed = columns.map(({ type, range }, column) => ({ type, range, name: type.name, column }));
  const place = (role: AskedType['role']): number => columns.findIndex(({ type }) => type.role === role);
  const layout = {
    guid: place('guid'),
    classes: place('classes'),
    deleted: place('deleted'),
    usn: place('usn'),
    birth: place('birth'),
    kept: placed.filter(({ type }) => type.kept && type.role !== 'reference'),
    references: placed
      .filter(({ type }) => type.role === 'reference')
      .map(({ name, column, range }) => ({ name, column, ended: range?.to === undefined })),
    cut: columns.flatMap(({ type, range }) => (range?.to === undefined ? [] : { type, next: range.to + 1 })),
  };
  layouts.set(columns, layout);
  return layout;
}

export function readEntry({ dn: name, columns, values }: SearchEntry<AskedType>): ReadEntry {
  const { guid: guidAt, classes, deleted, usn: usnAt, birth: birthAt, kept, references, cut } = layoutOf(columns);
  const place = parseExtendedDn(name);
  const sent = first(values, guidAt);
  // The decoder has made a GUID of what is one.
  const guid = typeof sent === 'string' ? (sent as ObjectGuid) : place.guid;
  if (guid === undefined) return other;
  if (first(values, deleted) === 'TRUE') return { type: 'deleted', guid };
  const kind = kindOf((classes < 0 ? undefined : values[classes]) ?? nothing);
  if (kind === undefined) return other;
  const attributes: Record<string, readonly SourceValue[]> = {};
  for (const { name, column } of kept) {
    const list = values[column];
    const value = list?.[0];
    if (list === undefined || value === undefined) continue;
    attributes[name] = typeof value === 'string' && isExtendedDn(value) ? list.map(plain) : list;
  }
  let links: SourceChange[] | undefined;
  for (const { name, column, ended } of references) {
    const list = values[column];
    if (list === undefined || list.length === 0) continue;
    links ??= [];
    for (const part of slices(guid, name, list.map(referenceOf), ended)) links.push(part);
  }
  const usn = first(values, usnAt);
  const birth = first(values, birthAt);
  return {
    type: 'object',
    object: {
      type: 'object',
      guid,
      kind,
      dn: place.dn,
      attributes,
      partial: false,
      usn: typeof usn === 'string' ? usn : undefined,
    },
    links: links ?? nothing,
    cut,
    birth: typeof birth === 'string' && /^\d{1,19}$/.test(birth) ? birth : undefined,
  };
}

/** The first value of a column, which may not be there: an index below zero costs more than all the rest. */
function first(values: readonly (readonly SourceValue[])[], column: number): SourceValue | undefined {
  return column < 0 ? undefined : values[column]?.[0];
}

/** `first`, `next`... and, when `ended`, `last`; a short list in one. */
export function slices(
  guid: ObjectGuid,
  attribute: string,
  values: readonly Reference[],
  ended: boolean,
): readonly SourceChange[] {
  if (ended && values.length <= slice) return [{ type: 'links', guid, attribute, part: { kind: 'whole', values } }];
  const parts: SourceChange[] = [];
  for (let at = 0; at < values.length; at += slice) {
    const kind = at === 0 ? 'first' : ended && at + slice >= values.length ? 'last' : 'next';
    parts.push({ type: 'links', guid, attribute, part: { kind, values: values.slice(at, at + slice) } });
  }
  return parts;
}

export function referenceOf(value: SourceValue): Reference {
  if (typeof value === 'string') return parseExtendedDn(value);
  return referenceBySid(value) ?? { dn: Buffer.from(value).toString('utf8') as Dn };
}

/** A DN kept as text, without the GUID the server was asked to write before it. */
export function plain(value: SourceValue): SourceValue {
  return typeof value === 'string' && isExtendedDn(value) ? parseExtendedDn(value).dn : value;
}

export function valuesOf(entry: SearchEntry | undefined, name: string): readonly SourceValue[] {
  const column = entry?.columns.findIndex(({ type }) => type.name === name) ?? -1;
  return entry?.values[column] ?? nothing;
}

export function textOf(entry: SearchEntry | undefined, name: string): string | undefined {
  return valuesOf(entry, name).find((value) => typeof value === 'string');
}

export function bytesOf(entry: SearchEntry | undefined, name: string): Uint8Array | undefined {
  return valuesOf(entry, name).find((value) => value instanceof Uint8Array);
}
