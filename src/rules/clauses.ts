import type { ClauseConfiguration } from '../config/index.ts';
import type { SourceValue } from '../model/index.ts';
import { RuleSettingError } from './errors.ts';
import { compilePattern, nearestName, type Pattern, PatternProblem } from './expression/index.ts';
import type { SourceView } from './rules.ts';

type Values = readonly SourceValue[];

/** One comparison of an attribute, compiled: `undefined` values are an absent attribute. */
export interface Clause {
  readonly attribute: string;
  readonly text: string;
  holds(view: SourceView): boolean;
}

interface Operator {
  /** `none`, `text`, `integer`, `pattern` or `list`: what it compares with. */
  readonly takes: 'nothing' | 'text' | 'integer' | 'pattern' | 'list';
  /** Of several values one is enough; of a negation none may be. */
  readonly negated: boolean;
  /** What an absent attribute gives. */
  readonly absent: boolean;
  test(value: string, wanted: Wanted): boolean;
}

interface Wanted {
  readonly text: string;
  readonly integer: bigint;
  readonly list: ReadonlySet<string>;
  readonly pattern: Pattern | undefined;
}

const operator = (
  takes: Operator['takes'],
  test: Operator['test'],
  { negated = false, absent = false }: { negated?: boolean; absent?: boolean } = {},
): Operator => ({ takes, test, negated, absent });

const equals: Operator['test'] = (value, { text }) => value === text;
const contains: Operator['test'] = (value, { text }) => value.includes(text);
const starts: Operator['test'] = (value, { text }) => value.startsWith(text);
const ends: Operator['test'] = (value, { text }) => value.endsWith(text);
const among: Operator['test'] = (value, { list }) => list.has(value);
const matches: Operator['test'] = (value, { pattern }) => pattern?.test(value) === true;
const bit: Operator['test'] = (value, { integer }) => {
  const number = integerOf(value);
  return number !== undefined && (number & integer) === integer;
};
const compared =
  (holds: (a: bigint, b: bigint) => boolean): Operator['test'] =>
  (value, { integer }) => {
    const number = integerOf(value);
    return number !== undefined && holds(number, integer);
  };
const present: Operator['test'] = () => true;
const isTrue: Operator['test'] = (value) => value.toLowerCase() === 'true';
const isFalse: Operator['test'] = (value) => value.toLowerCase() === 'false';

/** A negation that an absent attribute fulfils, as Connect's rules rely on (adminDescription NOTSTARTSWITH User_). */
const not = { negated: true, absent: true };

/**
 * Those of the provisioning service, whose clauses an absent attribute never fulfils but by IS NULL, and those of
 * Connect. Names are taken in any case, with or without blanks and underscores.
 */
const operators: ReadonlyMap<string, Operator> = new Map([
  ['EQUALS', operator('text', equals)],
  ['NOT EQUALS', operator('text', equals, { negated: true })],
  ['REGEX MATCH', operator('pattern', matches)],
  ['NOT REGEX MATCH', operator('pattern', matches, { negated: true })],
  ['IS TRUE', operator('nothing', isTrue)],
  ['IS FALSE', operator('nothing', isFalse)],
  ['IS NULL', operator('nothing', present, not)],
  ['IS NOT NULL', operator('nothing', present)],
  ['PRESENT', operator('nothing', present)],
  [
    'GREATER_THAN',
    operator(
      'integer',
      compared((a, b) => a > b),
    ),
  ],
  [
    'GREATER_THAN_OR_EQUALS',
    operator(
      'integer',
      compared((a, b) => a >= b),
    ),
  ],
  ['INCLUDES', operator('text', contains)],
  ['ENDS_WITH', operator('text', ends)],
  ['&', operator('integer', bit)],
  ['!&', operator('integer', bit, { negated: true })],
  ['!&L', operator('integer', bit, { negated: true })],
  ['EQUAL', operator('text', equals)],
  ['NOTEQUAL', operator('text', equals, not)],
  [
    'LESSTHAN',
    operator(
      'integer',
      compared((a, b) => a < b),
    ),
  ],
  [
    'LESSTHAN_OR_EQUAL',
    operator(
      'integer',
      compared((a, b) => a <= b),
    ),
  ],
  [
    'GREATERTHAN_OR_EQUAL',
    operator(
      'integer',
      compared((a, b) => a >= b),
    ),
  ],
  ['CONTAINS', operator('text', contains)],
  ['NOTCONTAINS', operator('text', contains, not)],
  ['STARTSWITH', operator('text', starts)],
  ['NOTSTARTSWITH', operator('text', starts, not)],
  ['NOTENDSWITH', operator('text', ends, not)],
  ['ISIN', operator('list', among)],
  ['ISNOTIN', operator('list', among, not)],
  ['ISBITSET', operator('integer', bit)],
  ['ISBITNOTSET', operator('integer', bit, not)],
]);

