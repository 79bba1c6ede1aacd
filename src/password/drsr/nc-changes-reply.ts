import { type ObjectGuid, objectGuidFromBytes } from '../../model/index.ts';
import type { AttributeVersion } from '../password-change.ts';
import { type DsName, readDsName } from './dsname.ts';
import type { UpToDateCursor, UsnVector } from './nc-changes.ts';
import { NdrReader } from './ndr.ts';
import { type PrefixTable, readPrefixTable } from './prefix-table.ts';

export interface ReplicatedAttribute {
  /** As the sender's prefix table numbers it. */
  readonly id: number;
  /** Views into the reply; none: the attribute has no value. */
  readonly values: readonly Buffer[];
  readonly version: AttributeVersion | undefined;
}

export interface ReplicatedObject extends DsName {
  readonly attributes: readonly ReplicatedAttribute[];
}

/** One value of a linked attribute, as groups' members: not asked for, yet it may come. */
export interface ReplicatedLink {
  readonly object: DsName;
  readonly attribute: number;
  readonly present: boolean;
}

export interface NcChangesReply {
  /** The sender's settings object and the invocation id of its database. */
  readonly dsaGuid: ObjectGuid;
  readonly invocationId: ObjectGuid;
  readonly to: UsnVector;
  readonly upToDate: readonly UpToDateCursor[] | undefined;
  readonly prefixes: PrefixTable;
  readonly extendedResult: number;
  readonly more: boolean;
  readonly objects: readonly ReplicatedObject[];
  readonly links: readonly ReplicatedLink[];
}

/** Of one object's fixed part; of one attribute, value, version and linked value. */
const size = { object: 32, attribute: 12, value: 8, version: 40, link: 72, longLink: 96 } as const;

/** Milliseconds from 1601, where AD's time begins, to 1970. */
export const epochOffset = 11_644_473_600_000;

/** Versions 6 and 9 of the reply ([MS-DRSR] 4.1.10.2.11 and .14). The status, the stub's last word, is looked at before. */
export function decodeNcChangesReply(stub: Uint8Array, server: string): NcChangesReply {
  const reader = new NdrReader(stub, server, 'reply to DRSGetNCChanges');
  const version = reader.u32();
  reader.expect(reader.u32(), version, 'the union');
  if (version !== 6 && version !== 9) reader.fail(`version ${version} was not asked for`);
  reader.align(8);
  const dsaGuid = guidOf(reader);
  const invocationId = guidOf(reader);
  const hasName = reader.pointer();
  reader.align(8);
  reader.skip(24);
  const to = { objectUpdate: reader.u64(), reserved: reader.u64(), propertyUpdate: reader.u64() };
  const hasCursors = reader.pointer();
  const prefixCount = reader.u32();
  const hasPrefixes = reader.pointer();
  const extendedResult = reader.u32();
  const objectCount = reader.u32();
  reader.skip(4);
  const hasObjects = reader.pointer();
  const more = reader.u32() !== 0;
  reader.skip(8);
  const linkCount = reader.u32();
  const hasLinks = reader.pointer();
  reader.skip(4);
  if (hasName) readDsName(reader);
  const upToDate = hasCursors ? readCursors(reader) : undefined;
  const prefixes = readPrefixTable(reader, hasPrefixes ? prefixCount : 0);
  const objects = hasObjects ? readObjects(reader, objectCount) : [];
  if (objects.length !== objectCount) reader.fail(`${objects.length} objects where ${objectCount} are announced`);
  const links = hasLinks ? readLinks(reader, linkCount, version === 9 ? size.longLink : size.link) : [];
  reader.align(4);
  reader.expect(reader.remaining, 4, 'the number of bytes behind the last value');
  return { dsaGuid, invocationId, to, upToDate, prefixes, extendedResult, more, objects, links };
}

function guidOf(reader: NdrReader): ObjectGuid {
  return objectGuidFromBytes(reader.take(16)) ?? reader.fail('a GUID is cut short');
}

function readCursors(reader: NdrReader): UpToDateCursor[] {
  reader.align(4);
  const max = reader.u32();
  reader.align(8);
  const version = reader.u32();
  reader.skip(4);
  reader.expect(reader.u32(), max, 'the number of cursors');
  reader.skip(4);
  if (version !== 1 && version !== 2) reader.fail(`an up-to-date vector of version ${version}`);
  // Version 2 adds the time of the last replication.
  const extra = version === 2 ? 8 : 0;
  if (max * (24 + extra) > reader.remaining) reader.fail(`${max} cursors are announced`);
  return Array.from({ length: max }, () => {
    const cursor = { invocationId: guidOf(reader), usn: reader.u64() };
    reader.skip(extra);
    return cursor;
  });
}

