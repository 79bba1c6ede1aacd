import { Moment } from './moment.ts';
import { compareNumbers, parseNumber } from './number.ts';

/** What an expression works on. An absent attribute is `null`; in a list, `null` is a value that will vanish. */
export type Scalar = string | number | bigint | boolean | Uint8Array | Moment;
export type List = readonly (Scalar | null)[];
export type Value = Scalar | List | null;

/** The flow itself, rather than a value: leave the target's value alone, or clear it and ask no one else. */
export const ignored: unique symbol = Symbol('ignored');
export const authoritativeNull: unique symbol = Symbol('authoritativeNull');
export type Signal = typeof ignored | typeof authoritativeNull;
export type Result = Value | Signal;

/** Thrown where a function is given what it cannot take; becomes an `EvaluationError` at the edge. */
export class Mismatch extends Error {}

export function isList(value: unknown): value is List {
  return Array.isArray(value);
}

export function show(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (isList(value)) return value.length > 5 ? `${value.length} values` : `[${value.map(show).join(', ')}]`;
  return String(value);
}

/** The text form of one value; bytes have none. */
export function textOf(value: Scalar): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Uint8Array) throw new Mismatch('bytes are not a text: convert them first');
  return value.toString();
}

export function numberOf(value: Scalar): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const number = typeof value === 'string' ? parseNumber(value) : undefined;
  if (number === undefined) throw new Mismatch(`${show(value)} is not a number`);
  return number;
}

/** As a condition: True and False in any spelling, or a number that is not zero. NULL does not hold. */
export function conditionOf(value: Scalar | null): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
    case 'bigint':
      return Number(value) !== 0;
    case 'string': {
      const text = value.trim().toLowerCase();
      if (text === 'true') return true;
      if (text === 'false' || text === '') return false;
      const number = parseNumber(text);
      if (number !== undefined) return Number(number) !== 0;
      break;
    }
    default:
      if (value === null) return false;
  }
  throw new Mismatch(`${show(value)} is not a condition`);
}

/** Does a whole result hold? Of several values, one that holds is enough. */
export function holds(value: Value): boolean {
  return isList(value) ? value.some(conditionOf) : conditionOf(value);
}

function asNumber(value: Scalar): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'string' ? parseNumber(value) : undefined;
}

function asMoment(value: Scalar): Moment | undefined {
  return value instanceof Moment ? value : typeof value === 'string' ? Moment.parse(value) : undefined;
}

/**
 * Texts are equal case and all; a number equals its text, True its spelling, a date the text of a date; absent and
 * empty are equal.
 */
export function equal(a: Scalar | null, b: Scalar | null): boolean {
  if (a === null || b === null) return (a ?? '') === (b ?? '');
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  }
  if (typeof a === 'boolean' || typeof b === 'boolean') return textOf(a).toLowerCase() === textOf(b).toLowerCase();
  if (a instanceof Moment || b instanceof Moment) return asMoment(a)?.ticks === asMoment(b)?.ticks;
  const [left, right] = [asNumber(a), asNumber(b)];
  return left !== undefined && right !== undefined && compareNumbers(left, right) === 0;
}

/** Below, equal, above zero; nothing where the two have no order (one absent, or bytes). */
export function order(a: Scalar | null, b: Scalar | null): number | undefined {
  if (a === null || b === null || a instanceof Uint8Array || b instanceof Uint8Array) return undefined;
  if (a instanceof Moment || b instanceof Moment) {
    const [left, right] = [asMoment(a), asMoment(b)];
    return left === undefined || right === undefined ? undefined : compareNumbers(left.ticks, right.ticks);
  }
  const [left, right] = [asNumber(a), asNumber(b)];
  if (left !== undefined && right !== undefined) return compareNumbers(left, right);
  const [x, y] = [textOf(a), textOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