const byName: ReadonlyMap<string, readonly [string, Operator]> = new Map(
  [...operators].map(([name, meaning]) => [folded(name), [name, meaning]]),
);

const memberships = new Set(['ISMEMBEROF', 'ISNOTMEMBEROF']);

export const clauseOperators: readonly string[] = [...operators.keys()];

function folded(name: string): string {
  return name.toUpperCase().replace(/[\s_]/g, '');
}

/** Throws a `RuleSettingError` that names the place where a clause is wrong. */
export function compileClause({ attribute, operator: name, value }: ClauseConfiguration, place: string): Clause {
  const found = byName.get(folded(name));
  if (found === undefined) throw unknownOperator(name, place);
  const [known, { takes, negated, absent, test }] = found;
  const wanted = wantedOf(known, takes, value, place);
  const text = `${attribute} ${known}${value === undefined ? '' : ` ${JSON.stringify(value)}`}`;
  return {
    attribute,
    text,
    holds(view) {
      const values: Values = view.attributes[attribute] ?? [];
      if (values.length === 0) return absent;
      return values.some((one) => test(textOf(one), wanted)) !== negated;
    },
  };
}

function unknownOperator(name: string, place: string): RuleSettingError {
  if (memberships.has(folded(name))) {
    return new RuleSettingError(place, `${name} compares no attribute`, 'Name the group under scope.groups.');
  }
  if (folded(name) === 'VALIDCERTMATCH') {
    return new RuleSettingError(place, `${name} is nowhere documented`, 'Leave the clause out.');
  }
  const near = nearestName(name.toUpperCase(), clauseOperators);
  return new RuleSettingError(
    place,
    `there is no operator "${name}"${near === undefined ? '' : `, perhaps "${near}" is meant`}`,
    `Use one of ${clauseOperators.join(', ')}.`,
  );
}

function wantedOf(name: string, takes: Operator['takes'], value: ClauseConfiguration['value'], place: string): Wanted {
  const text = value === undefined ? '' : String(value);
  const wanted: Wanted = { text, integer: 0n, list: new Set(), pattern: undefined };
  if (takes === 'nothing') {
    if (value !== undefined) throw new RuleSettingError(place, `${name} compares with no value`, 'Remove value.');
    return wanted;
  }
  if (value === undefined) throw new RuleSettingError(place, `${name} needs a value to compare with`, 'Add value.');
  switch (takes) {
    case 'integer': {
      const integer = integerOf(text);
      if (integer === undefined)
        throw new RuleSettingError(
          place,
          `${name} compares whole numbers, and "${text}" is none`,
          'Give a whole number.',
        );
      return { ...wanted, integer };
    }
    case 'list':
      return { ...wanted, list: new Set(text.split(';').map((one) => one.trim())) };
    case 'pattern':
      try {
        return { ...wanted, pattern: compilePattern(text) };
      } catch (error) {
        if (!(error instanceof PatternProblem)) throw error;
        throw new RuleSettingError(
          place,
          `the regular expression ${text} cannot be used: ${error.message}`,
          'Write it without look-around and back-references: patterns are matched in linear time.',
        );
      }
    default:
      return wanted;
  }
}

/** AD's flags are signed; masks are meant unsigned, so that &H80000000 fits a group's type. */
function integerOf(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (/^-?\d{1,20}$/.test(trimmed)) return BigInt(trimmed);
  return /^(?:0x|&H)[0-9a-f]{1,16}$/i.test(trimmed) ? BigInt(`0x${trimmed.replace(/^(?:0x|&h)/i, '')}`) : undefined;
}

function textOf(value: SourceValue): string {
  return typeof value === 'string' ? value : Buffer.from(value).toString('base64');
}