interface FixedPart {
  readonly hasName: boolean;
  readonly attributeCount: number;
  readonly hasAttributes: boolean;
  readonly hasParent: boolean;
  readonly hasVersions: boolean;
}

/**
 * A list linked by its first pointer: so the fixed parts of all objects stand one after another, and what they point
 * to follows from the last object back to the first.
 */
function readObjects(reader: NdrReader, count: number): ReplicatedObject[] {
  reader.align(4);
  if (count * size.object > reader.remaining) reader.fail(`${count} objects are announced`);
  const fixed: FixedPart[] = [];
  for (let next = true; next; ) {
    if (fixed.length === count) reader.fail('the list of objects goes on behind its end');
    next = reader.pointer();
    const hasName = reader.pointer();
    reader.skip(4);
    const attributeCount = reader.u32();
    const hasAttributes = reader.pointer();
    reader.skip(4);
    fixed.push({ hasName, attributeCount, hasAttributes, hasParent: reader.pointer(), hasVersions: reader.pointer() });
  }
  const objects: ReplicatedObject[] = [];
  for (const part of fixed.toReversed()) objects.push(readObject(reader, part));
  return objects.reverse();
}

function readObject(reader: NdrReader, part: FixedPart): ReplicatedObject {
  if (!part.hasName) reader.fail('an object without a name');
  const name = readDsName(reader);
  const attributes = part.hasAttributes ? readAttributes(reader, part.attributeCount) : [];
  if (part.hasParent) {
    reader.align(4);
    reader.skip(16);
  }
  const versions = part.hasVersions ? readVersions(reader) : [];
  return { ...name, attributes: attributes.map((attribute, i) => ({ ...attribute, version: versions[i] })) };
}

function readAttributes(reader: NdrReader, announced: number): Omit<ReplicatedAttribute, 'version'>[] {
  reader.align(4);
  const count = reader.count(size.attribute);
  reader.expect(count, announced, 'the number of attributes');
  const heads = Array.from({ length: count }, () => ({
    id: reader.u32(),
    count: reader.u32(),
    hasValues: reader.pointer(),
  }));
  return heads.map(({ id, count: values, hasValues }) => ({ id, values: hasValues ? readValues(reader, values) : [] }));
}

function readValues(reader: NdrReader, announced: number): Buffer[] {
  reader.align(4);
  const count = reader.count(size.value);
  reader.expect(count, announced, 'the number of values');
  const heads = Array.from({ length: count }, () => ({ length: reader.u32(), hasBytes: reader.pointer() }));
  return heads.map(({ length, hasBytes }) => (hasBytes ? readBlob(reader, length) : Buffer.alloc(0)));
}

function readBlob(reader: NdrReader, announced: number): Buffer {
  reader.align(4);
  reader.expect(reader.count(1), announced, 'the length of a value');
  return reader.take(announced);
}

function readVersions(reader: NdrReader): AttributeVersion[] {
  reader.align(4);
  const max = reader.u32();
  reader.align(8);
  reader.expect(reader.u32(), max, 'the number of versions');
  reader.align(8);
  if (max * size.version > reader.remaining) reader.fail(`${max} versions are announced`);
  return Array.from({ length: max }, () => {
    const number = reader.u32();
    reader.align(8);
    const changed = new Date(Number(reader.u64()) * 1000 - epochOffset);
    return { number, changed, origin: reader.guid(), usn: String(reader.u64()) };
  });
}

function readLinks(reader: NdrReader, announced: number, length: number): ReplicatedLink[] {
  reader.align(4);
  const count = reader.u32();
  reader.expect(count, announced, 'the number of linked values');
  if (count > 0) reader.align(8);
  if (count * length > reader.remaining) reader.fail(`${count} linked values are announced`);
  const heads = Array.from({ length: count }, () => {
    const head = {
      hasName: reader.pointer(),
      attribute: reader.u32(),
      length: reader.u32(),
      hasValue: reader.pointer(),
      present: reader.u32() !== 0,
    };
    reader.skip(length - 20);
    return head;
  });
  return heads.map(({ hasName, attribute, length: bytes, hasValue, present }) => {
    if (!hasName) reader.fail('a linked value without an object');
    const object = readDsName(reader);
    if (hasValue) readBlob(reader, bytes);
    return { object, attribute, present };
  });
}
