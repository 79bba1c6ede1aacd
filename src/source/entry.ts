import {
  type Dn,
  type ObjectGuid,
  parseObjectGuid,
  type Reference,
  type SourceAttributes,
  type SourceKind,
  type SourceValue,
} from '../model/index.ts';
import type { AskedType } from './asked.ts';
import { kindOf } from './attributes.ts';
import { isExtendedDn, parseExtendedDn } from './extended-dn.ts';
import type { SourceChange } from './source.ts';
import type { AttributeValues, SearchEntry } from './wire/entry-decoder.ts';

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
      readonly guid: ObjectGuid;
      readonly kind: SourceKind;
      readonly dn: Dn;
      readonly usn: string | undefined;
      readonly attributes: Readonly<Record<string, readonly SourceValue[]>>;
      readonly links: readonly SourceChange[];
      readonly cut: readonly CutAttribute[];
    };

const other: ReadEntry = { type: 'other' };

export function readEntry(entry: SearchEntry<AskedType>): ReadEntry {
  const place = parseExtendedDn(entry.dn);
  let { guid } = place;
  let kind: SourceKind | undefined;
  let usn: string | undefined;
  const attributes: Record<string, readonly SourceValue[]> = {};
  let links: SourceChange[] | undefined;
  let cut: CutAttribute[] | undefined;
  let references: AttributeValues<AskedType>[] | undefined;
  for (const attribute of entry.attributes) {
    const { type, values, range } = attribute;
    const first = values[0];
    if (first === undefined) continue;
    if (type.role === 'value' || (type.kept && type.role !== 'reference'))
      attributes[type.name] = typeof first === 'string' && isExtendedDn(first) ? values.map(plain) : values;
    switch (type.role) {
      case 'guid':
        if (typeof first === 'string') guid = parseObjectGuid(first);
        break;
      case 'classes':
        kind = kindOf(values);
        break;
      case 'deleted':
        if (first === 'TRUE') return guid === undefined ? findDeleted(entry) : { type: 'deleted', guid };
        break;
      case 'usn':
        if (typeof first === 'string') usn = first;
        break;
      case 'reference':
        references ??= [];
        references.push(attribute);
        break;
      case 'value':
        break;
      default:
        type.role satisfies never;
    }
    if (range?.to !== undefined) {
      cut ??= [];
      cut.push({ type, next: range.to + 1 });
    }
  }
  if (guid === undefined || kind === undefined) return other;
  for (const { type, values, range } of references ?? []) {
    links ??= [];
    links.push(...slices(guid, type.name, values.map(referenceOf), range?.to === undefined));
  }
  return { type: 'object', guid, kind, dn: place.dn, usn, attributes, links: links ?? [], cut: cut ?? [] };
}

/** The GUID may come behind the mark. */
function findDeleted(entry: SearchEntry<AskedType>): ReadEntry {
  const guid = textOf(entry, 'objectGUID');
  const parsed = guid === undefined ? undefined : parseObjectGuid(guid);
  return parsed === undefined ? other : { type: 'deleted', guid: parsed };
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
  return typeof value === 'string' ? parseExtendedDn(value) : { dn: Buffer.from(value).toString('utf8') as Dn };
}

/** A DN kept as text, without the GUID the server was asked to write before it. */
function plain(value: SourceValue): SourceValue {
  return typeof value === 'string' && isExtendedDn(value) ? parseExtendedDn(value).dn : value;
}

export function withValues(
  attributes: SourceAttributes,
  name: string,
  values: readonly SourceValue[],
): SourceAttributes {
  return { ...attributes, [name]: values };
}

export function valuesOf(entry: SearchEntry | undefined, name: string): readonly SourceValue[] {
  return entry?.attributes.find(({ type }) => type.name === name)?.values ?? [];
}

export function textOf(entry: SearchEntry | undefined, name: string): string | undefined {
  return valuesOf(entry, name).find((value) => typeof value === 'string');
}

export function bytesOf(entry: SearchEntry | undefined, name: string): Uint8Array | undefined {
  return valuesOf(entry, name).find((value) => value instanceof Uint8Array);
}
