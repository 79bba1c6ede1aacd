import type { ByteReader } from './bytes.ts';
import { base64Of, dateTimeText, decimalText, durationText, floatText, maxTicks, zones } from './values.ts';

/** The even record types of [MC-NBFX] 2.2.3; the odd one after each ends its element too. */
export const textRecord = {
  zero: 0x80,
  one: 0x82,
  false: 0x84,
  true: 0x86,
  int8: 0x88,
  int16: 0x8a,
  int32: 0x8c,
  int64: 0x8e,
  float: 0x90,
  double: 0x92,
  decimal: 0x94,
  dateTime: 0x96,
  chars8: 0x98,
  chars16: 0x9a,
  chars32: 0x9c,
  bytes8: 0x9e,
  bytes16: 0xa0,
  bytes32: 0xa2,
  startList: 0xa4,
  endList: 0xa6,
  empty: 0xa8,
  dictionary: 0xaa,
  urn: 0xac,
  duration: 0xae,
  uuid: 0xb0,
  uint64: 0xb2,
  boolean: 0xb4,
  unicode8: 0xb6,
  unicode16: 0xb8,
  unicode32: 0xba,
  qname: 0xbc,
} as const;

/** The types an array may have: the fixed ones. */
export const arrayRecords: ReadonlySet<number> = new Set([
  textRecord.boolean,
  textRecord.int16,
  textRecord.int32,
  textRecord.int64,
  textRecord.float,
  textRecord.double,
  textRecord.decimal,
  textRecord.dateTime,
  textRecord.duration,
  textRecord.uuid,
]);

/** Reads what follows the byte of a text record, given in its even form, as the text it stands for. */
export function readText(reader: ByteReader, record: number): string {
  switch (record) {
    case textRecord.zero:
      return '0';
    case textRecord.one:
      return '1';
    case textRecord.false:
      return 'false';
    case textRecord.true:
      return 'true';
    case textRecord.int8:
      return String(reader.int8());
    case textRecord.int16:
      return String(reader.int16());
    case textRecord.int32:
      return String(reader.int32());
    case textRecord.int64:
      return String(reader.int64());
    case textRecord.float:
      return floatText(reader.float(), 'single');
    case textRecord.double:
      return floatText(reader.double(), 'double');
    case textRecord.decimal:
      return readDecimal(reader);
    case textRecord.dateTime:
      return readDateTime(reader);
    case textRecord.chars8:
      return reader.utf8(reader.byte());
    case textRecord.chars16:
      return reader.utf8(reader.uint16());
    case textRecord.chars32:
      return reader.utf8(length32(reader));
    case textRecord.bytes8:
      return base64Of(reader.bytes(reader.byte()));
    case textRecord.bytes16:
      return base64Of(reader.bytes(reader.uint16()));
    case textRecord.bytes32:
      return base64Of(reader.bytes(length32(reader)));
    case textRecord.startList:
      return readList(reader);
    case textRecord.empty:
      return '';
    case textRecord.dictionary:
      return reader.dictionaryString();
    case textRecord.urn:
      return `urn:uuid:${reader.uuid()}`;
    case textRecord.duration:
      return durationText(reader.int64());
    case textRecord.uuid:
      return reader.uuid();
    case textRecord.uint64:
      return String(reader.uint64());
    case textRecord.boolean:
      return readBoolean(reader);
    case textRecord.unicode8:
      return reader.utf16(reader.byte());
    case textRecord.unicode16:
      return reader.utf16(reader.uint16());
    case textRecord.unicode32:
      return reader.utf16(length32(reader));
    case textRecord.qname:
      return readQname(reader);
    default:
      throw reader.malformed(`record type 0x${record.toString(16)} where a text stands`);
  }
}

function length32(reader: ByteReader): number {
  const length = reader.int32();
  if (length < 0) throw reader.malformed('a negative length');
  return length;
}

function readList(reader: ByteReader): string {
  const items: string[] = [];
  for (;;) {
    const record = reader.byte();
    if (record === textRecord.endList) return items.join(' ');
    if (record === textRecord.startList) throw reader.malformed('a list within a list');
    items.push(readText(reader, record));
  }
}

/** OLE's DECIMAL: two bytes unused, scale, sign, the high 32 bits, the low 64. */
function readDecimal(reader: ByteReader): string {
  reader.uint16();
  const scale = reader.byte();
  const sign = reader.byte();
  if (scale > 28 || (sign !== 0 && sign !== 0x80)) throw reader.malformed('a decimal of no known form');
  const high = BigInt(reader.uint32());
  const size = (high << 64n) + reader.uint64();
  return decimalText(sign === 0 ? size : -size, scale);
}

function readDateTime(reader: ByteReader): string {
  const bits = reader.uint64();
  const zone = zones[Number(bits >> 62n)];
  const ticks = bits & ((1n << 62n) - 1n);
  if (zone === undefined || ticks > maxTicks) throw reader.malformed('a time beyond the year 9999');
  return dateTimeText(ticks, zone);
}

function readBoolean(reader: ByteReader): string {
  const value = reader.byte();
  if (value > 1) throw reader.malformed('a boolean that is neither 0 nor 1');
  return value === 1 ? 'true' : 'false';
}

function readQname(reader: ByteReader): string {
  const letter = reader.byte();
  if (letter > 25) throw reader.malformed('a prefix that is not a letter');
  return `${String.fromCharCode(0x61 + letter)}:${reader.dictionaryString()}`;
}
