import type { TenantValue } from '../../model/index.ts';
import type { ExtensionDefinition } from '../extension.ts';
import { rawNumber } from './json.ts';
import type { Normalized } from './normalize.ts';

type One = string | number | boolean | Uint8Array;
type Single = { readonly value: One | null } | { readonly problem: string };

type List = readonly string[] | readonly Uint8Array[];

function isList(value: One | List): value is List {
  return Array.isArray(value);
}

/** What one value of an extension may have. */
const longest = 256;
const int32 = 2 ** 31;
const int64 = 2n ** 63n - 1n;

/** The form in which the tenant gives an extension's value back, by its type; lists are sets, in order. */
export function normalizeExtension({ type, many }: ExtensionDefinition, value: TenantValue): Normalized {
  if (value === null) return { value };
  const given = isList(value) ? value : [value];
  const wanted = many ? given : given.slice(0, 1);
  const values: One[] = [];
  for (const one of wanted) {
    const normal = single(type, one);
    if ('problem' in normal) return normal;
    if (normal.value !== null) values.push(normal.value);
  }
  const [first] = values;
  if (first === undefined) return { value: null };
  return { value: many ? set(values) : first };
}

function single(type: ExtensionDefinition['type'], value: One): Single {
  if (type === 'Binary') return binary(value);
  if (value instanceof Uint8Array) return { problem: 'it is bytes, and the extension holds none' };
  const text = String(value).toWellFormed().trim();
  if (text === '') return { value: null };
  switch (type) {
    case 'Boolean':
      if (/^(true|false)$/i.test(text)) return { value: text.toLowerCase() === 'true' };
      return { problem: 'it is neither true nor false' };
    case 'Integer': {
      const number = Number(text);
      if (/^[+-]?\d+$/.test(text) && number < int32 && number >= -int32) return { value: number + 0 };
      return { problem: 'it is no whole number of 32 bits' };
    }
    case 'LargeInteger':
      return /^[+-]?\d{1,25}$/.test(text)
        ? large(BigInt(text.replace(/^\+/, '')))
        : { problem: 'it is no whole number' };
    case 'DateTime': {
      const time = Date.parse(text);
      if (Number.isNaN(time)) return { problem: 'it is no time' };
      return { value: `${new Date(time).toISOString().slice(0, 19)}Z` };
    }
    case 'String':
      if (text.length <= longest) return { value: text };
      return { problem: `it has ${text.length} characters, and an extension takes at most ${longest}` };
    default:
      return type satisfies never;
  }
}

/** What a number cannot hold exactly stays text; AD's "never" is the largest of 64 bits. */
function large(given: bigint): Single {
  const value = given > int64 ? int64 : given < -int64 ? -int64 : given;
  const number = Number(value);
  return { value: Number.isSafeInteger(number) ? number : String(value) };
}

function binary(value: One): Single {
  const bytes = value instanceof Uint8Array ? value : new Uint8Array(Buffer.from(String(value), 'base64'));
  if (bytes.length === 0) return { value: null };
  if (bytes.length > longest)
    return { problem: `it has ${bytes.length} bytes, and an extension takes at most ${longest}` };
  return { value: bytes };
}

function set(values: readonly One[]): TenantValue {
  const bytes = values.filter((value) => value instanceof Uint8Array);
  if (bytes.length === values.length) {
    const byText = new Map(bytes.map((value) => [Buffer.from(value).toString('hex'), value]));
    return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  }
  return [...new Set(values.map(String))].sort();
}

/** As JSON has it. */
export function extensionToJson({ type, many }: ExtensionDefinition, value: TenantValue): unknown {
  if (value === null) return many ? [] : null;
  return isList(value) ? value.map((one) => oneToJson(type, one)) : oneToJson(type, value);
}

function oneToJson(type: ExtensionDefinition['type'], value: One): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  switch (type) {
    case 'Boolean':
      return String(value) === 'true';
    case 'Integer':
      return Number(value);
    case 'LargeInteger':
      return rawNumber(String(value));
    default:
      return String(value);
  }
}

/** From JSON, in its normal form; what does not fit the type is as good as absent. */
export function extensionFromJson(definition: ExtensionDefinition, json: unknown): TenantValue {
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  const texts = list.filter((one): one is string | number | boolean =>
    ['string', 'number', 'boolean'].includes(typeof one),
  );
  const { type } = definition;
  const values = texts.map((one) => (type === 'Binary' ? new Uint8Array(Buffer.from(String(one), 'base64')) : one));
  const good = values.flatMap((one) => {
    const normal = single(type, one);
    return 'value' in normal && normal.value !== null ? [normal.value] : [];
  });
  const [first] = good;
  if (first === undefined) return null;
  return definition.many ? set(good) : first;
}
