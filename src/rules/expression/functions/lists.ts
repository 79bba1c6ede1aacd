import { argumentOf, binary, type FunctionDefinition, special, ternary, unary } from '../definition.ts';
import { facts, list, number, optional, text, word } from '../parameters.ts';
import { perValue } from '../scope.ts';
import { holds, isList, type List, Mismatch, type Scalar, textOf } from '../value.ts';

const item = binary(
  {
    name: 'Item',
    gives: 'any',
    meaning: 'One value of several, by its place from 1; fails outside of them.',
    choice: 'Of an absent attribute it is NULL rather than a failure.',
  },
  list('attribute'),
  number('index'),
  (values, index) => {
    const n = Number(index ?? 0);
    if (values.length === 0) return null;
    const value = values[n - 1];
    if (value === undefined) throw new Mismatch(`there is no value ${n} of ${values.length}`);
    return value;
  },
);

const itemOrNull = binary(
  { name: 'ItemOrNull', in: 'connect', gives: 'any', meaning: 'As Item, but NULL outside of the values.' },
  list('attribute'),
  number('index'),
  (values, index) => values[Number(index ?? 0) - 1] ?? null,
);

const count = unary(
  { name: 'Count', gives: 'number', meaning: 'The number of values.', choice: 'An absent attribute has 0.' },
  list('attribute'),
  (values) => values.length,
);

const contains = ternary(
  {
    name: 'Contains',
    gives: 'number',
    meaning:
      'The place, from 1, of the first value that holds the text; 0 where none does. Case counts unless CaseInsensitive is named.',
    choice:
      'Texts are searched within, as documented for strings; a reference is compared whole by naming its whole DN.',
  },
  [list('attribute'), text('search'), optional(word('case', ['CaseSensitive', 'CaseInsensitive']))],
  (values, search, how) => {
    if (search === null) return 0;
    const fold = (one: string): string => (how === 'CaseInsensitive' ? one.toLowerCase() : one);
    const wanted = fold(search);
    return (
      values.findIndex((one) => one !== null && !(one instanceof Uint8Array) && fold(textOf(one)).includes(wanted)) + 1
    );
  },
);

const removeDuplicates = unary(
  {
    name: 'RemoveDuplicates',
    gives: 'list',
    meaning: 'The values, each once, in their order.',
    choice: 'Texts that differ in case alone are the same value, the first spelling stays: addresses are compared so.',
  },
  list('attribute'),
  (values) => {
    if (values.length === 0) return null;
    const seen = new Set<string>();
    const kept: (Scalar | null)[] = [];
    for (const value of values) {
      const key = value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value).toLowerCase();
      if (seen.has(key)) continue;
      seen.add(key);
      kept.push(value);
    }
    return kept;
  },
);

const split = binary(
  {
    name: 'Split',
    in: 'provisioning',
    gives: 'list',
    meaning: 'The parts of a text between the delimiters.',
    choice: 'Each part is trimmed, as the documented example shows without saying so. NULL gives NULL.',
  },
  text('source'),
  text('delimiter'),
  (source, delimiter) => {
    if (source === null) return null;
    return (delimiter === null || delimiter === '' ? [source] : source.split(delimiter)).map((part) => part.trim());
  },
);

const splitLimited = ternary(
  {
    name: 'Split',
    in: 'connect',
    gives: 'list',
    meaning: 'The parts of a text between the delimiter, one character; the limit is the most values to give.',
    choice: 'With a limit the last value keeps the rest of the text. Parts are not trimmed. NULL gives NULL.',
  },
  [
    text('string', {}),
    text('delimiter', {
      check: (value) =>
        typeof value === 'string' && [...value].length !== 1 ? 'takes exactly one character' : undefined,
    }),
    optional(number('limit')),
  ],
  (source, delimiter, limit) => {
    if (source === null) return null;
    if (delimiter === null || [...delimiter].length !== 1)
      throw new Mismatch('Split takes exactly one character as delimiter');
    const parts = source.split(delimiter);
    const most = limit === null ? 0 : Number(limit);
    if (most < 1 || parts.length <= most) return parts;
    return [...parts.slice(0, most - 1), parts.slice(most - 1).join(delimiter)];
  },
);

const variable = facts('item', 'variable');
const values = facts('attribute', 'list', { whole: true });

/** Runs an expression for each value, the variable standing for it. */
const overValues = (
  name: 'Select' | 'Where',
  meaning: string,
  body: string,
  give: (value: Scalar | null, outcome: Scalar | List | null) => Scalar | List | null,
): FunctionDefinition =>
  special(
    { name, in: 'connect', gives: 'list', meaning },
    [variable, values, facts(body, name === 'Where' ? 'condition' : 'any', { whole: true })],
    ({ arguments: [, source, inner], slot }) =>
      (scope) => {
        const all = argumentOf(source, scope) ?? null;
        scope.step();
        const found = perValue(
          (isList(all) ? all : [all]).filter((one) => one !== null),
          scope,
          (value) => {
            scope.name(slot, value);
            return give(value, argumentOf(inner, scope) ?? null);
          },
        );
        return isList(found) && found.every((one) => one === null) ? null : found;
      },
  );

const select = overValues(
  'Select',
  'What an expression makes of each value of an attribute.',
  'function',
  (_, outcome) => outcome,
);
const where = overValues(
  'Where',
  'The values of an attribute for which a condition holds.',
  'condition',
  (value, outcome) => (holds(outcome) ? value : null),
);

const withVariable = special(
  {
    name: 'With',
    in: 'connect',
    gives: 'any',
    meaning: 'Names the value of an expression, to be used in another any number of times.',
  },
  [
    facts('variable', 'variable'),
    facts('subExpression', 'any', { whole: true }),
    facts('expression', 'any', { whole: true, passes: true }),
  ],
  ({ arguments: [, sub, expression], slot }) =>
    (scope) => {
      scope.name(slot, argumentOf(sub, scope) ?? null);
      scope.step();
      return expression?.evaluate(scope) ?? null;
    },
);

export const listFunctions: readonly FunctionDefinition[] = [
  item,
  itemOrNull,
  count,
  contains,
  removeDuplicates,
  split,
  splitLimited,
  select,
  where,
  withVariable,
];
