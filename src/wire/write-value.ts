import type { ByteWriter } from './byte-writer.ts';
import { dictionaryId } from './dictionary.ts';
import { UnwritableValueError } from './errors.ts';
import { textRecord } from './text-records.ts';
import { isWhole, maxTicks, type Value, zones } from './values.ts';

/** Writes a value as one text record; `last` makes the record end the element. */
export function writeValue(writer: ByteWriter, value: Value, last: boolean, where: string): void {
  const record = (type: number): void => writer.byte(last ? type + 1 : type);
  if (typeof value === 'string') {
    writeChars(writer, value, record, where);
    return;
  }
  if (typeof value === 'boolean') {
    record(value ? textRecord.true : textRecord.false);
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new UnwritableValueError(where, `${value} is not a safe integer`);
    writeInteger(writer, BigInt(value), record, where);
    return;
  }
  if (typeof value === 'bigint') {
    writeInteger(writer, value, record, where);
    return;
  }
  if (value instanceof Uint8Array) {
    writeBytes(writer, value, record);
    return;
  }
  switch (value.type) {
    case 'known':
      record(textRecord.dictionary);
      writer.multiByteInt31(known(value.text, where));
      return;
    case 'dateTime':
      if (value.ticks < 0n || value.ticks > maxTicks)
        throw new UnwritableValueError(where, 'the time is not between the years 1 and 9999');
      record(textRecord.dateTime);
      writer.uint64((BigInt(zones.indexOf(value.zone)) << 62n) | value.ticks);
      return;
    case 'duration':
      record(textRecord.duration);
      writer.int64(value.ticks);
      return;
    case 'uuid':
    case 'urn':
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value.uuid))
        throw new UnwritableValueError(where, `${value.uuid} is not a lower-case UUID`);
      record(textRecord[value.type]);
      writer.uuid(value.uuid);
      return;
    case 'double':
      writeDouble(writer, value.value, record);
      return;
    case 'decimal':
      writeDecimal(writer, value.unscaled, value.scale, record, where);
      return;
    case 'qname':
      if (!/^[a-z]$/.test(value.prefix)) throw new UnwritableValueError(where, 'a name’s prefix must be one letter');
      record(textRecord.qname);
      writer.byte(value.prefix.charCodeAt(0) - 0x61);
      writer.multiByteInt31(known(value.name, where));
      return;
    case 'list':
      if (value.items.some((item) => typeof item === 'object' && 'type' in item && item.type === 'list'))
        throw new UnwritableValueError(where, 'a list cannot hold a list');
      writer.byte(textRecord.startList);
      for (const item of value.items) writeValue(writer, item, false, where);
      writer.byte(textRecord.endList);
      if (last) writer.byte(0x01);
      return;
    default:
      value satisfies never;
  }
}

function known(text: string, where: string): number {
  const id = dictionaryId(text);
  if (id === undefined) throw new UnwritableValueError(where, `the dictionary has no ${text}`);
  return id;
}

const shortTexts: ReadonlyMap<string, number> = new Map([
  ['', textRecord.empty],
  ['0', textRecord.zero],
  ['1', textRecord.one],
]);

function writeChars(writer: ByteWriter, text: string, record: (type: number) => void, where: string): void {
  const short = shortTexts.get(text);
  if (short !== undefined) {
    record(short);
    return;
  }
  if (!text.isWellFormed()) throw new UnwritableValueError(where, 'it holds half a surrogate pair');
  const size = Buffer.byteLength(text, 'utf8');
  if (size < 0x100) {
    record(textRecord.chars8);
    writer.byte(size);
  } else if (size < 0x10000) {
    record(textRecord.chars16);
    writer.uint16(size);
  } else {
    record(textRecord.chars32);
    writer.int32(size);
  }
  writer.utf8(text, size);
}

function writeBytes(writer: ByteWriter, bytes: Uint8Array, record: (type: number) => void): void {
  if (bytes.length < 0x100) {
    record(textRecord.bytes8);
    writer.byte(bytes.length);
  } else if (bytes.length < 0x10000) {
    record(textRecord.bytes16);
    writer.uint16(bytes.length);
  } else {
    record(textRecord.bytes32);
    writer.int32(bytes.length);
  }
  writer.bytes(bytes);
}

/** In the fewest bytes. */
function writeInteger(writer: ByteWriter, value: bigint, record: (type: number) => void, where: string): void {
  const fits = (bits: number): boolean => BigInt.asIntN(bits, value) === value;
  if (value === 0n) record(textRecord.zero);
  else if (value === 1n) record(textRecord.one);
  else if (fits(8)) {
    record(textRecord.int8);
    writer.int8(Number(value));
  } else if (fits(16)) {
    record(textRecord.int16);
    writer.int16(Number(value));
  } else if (fits(32)) {
    record(textRecord.int32);
    writer.int32(Number(value));
  } else if (fits(64)) {
    record(textRecord.int64);
    writer.int64(value);
  } else if (BigInt.asUintN(64, value) === value) {
    record(textRecord.uint64);
    writer.uint64(value);
  } else throw new UnwritableValueError(where, 'the number has more than 64 bits');
}

/** A whole number as an integer, and one that loses nothing by it as a single. */
function writeDouble(writer: ByteWriter, value: number, record: (type: number) => void): void {
  if (isWhole(value)) writeInteger(writer, BigInt(value), record, 'number');
  else if (Number.isNaN(value) || Math.fround(value) === value) {
    record(textRecord.float);
    writer.float(value);
  } else {
    record(textRecord.double);
    writer.double(value);
  }
}

function writeDecimal(
  writer: ByteWriter,
  unscaled: bigint,
  scale: number,
  record: (type: number) => void,
  where: string,
): void {
  const size = unscaled < 0n ? -unscaled : unscaled;
  if (size >> 96n !== 0n || !Number.isInteger(scale) || scale < 0 || scale > 28)
    throw new UnwritableValueError(where, 'the decimal has too many digits');
  record(textRecord.decimal);
  writer.uint16(0);
  writer.byte(scale);
  writer.byte(unscaled < 0n ? 0x80 : 0);
  writer.uint32(Number(size >> 64n));
  writer.uint64(BigInt.asUintN(64, size));
}
