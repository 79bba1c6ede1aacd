import { type Dn, type ObjectGuid, parseDn, type SourceKind, type SourceValue } from '../model/index.ts';
import type { AskedType } from './asked.ts';
import { kindOf } from './attributes.ts';
import { plain, referenceOf } from './entry.ts';
import { parseExtendedDn } from './extended-dn.ts';
import type { SourceChange } from './source.ts';
import type { SearchEntry } from './wire/entry-decoder.ts';

/** What an entry of DirSync says has happened. */
export type DirSyncEntry =
  | { readonly type: 'other' }
  | { readonly type: 'deleted'; readonly guid: ObjectGuid }
  /** More than the entry holds is to be read: it was there before, deleted or out of sight, and is back. */
  | { readonly type: 'returned'; readonly guid: ObjectGuid }
  | {
      readonly type: 'created' | 'changed';
      readonly guid: ObjectGuid;
      readonly dn: Dn;
      readonly changes: readonly SourceChange[];
    };

/**
 * Takes an entry of DirSync apart, which holds what has changed and nothing else: `member;range=1-1` are values that
 * came, `member;range=0-0` values that went, an attribute without values has none any more ([MS-ADTS] 3.1.1.3.4.1.3).
 */
export function readDirSyncEntry(
  entry: SearchEntry<AskedType>,
  known: (guid: ObjectGuid) => SourceKind | undefined,
): DirSyncEntry {
  const place = parseExtendedDn(entry.dn);
  const attributes: Record<string, readonly SourceValue[]> = {};
  const came = new Map<string, readonly SourceValue[]>();
  const went = new Map<string, readonly SourceValue[]>();
  const whole = new Map<string, readonly SourceValue[]>();
  let { guid } = place;
  let kind: SourceKind | undefined;
  let classes = false;
  let deleted: readonly SourceValue[] | undefined;
  for (const [i, { type, range }] of entry.columns.entries()) {
    const values = entry.values[i] ?? [];
    const first = values[0];
    if (type.kept && type.role !== 'reference') attributes[type.name] = values.map(plain);
    if (type.role === 'guid' && typeof first === 'string') guid = first as ObjectGuid;
    if (type.role === 'deleted') deleted = values;
    if (type.role === 'classes' && values.length > 0) {
      kind = kindOf(values);
      classes = true;
    }
    if (type.role !== 'reference') continue;
    const list = range === undefined ? whole : range.to === 0 ? went : came;
    list.set(type.name, values);
  }
  if (guid === undefined) return { type: 'other' };
  if (deleted?.[0] === 'TRUE') return { type: 'deleted', guid };
  const before = known(guid);
  if (classes && kind === undefined) return before === undefined ? { type: 'other' } : { type: 'deleted', guid };
  if (deleted !== undefined || (before === undefined && !classes)) return { type: 'returned', guid };
  const { dn } = place;
  const created = before === undefined;
  const kindNow = kind ?? before;
  if (kindNow === undefined) return { type: 'other' };
  // The relative name is given by the DN alone.
  const [rdn] = parseDn(dn) ?? [];
  if (rdn?.type.toLowerCase() === 'cn') attributes['cn'] = [rdn.value];
  const object: SourceChange = {
    type: 'object',
    guid,
    kind: kindNow,
    dn,
    attributes: created
      ? Object.fromEntries(Object.entries(attributes).filter(([, list]) => list.length > 0))
      : attributes,
    partial: !created,
    usn: undefined,
  };
  const links: SourceChange[] = [];
  for (const [attribute, values] of whole)
    links.push({ type: 'links', guid, attribute, part: { kind: 'whole', values: values.map(referenceOf) } });
  for (const attribute of new Set([...came.keys(), ...went.keys()])) {
    const added = (came.get(attribute) ?? []).map(referenceOf);
    const removed = (went.get(attribute) ?? []).map(referenceOf);
    links.push({ type: 'links', guid, attribute, part: { kind: 'changed', added, removed } });
  }
  return { type: created ? 'created' : 'changed', guid, dn, changes: [object, ...links] };
}
