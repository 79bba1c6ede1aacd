import type { Parameter } from '../definition.ts';
import { binary, type FunctionDefinition, quaternary, ternary, unary, variadic } from '../definition.ts';
import { list, number, optional, repeated, text, whole, word } from '../parameters.ts';
import type { Scope } from '../scope.ts';
import { isList, Mismatch, textOf, type Value } from '../value.ts';

const append = binary(
  {
    name: 'Append',
    in: 'provisioning',
    gives: 'text',
    meaning: 'The source followed by the suffix.',
    choice: 'NULL counts as an empty text, on either side.',
  },
  text('source'),
  text('suffix'),
  (source, suffix) => (source ?? '') + (suffix ?? ''),
);

const prepend = binary(
  {
    name: 'Prepend',
    in: 'provisioning',
    gives: 'text',
    meaning: 'The prefix followed by the source.',
    choice: 'Known from the service’s parser alone; NULL counts as an empty text, as in Append.',
  },
  text('prefix'),
  text('source'),
  (prefix, source) => (prefix ?? '') + (source ?? ''),
);

const edges = 'A length of 0 gives "", a negative one the text itself; NULL gives "".';

const left = binary(
  { name: 'Left', gives: 'text', meaning: 'The first characters of a text.', choice: edges },
  text('string'),
  number('length'),
  (source, length) => cut(source, length, (text, n) => text.slice(0, n)),
);

const right = binary(
  { name: 'Right', in: 'connect', gives: 'text', meaning: 'The last characters of a text.', choice: edges },
  text('string'),
  number('length'),
  (source, length) => cut(source, length, (text, n) => (n === 0 ? '' : text.slice(-n))),
);

function cut(source: string | null, length: number | bigint | null, at: (text: string, n: number) => string): string {
  if (source === null) return '';
  const n = Number(length ?? 0);
  return n < 0 ? source : at(source, Math.trunc(n));
}

const mid = ternary(
  {
    name: 'Mid',
    gives: 'text',
    meaning:
      'Part of a text, from a position counted from 1; to the end where the length is left out or reaches beyond it.',
    choice:
      'As the Connect page says, in both dialects: a length of 0 gives ""; a negative length, a start before the first or behind the last character gives the text itself; NULL gives "".',
  },
  [text('source'), number('start'), optional(number('length'))],
  (source, start, length) => {
    if (source === null) return '';
    const from = Math.trunc(Number(start ?? 0));
    if (length === null) return from <= 0 || from > source.length ? source : source.slice(from - 1);
    const n = Math.trunc(Number(length));
    if (n === 0) return '';
    return n < 0 || from <= 0 || from > source.length ? source : source.slice(from - 1, from - 1 + n);
  },
);

/** A text for a text, value by value; NULL stays NULL. */
function mapped(
  facts: Omit<FunctionDefinition, 'parameters' | 'bind' | 'dialects' | 'gives'> & { in?: 'provisioning' | 'connect' },
  parameter: string,
  apply: (text: string) => string,
): FunctionDefinition {
  return unary({ ...facts, gives: 'text' }, text(parameter), (value) => (value === null ? null : apply(value)));
}

const trim = mapped(
  { name: 'Trim', meaning: 'The text without white space at its ends, value by value.' },
  'string',
  (text) => text.trim(),
);
const lTrim = mapped(
  { name: 'LTrim', in: 'connect', meaning: 'The text without white space at its beginning.' },
  'string',
  (text) => text.trimStart(),
);
const rTrim = mapped(
  { name: 'RTrim', in: 'connect', meaning: 'The text without white space at its end.' },
  'string',
  (text) => text.trimEnd(),
);
const lCase = mapped({ name: 'LCase', in: 'connect', meaning: 'The text in lower case.' }, 'string', (text) =>
  text.toLowerCase(),
);
const uCase = mapped({ name: 'UCase', in: 'connect', meaning: 'The text in upper case.' }, 'string', (text) =>
  text.toUpperCase(),
);
const stripSpaces = mapped(
  {
    name: 'StripSpaces',
    in: 'provisioning',
    meaning: 'The text without its spaces (U+0020).',
    choice: 'Other white space stays.',
  },
  'source',
  (text) => text.replaceAll(' ', ''),
);

const culture: Parameter<string | null> = optional(
  text('culture', {
    check: (value) => (typeof value === 'string' && !isCulture(value) ? 'names no culture' : undefined),
  }),
);

function isCulture(tag: string): boolean {
  return tag === '' || /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(tag);
}

const cased = (
  name: 'ToLower' | 'ToUpper',
  how: string,
  apply: (text: string, culture: string | undefined) => string,
) =>
  binary(
    {
      name,
      in: 'provisioning',
      gives: 'text',
      meaning: `The text in ${how} case, by the rules of a culture (RFC 4646: tr, de-AT) where one is named.`,
    },
    text('source'),
    culture,
    (source, tag) => {
      if (source === null) return null;
      if (tag === null || tag === '') return apply(source, undefined);
      if (!isCulture(tag)) throw new Mismatch(`"${tag}" names no culture`);
      return apply(source, tag);
    },
  );

const toLower = cased('ToLower', 'lower', (text, tag) =>
  tag === undefined ? text.toLowerCase() : text.toLocaleLowerCase(tag),
);
const toUpper = cased('ToUpper', 'upper', (text, tag) =>
  tag === undefined ? text.toUpperCase() : text.toLocaleUpperCase(tag),
);

