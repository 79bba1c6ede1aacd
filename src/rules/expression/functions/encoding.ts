import { objectGuidFromBytes, objectGuidToBytes, parseObjectGuid, sidFromBytes } from '../../../model/index.ts';
import { binary, type FunctionDefinition, unary } from '../definition.ts';
import { any, bytes, optional, text, word } from '../parameters.ts';
import { Mismatch, show } from '../value.ts';

/** Bytes of base64; nothing where a text is none. */
export function fromBase64(source: string): Uint8Array | undefined {
  const packed = source.replace(/\s+/g, '');
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed)
    ? Buffer.from(packed, 'base64')
    : undefined;
}

const convertToBase64 = unary(
  {
    name: 'ConvertToBase64',
    gives: 'text',
    meaning: 'The text’s UTF-16 (little-endian) bytes as base64.',
    choice: 'Bytes, as of objectGUID, become their own base64: Connect’s rules for the source anchor need it so.',
  },
  bytes('source'),
  (source) => {
    if (source === null) return null;
    return (typeof source === 'string' ? Buffer.from(source, 'utf16le') : Buffer.from(source)).toString('base64');
  },
);

const convertFromBase64 = binary(
  {
    name: 'ConvertFromBase64',
    gives: 'text',
    meaning: 'The text that base64 stands for, in an encoding: Unicode (UTF-16, the default), ASCII or UTF8.',
  },
  text('source'),
  optional(word('encoding', ['Unicode', 'ASCII', 'UTF8'])),
  (source, encoding) => {
    if (source === null) return null;
    const read = fromBase64(source);
    if (read === undefined) throw new Mismatch(`${show(source)} is not base64`);
    const decoded = Buffer.from(read);
    return decoded.toString(encoding === 'UTF8' ? 'utf8' : encoding === 'ASCII' ? 'ascii' : 'utf16le');
  },
);

const convertToUtf8Hex = unary(
  {
    name: 'ConvertToUTF8Hex',
    gives: 'text',
    meaning: 'The text’s UTF-8 bytes in hexadecimal, upper case.',
    choice: 'Bytes are shown as they are.',
  },
  bytes('source'),
  (source) => {
    if (source === null) return null;
    return (typeof source === 'string' ? Buffer.from(source, 'utf8') : Buffer.from(source))
      .toString('hex')
      .toUpperCase();
  },
);

const convertFromUtf8Hex = unary(
  {
    name: 'ConvertFromUTF8Hex',
    in: 'connect',
    gives: 'text',
    meaning: 'The text whose UTF-8 bytes are given in hexadecimal.',
  },
  text('source'),
  (source) => {
    if (source === null) return null;
    if (!/^(?:[0-9A-Fa-f]{2})*$/.test(source)) throw new Mismatch(`${show(source)} is not hexadecimal`);
    return Buffer.from(source, 'hex').toString('utf8');
  },
);

const cGuid = unary(
  {
    name: 'CGuid',
    in: 'connect',
    gives: 'bytes',
    meaning: 'The 16 bytes of a GUID, as AD keeps it; braces around are allowed.',
  },
  text('string'),
  (source) => {
    if (source === null) return null;
    const guid = parseObjectGuid(source.trim());
    if (guid === undefined) throw new Mismatch(`${show(source)} is not a GUID`);
    return objectGuidToBytes(guid);
  },
);

const stringFromGuid = unary(
  { name: 'StringFromGuid', in: 'connect', gives: 'text', meaning: 'A GUID of 16 bytes as text, lower case.' },
  bytes('bytes'),
  (source) => {
    if (source === null) return null;
    const guid = typeof source === 'string' ? parseObjectGuid(source.trim()) : objectGuidFromBytes(source);
    if (guid === undefined) throw new Mismatch(`${show(source)} are not the 16 bytes of a GUID`);
    return guid;
  },
);

const stringFromSid = unary(
  { name: 'StringFromSid', gives: 'text', meaning: 'A security identifier as text: S-1-5-21-...' },
  bytes('bytes'),
  (source) => {
    if (source === null || (typeof source === 'string' && /^S-1-/i.test(source))) return source;
    const sid = sidFromBytes(typeof source === 'string' ? (fromBase64(source) ?? new Uint8Array()) : source);
    if (sid === undefined) throw new Mismatch(`${show(source)} are no security identifier`);
    return sid;
  },
);

const isGuid = unary(
  { name: 'IsGuid', in: 'connect', gives: 'boolean', meaning: 'True where the value can be a GUID.' },
  any('value'),
  (value) =>
    value instanceof Uint8Array
      ? value.length === 16
      : typeof value === 'string' && parseObjectGuid(value.trim()) !== undefined,
);

const cBin = unary(
  {
    name: 'CBin',
    in: 'connect',
    gives: 'bytes',
    meaning: 'The bytes a base64 text stands for; bytes stay as they are.',
    choice: 'Not documented; Connect’s default rules use it so.',
  },
  bytes('value'),
  (source) => {
    if (source === null || source instanceof Uint8Array) return source;
    const read = fromBase64(source);
    if (read === undefined) throw new Mismatch(`${show(source)} is not base64`);
    return read;
  },
);

export const encodingFunctions: readonly FunctionDefinition[] = [
  convertToBase64,
  convertFromBase64,
  convertToUtf8Hex,
  convertFromUtf8Hex,
  cGuid,
  stringFromGuid,
  stringFromSid,
  isGuid,
  cBin,
];
