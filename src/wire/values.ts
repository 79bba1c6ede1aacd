import { UnwritableValueError } from './errors.ts';

/**
 * A value and the form it is written in. The form is for the writer alone: what is read is always text, since the
 * wire's form says nothing of the type ([MC-NBFX] writes every small integer as a byte), and the schema says it.
 */
export type Value =
  | string
  | boolean
  | number
  | bigint
  | Uint8Array
  /** Text that the static dictionary has. */
  | { readonly type: 'known'; readonly text: string }
  | { readonly type: 'dateTime'; readonly ticks: bigint; readonly zone: Zone }
  /** In units of 100 ns. */
  | { readonly type: 'duration'; readonly ticks: bigint }
  | { readonly type: 'uuid' | 'urn'; readonly uuid: string }
  | { readonly type: 'double'; readonly value: number }
  /** `unscaled` by the power of ten `-scale`. */
  | { readonly type: 'decimal'; readonly unscaled: bigint; readonly scale: number }
  /** A name of the dictionary behind a prefix of one letter. */
  | { readonly type: 'qname'; readonly prefix: string; readonly name: string }
  | { readonly type: 'list'; readonly items: readonly Value[] };

export type Zone = 'unspecified' | 'utc' | 'local';
export const zones: readonly Zone[] = ['unspecified', 'utc', 'local'];

const ticksPerSecond = 10_000_000n;
const ticksPerDay = 864_000_000_000n;
/** Of 1970-01-01, counted from the year 1. */
const epochTicks = 621_355_968_000_000_000n;
/** The last tick of the year 9999. */
export const maxTicks = 3_155_378_975_999_999_999n;

export function dateTime(date: Date): Value {
  return { type: 'dateTime', ticks: BigInt(date.getTime()) * 10_000n + epochTicks, zone: 'utc' };
}

/** The text a reader gets, whatever the form. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new UnwritableValueError(String(value), 'it is not a safe integer');
    return String(value);
  }
  if (value instanceof Uint8Array) return base64Of(value);
  switch (value.type) {
    case 'known':
      return value.text;
    case 'dateTime':
      return dateTimeText(value.ticks, value.zone);
    case 'duration':
      return durationText(value.ticks);
    case 'uuid':
      return value.uuid;
    case 'urn':
      return `urn:uuid:${value.uuid}`;
    case 'double':
      if (isWhole(value.value)) return String(value.value);
      return floatText(value.value, Math.fround(value.value) === value.value ? 'single' : 'double');
    case 'decimal':
      return decimalText(value.unscaled, value.scale);
    case 'qname':
      return `${value.prefix}:${value.name}`;
    case 'list':
      return value.items.map(textOf).join(' ');
    default:
      return value satisfies never;
  }
}

/** Is this number written as an integer? */
export function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

const fraction = (ticks: bigint): string => {
  const digits = String(ticks % ticksPerSecond)
    .padStart(7, '0')
    .replace(/0+$/, '');
  return digits === '' ? '' : `.${digits}`;
};

/** A local time travels as the instant it is, so it is shown at the zero offset. */
export function dateTimeText(ticks: bigint, zone: Zone): string {
  const milliseconds = Number((ticks - (ticks % ticksPerSecond) - epochTicks) / 10_000n);
  const suffix = { unspecified: '', utc: 'Z', local: '+00:00' }[zone];
  return `${new Date(milliseconds).toISOString().slice(0, 19)}${fraction(ticks)}${suffix}`;
}

export function durationText(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const days = size / ticksPerDay;
  const seconds = (size % ticksPerDay) / ticksPerSecond;
  const part = (count: bigint, unit: string): string => (count === 0n ? '' : `${count}${unit}`);
  const rest = `${seconds % 60n}${fraction(size)}`;
  const time = `${part(seconds / 3600n, 'H')}${part((seconds / 60n) % 60n, 'M')}${rest === '0' ? '' : `${rest}S`}`;
  const text = `P${part(days, 'D')}${time === '' ? '' : `T${time}`}`;
  return `${ticks < 0n ? '-' : ''}${text === 'P' ? 'PT0S' : text}`;
}

export function decimalText(unscaled: bigint, scale: number): string {
  const size = unscaled < 0n ? -unscaled : unscaled;
  const digits = String(size).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${unscaled < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

/** The shortest digits that read back as the same number, with an exponent where .NET turns to one. */
export function floatText(value: number, precision: 'single' | 'double'): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const size = Math.abs(value);
  const shortest = precision === 'double' ? size.toExponential() : shortestSingle(size);
  const [mantissa = '', power = '0'] = shortest.split('e');
  const exponent = Number(power);
  const digits = mantissa.replace('.', '');
  const sign = value < 0 ? '-' : '';
  const plainDigits = Math.max(digits.length, precision === 'double' ? 15 : 7);
  if (exponent < -4 || exponent >= plainDigits) {
    const tail = digits.length === 1 ? '' : `.${digits.slice(1)}`;
    return `${sign}${digits[0]}${tail}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const tail = digits.slice(exponent + 1);
  return `${sign}${whole}${tail === '' ? '' : `.${tail}`}`;
}

function shortestSingle(value: number): string {
  for (let digits = 0; digits < 9; digits += 1) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential();
}
