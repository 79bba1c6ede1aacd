import { objectGuidToBytes, parseObjectGuid, parseSid, type TenantValue } from '../../model/index.ts';
import type { Property } from '../../wire/index.ts';

export type Normalized = { readonly value: TenantValue } | { readonly problem: string };
type One = string | number | boolean | Uint8Array;

/** The most certificates one object may have. */
const mostCertificates = 15;

/**
 * The form in which the service gives a value back, or why it would refuse it: of the property's type, whatever the
 * value looks like. Values of which there may be many have no order. Idempotent.
 */
export function normalizeValue(
  { name, type, many }: Pick<Property, 'name' | 'type' | 'many'>,
  value: TenantValue,
): Normalized {
  if (value === null) return { value };
  const given = listOf(value).filter((one) => one !== '');
  const typed: One[] = [];
  for (const one of many ? given : given.slice(0, 1)) {
    const converted = convert(type, one);
    if (converted === undefined) return { problem: `${shown(one)} is not ${expected[type]}` };
    typed.push(converted);
  }
  const [first] = typed;
  if (first === undefined) return { value: null };
  if (!many) return { value: first };
  if (/^user(SMIME)?Certificate$/.test(name) && typed.length > mostCertificates)
    return { problem: `there are ${typed.length} of them, and the tenant takes at most ${mostCertificates}` };
  return { value: unordered(typed) };
}

function listOf(value: Exclude<TenantValue, null>): readonly One[] {
  return typeof value === 'object' && !(value instanceof Uint8Array) ? [...value] : [value];
}

const expected = {
  string: 'text',
  boolean: 'true or false',
  integer: 'a whole number',
  binary: 'bytes',
  reference: 'text',
} as const;

function convert(type: Property['type'], value: One): One | undefined {
  switch (type) {
    case 'string':
    case 'reference':
      if (value instanceof Uint8Array) return undefined;
      return typeof value === 'string' ? value.toWellFormed() : String(value);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (typeof value === 'string' && /^true$/i.test(value)) return true;
      return typeof value === 'string' && /^false$/i.test(value) ? false : undefined;
    case 'integer': {
      const number = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
      return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
    }
    case 'binary':
      return bytesOf(value);
    default:
      return type satisfies never;
  }
}

/** Bytes as they are; a GUID or SID in its text form as AD has it; base64. */
function bytesOf(value: One): Uint8Array | undefined {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (typeof value !== 'string') return undefined;
  const guid = parseObjectGuid(value);
  if (guid !== undefined) return new Uint8Array(objectGuidToBytes(guid));
  const sid = parseSid(value);
  if (sid !== undefined) return sidBytes(sid);
  if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) return undefined;
  return new Uint8Array(Buffer.from(value, 'base64'));
}

/** [MS-DTYP] 2.4.2.2. */
function sidBytes(sid: string): Uint8Array {
  const [authority = 0, ...words] = sid.split('-').slice(2).map(Number);
  const bytes = Buffer.alloc(8 + 4 * words.length);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(words.length, 1);
  bytes.writeUIntBE(authority, 2, 6);
  for (const [i, word] of words.entries()) bytes.writeUInt32LE(word, 8 + 4 * i);
  return new Uint8Array(bytes);
}

/** Sorted, each once. */
function unordered(values: readonly One[]): TenantValue {
  const bytes = values.filter((one) => one instanceof Uint8Array);
  if (bytes.length === values.length) {
    const sorted = bytes.toSorted(Buffer.compare);
    return sorted.filter((one, i) => i === 0 || Buffer.compare(one, sorted[i - 1] ?? one) !== 0);
  }
  return [...new Set(values.map(String))].sort();
}

function shown(value: One): string {
  return value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value);
}