const len = unary(
  { name: 'Len', in: 'connect', gives: 'number', meaning: 'The number of characters.', choice: 'NULL has none: 0.' },
  text('string'),
  (value) => (value ?? '').length,
);

const comparison = word('compareType', ['vbTextCompare', 'vbBinaryCompare']);
const folded = (text: string, compare: string | null): string =>
  compare === 'vbTextCompare' ? text.toLowerCase() : text;

const inStr = quaternary(
  {
    name: 'InStr',
    gives: 'number',
    meaning:
      'The position, from 1, at which a text holds another; 0 where it does not. Case counts unless vbTextCompare is named.',
    choice: 'NULL holds nothing: 0. An empty text is found where the search begins. A start below 1 is 1.',
  },
  [text('value1'), text('value2'), optional(number('start')), optional(comparison)],
  (source, wanted, start, compare) => {
    if (source === null || wanted === null) return 0;
    const from = Math.max(1, Number(start ?? 1)) - 1;
    return from > source.length ? 0 : folded(source, compare).indexOf(folded(wanted, compare), from) + 1;
  },
);

const inStrRev = quaternary(
  {
    name: 'InStrRev',
    in: 'connect',
    gives: 'number',
    meaning:
      'The last position, from 1, at which a text holds another; 0 where it does not. The search begins at start and goes left.',
    choice: 'A match must lie before the start whole, as in Visual Basic.',
  },
  [text('string'), text('match'), optional(number('start')), optional(comparison)],
  (source, wanted, start, compare) => {
    if (source === null || wanted === null) return 0;
    const end = start === null || Number(start) < 1 ? source.length : Math.min(source.length, Number(start));
    return folded(source.slice(0, end), compare).lastIndexOf(folded(wanted, compare)) + 1;
  },
);

const padding = (
  name: 'PadLeft' | 'PadRight',
  side: string,
  pad: (text: string, length: number, char: string) => string,
) =>
  ternary(
    {
      name,
      in: 'connect',
      gives: 'text',
      meaning: `The text filled up on the ${side} with one character to a length; a longer text stays as it is.`,
      choice: 'NULL gives "". A padding character that is NULL, or more than one character, fails.',
    },
    [
      text('string'),
      number('length'),
      text('padCharacter', {
        check: (value) => (value === null || textLength(value) !== 1 ? 'takes exactly one character' : undefined),
      }),
    ],
    (source, length, char, scope) => {
      if (char === null || [...char].length !== 1) throw new Mismatch(`${name} fills with exactly one character`);
      if (source === null) return '';
      const n = Number(length ?? 0);
      if (n <= source.length) return source;
      scope.grow(n);
      return pad(source, n, char);
    },
  );

function textLength(value: Value): number {
  return value === null || isList(value) ? 0 : [...textOf(value)].length;
}

const padLeft = padding('PadLeft', 'left', (text, n, char) => text.padStart(n, char));
const padRight = padding('PadRight', 'right', (text, n, char) => text.padEnd(n, char));

const wordOf = ternary(
  {
    name: 'Word',
    gives: 'text',
    meaning:
      'The n-th word of a text, from 1; every character of the delimiters separates words. "" where there are fewer.',
    choice: 'Separators next to one another enclose no word.',
  },
  [text('string'), number('wordNumber'), text('delimiters')],
  (source, n, delimiters) => {
    if (source === null || n === null || Number(n) < 1) return '';
    const separators = new Set(delimiters ?? '');
    let rest = Math.trunc(Number(n));
    let word = '';
    for (const char of source) {
      if (!separators.has(char)) word += char;
      else if (word !== '') {
        rest -= 1;
        if (rest === 0) return word;
        word = '';
      }
    }
    return rest === 1 ? word : '';
  },
);

function texts(value: Value): readonly string[] {
  if (value === null) return [];
  return (isList(value) ? value : [value]).flatMap((one) => (one === null || one === '' ? [] : [textOf(one)]));
}

function joined(values: readonly string[], separator: string, scope: Scope): string {
  scope.grow(values.reduce((sum, value) => sum + value.length + separator.length, 0));
  return values.join(separator);
}

const join = variadic(
  {
    name: 'Join',
    in: 'provisioning',
    gives: 'text',
    meaning: 'The sources one behind the other, the separator between them; a source of several values gives each.',
    choice: 'Absent and empty sources are left out, their separator too.',
  },
  text('separator'),
  repeated(whole('source')),
  (separator, sources, scope) => joined(sources.flatMap(texts), separator ?? '', scope),
);

const joinValues = binary(
  {
    name: 'Join',
    in: 'connect',
    gives: 'text',
    meaning: 'The values of an attribute one behind the other, the delimiter between them.',
    choice: 'Without a delimiter it is one space; "" joins without any.',
  },
  list('attribute'),
  optional(text('delimiter')),
  (values, delimiter, scope) => joined(texts(values), delimiter ?? ' ', scope),
);

export const textFunctions: readonly FunctionDefinition[] = [
  append,
  prepend,
  left,
  right,
  mid,
  trim,
  lTrim,
  rTrim,
  lCase,
  uCase,
  stripSpaces,
  toLower,
  toUpper,
  len,
  inStr,
  inStrRev,
  padLeft,
  padRight,
  wordOf,
  join,
  joinValues,
];
