import type { Entry } from 'ldapts';
import type { Dn, ObjectGuid, Reference, SourceValue } from '../model/index.ts';
import { objectGuidFromBytes } from '../model/index.ts';
import { isBinary, kindOf, needed, present } from './attributes.ts';
import { isExtendedDn, parseExtendedDn } from './extended-dn.ts';
import type { SourceChange } from './source.ts';

/** Values of a reference attribute handed on at once. */
const slice = 1500;

/** What is asked of the server for one entry, and in which of it values are bytes. */
export interface Asked {
  readonly attributes: string[];
  readonly explicitBufferAttributes: string[];
  readonly spelling: (name: string) => string;
  readonly kept: ReadonlySet<string>;
}

/** The place in the tree comes with every entry, extended by its GUID: asking for it as an attribute gives nothing more. */
const fromTheTree: ReadonlySet<string> = new Set(['distinguishedname']);

export function askFor(attributes: readonly string[]): Asked {
  const names = attributes.filter((name) => !fromTheTree.has(name.toLowerCase()));
  const all = [...new Map([...needed, ...names].map((name) => [name.toLowerCase(), name])).values()];
  const known = new Map(all.map((name) => [name.toLowerCase(), name]));
  return {
    attributes: all,
    explicitBufferAttributes: all.filter(isBinary),
    spelling: (name) => known.get(name.toLowerCase()) ?? name,
    kept: new Set([...names, 'cn', 'objectSid'].map((name) => name.toLowerCase())),
  };
}

/** A reference attribute the server has cut: the rest is to be asked for from `next` on. */
export interface CutAttribute {
  readonly guid: ObjectGuid;
  readonly attribute: string;
  readonly next: number;
}

export interface ReadEntry {
  readonly guid: ObjectGuid;
  readonly changes: readonly SourceChange[];
  readonly cut: readonly CutAttribute[];
}

/** Takes one entry of a search apart; `undefined` for what no one asks about. */
export function readEntry(entry: Entry, asked: Asked): ReadEntry | undefined {
  const guid = guidOf(entry);
  if (guid === undefined) return undefined;
  if (textOf(entry, 'isDeleted')?.toUpperCase() === 'TRUE')
    return { guid, changes: [{ type: 'deleted', guid }], cut: [] };
  const kind = kindOf(textsOf(entry, 'objectClass'));
  if (kind === undefined) return undefined;
  const { dn } = parseExtendedDn(entry.dn);
  const attributes: [string, readonly SourceValue[]][] = [];
  const links: SourceChange[] = [];
  const cut: CutAttribute[] = [];
  for (const [key, raw] of Object.entries(entry)) {
    if (key === 'dn') continue;
    const { attribute, range } = rangeOf(key);
    const name = asked.spelling(attribute);
    if (!asked.kept.has(name.toLowerCase())) continue;
    const values = valuesOf(raw);
    const [first] = values;
    if (first === undefined) continue;
    if (typeof first !== 'string' || !isExtendedDn(first)) {
      attributes.push([name, values]);
      continue;
    }
    const more = range === undefined || range.last ? undefined : { guid, attribute: name, next: range.to + 1 };
    if (more !== undefined) cut.push(more);
    links.push(...slices(guid, name, references(values), more === undefined));
  }
  const object: SourceChange = {
    type: 'object',
    guid,
    kind,
    dn,
    attributes: present(attributes),
    partial: false,
    usn: textOf(entry, 'uSNChanged'),
  };
  return { guid, changes: [object, ...links], cut };
}

/** The values of one cut attribute in a later answer; `last` when there are no more. */
export function readRange(
  entry: Entry | undefined,
  { guid, attribute }: CutAttribute,
): { readonly changes: readonly SourceChange[]; readonly next: number | undefined } {
  for (const [key, raw] of Object.entries(entry ?? {})) {
    const found = rangeOf(key);
    if (found.attribute.toLowerCase() !== attribute.toLowerCase() || found.range === undefined) continue;
    const values = references(valuesOf(raw));
    const next = found.range.last ? undefined : found.range.to + 1;
    return {
      changes: [{ type: 'links', guid, attribute, part: { kind: next === undefined ? 'last' : 'next', values } }],
      next,
    };
  }
  // Emptied, or cut down to what has been read, while it was being read.
  return { changes: [{ type: 'links', guid, attribute, part: { kind: 'last', values: [] } }], next: undefined };
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

export function guidOf(entry: Entry): ObjectGuid | undefined {
  const bytes = bytesOf(entry, 'objectGUID');
  return bytes === undefined ? parseExtendedDn(entry.dn).guid : objectGuidFromBytes(bytes);
}

/** `member;range=0-1499` and `member;range=1500-*`. */
export function rangeOf(key: string): { attribute: string; range?: { from: number; to: number; last: boolean } } {
  const match = /^([^;]+);range=(\d+)-(\d+|\*)$/i.exec(key);
  if (match === null) return { attribute: key };
  const [, attribute = key, from = '0', to = '*'] = match;
  return {
    attribute,
    range: { from: Number(from), to: to === '*' ? Number.POSITIVE_INFINITY : Number(to), last: to === '*' },
  };
}

export function references(values: readonly SourceValue[]): readonly Reference[] {
  return values.map((value) =>
    typeof value === 'string' ? parseExtendedDn(value) : { dn: Buffer.from(value).toString() as Dn },
  );
}

export function valuesOf(raw: Entry[string] | undefined): readonly SourceValue[] {
  if (raw === undefined) return [];
  const list: readonly (string | Buffer)[] = Array.isArray(raw) ? raw : [raw];
  // A Buffer of the parser is a view on its whole message.
  return list.map((value) => (typeof value === 'string' ? value : new Uint8Array(value)));
}

function find(entry: Entry | undefined, name: string): readonly SourceValue[] {
  if (entry === undefined) return [];
  const exact = entry[name];
  if (exact !== undefined) return valuesOf(exact);
  const key = Object.keys(entry).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? [] : valuesOf(entry[key]);
}

export function textsOf(entry: Entry | undefined, name: string): readonly string[] {
  return find(entry, name).filter((value) => typeof value === 'string');
}

export function textOf(entry: Entry | undefined, name: string): string | undefined {
  return textsOf(entry, name)[0];
}

export function bytesOf(entry: Entry | undefined, name: string): Uint8Array | undefined {
  const [value] = find(entry, name);
  return value instanceof Uint8Array ? value : undefined;
}
