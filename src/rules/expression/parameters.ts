import type { Parameter, ParameterFacts } from './definition.ts';
import { Moment } from './moment.ts';
import { conditionOf, isList, type List, Mismatch, numberOf, type Scalar, show, textOf, type Value } from './value.ts';

type Options = Partial<Pick<ParameterFacts, 'check'>>;

function parameter<T>(
  name: string,
  takes: ParameterFacts['takes'],
  read: (value: Value | undefined) => T,
  options: Partial<ParameterFacts> = {},
): Parameter<T> {
  return {
    name,
    takes,
    optional: false,
    repeated: false,
    whole: false,
    passes: false,
    words: [],
    check: undefined,
    ...options,
    read,
  };
}

/** One value of what may be a list of one. */
function single(value: Value | undefined): Scalar | null {
  if (!isList(value)) return value ?? null;
  const [first = null, ...more] = value;
  if (more.length > 0) throw new Mismatch('several values stand where one is needed');
  return first;
}

function readText(value: Value | undefined): string | null {
  if (typeof value === 'string') return value;
  const one = single(value);
  return one === null ? null : textOf(one);
}

function readNumber(value: Value | undefined): number | bigint | null {
  if (typeof value === 'number') return value;
  const one = single(value);
  return one === null || one === '' ? null : numberOf(one);
}

function readDate(value: Value | undefined): Moment | null {
  const one = single(value);
  if (one === null || one === '') return null;
  if (one instanceof Moment) return one;
  const read = typeof one === 'string' ? Moment.parse(one) : undefined;
  if (read === undefined) throw new Mismatch(`${show(one)} is not a date`);
  return read;
}

function readBytes(value: Value | undefined): Uint8Array | string | null {
  const one = single(value);
  return one === null || one instanceof Uint8Array ? one : textOf(one);
}

function readWhole(value: Value | undefined): List {
  if (value === null || value === undefined) return [];
  return isList(value) ? value.filter((one) => one !== null) : [value];
}

export const text = (name: string, options: Options = {}): Parameter<string | null> =>
  parameter(name, 'text', readText, options);
export const number = (name: string, options: Options = {}): Parameter<number | bigint | null> =>
  parameter(name, 'number', readNumber, options);
export const date = (name: string): Parameter<Moment | null> => parameter(name, 'date', readDate);
/** Bytes, or the text form of them. */
export const bytes = (name: string): Parameter<Uint8Array | string | null> => parameter(name, 'bytes', readBytes);
export const condition = (name: string): Parameter<boolean> =>
  parameter(name, 'condition', (value) => conditionOf(single(value)));
/** Each value as it is. */
export const any = (name: string): Parameter<Scalar | null> => parameter(name, 'any', single);
/** Everything as it is, a list as a list; `null` and the empty list are absent. */
export const whole = (name: string): Parameter<Value> =>
  parameter(name, 'any', (value) => (isList(value) && value.length === 0 ? null : (value ?? null)), { whole: true });
/** All values together; one value is a list of one, none the empty list. */
export const list = (name: string): Parameter<List> => parameter(name, 'list', readWhole, { whole: true });
/** A bare word, or a text of that spelling. */
export const word = (name: string, words: readonly string[]): Parameter<string | null> =>
  parameter(
    name,
    'word',
    (value) => {
      const read = readText(value);
      if (read === null) return null;
      const known = words.find((one) => one.toLowerCase() === read.toLowerCase());
      if (known === undefined) throw new Mismatch(`${show(read)} is none of ${words.join(', ')}`);
      return known;
    },
    { words },
  );

export const optional = <T>(p: Parameter<T>): Parameter<T> => ({ ...p, optional: true });
export const repeated = <T>(p: Parameter<T>): Parameter<T> => ({ ...p, repeated: true, optional: true });

/** Facts of parameters whose functions evaluate them themselves. */
export const facts = (
  name: string,
  takes: ParameterFacts['takes'],
  options: Partial<ParameterFacts> = {},
): ParameterFacts => parameter(name, takes, () => null, options);
