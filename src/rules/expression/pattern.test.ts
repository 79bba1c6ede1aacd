// biome-ignore-all lint/suspicious/noTemplateCurlyInString: replacements name groups so

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern, expand, PatternProblem } from './pattern.ts';
import { LimitReached, Scope } from './scope.ts';

const scope = (): Scope =>
  new Scope({
    attribute: () => null,
    imported: () => null,
    parameter: () => undefined,
    taken: () => false,
    now: () => new Date(0),
    random: () => 0,
  });

const found = (pattern: string, text: string): readonly string[] =>
  compilePattern(pattern)
    .matches(text, scope())
    .map(({ start, end }) => text.slice(start, end));

test('understands .NET’s forms', () => {
  expect(found("(?'n'a+)", 'baab')).toEqual(['aa']);
  expect(found('\\w+', 'Zoë_ß 1')).toEqual(['Zoë_ß', '1']);
  expect(found('[\\w.]+@', 'zoë.b@x')).toEqual(['zoë.b@']);
  expect(found('\\u00e4\\x41', 'äA')).toEqual(['äA']);
  expect(found('[[a]]', '[] a]')).toEqual(['[]', 'a]']);
  expect(found('[]a]+', 'x]a')).toEqual([']a']);
  expect(found('(?i:ab)c', 'ABc ABC')).toEqual(['ABc']);
  expect(found('a(?#comment)b', 'ab')).toEqual(['ab']);
  expect(found('.*\\@domain\\.com', 'x@domain.com')).toEqual(['x@domain.com']);
  expect(found('(?:^|\\W)Sales|Marketing(?:$|\\W)', 'Sales, Marketing')).toEqual(['Sales', 'Marketing']);
  expect(found('\\S+', 'a\u00a0b')).toEqual(['a', 'b']);
  expect(found('a$', 'a')).toEqual(['a']);
});

test('counts unnamed groups before named ones, as .NET does', () => {
  const pattern = compilePattern('(?<last>\\w+), (\\w+)');
  const [match] = pattern.matches('Doe, John', scope());
  if (match === undefined) throw new Error('no match');
  expect(expand('$1 ${last} $2 $& $$ $9 ${none}', 'Doe, John', match, pattern)).toBe(
    'John Doe Doe Doe, John $ $9 ${none}',
  );
});

test('refuses what cannot be matched in linear time, with the reason', () => {
  for (const [pattern, reason] of [
    ['(?=a)', 'look-around'],
    ['(?<!a)', 'look-around'],
    ['(a)\\1', 'back-references'],
    ['(?<n>a)\\k<n>', 'back-references'],
    ['(?>a)', 'atomic'],
    ['(?(a)b)', 'conditions'],
    ['[a-z-[aeiou]]', 'subtraction'],
    ['(?x)a', 'options'],
    ['\\y', '\\y is not known'],
    ['a\\', 'ends in a backslash'],
    ['[a', 'bracket is not closed'],
    ['a**', 'nested repetition'],
    ['(a{900}){900}', 'repeat'],
    ['x'.repeat(1001), 'more than 1000'],
  ] as const) {
    expect(() => compilePattern(pattern), pattern).toThrow(PatternProblem);
    expect(() => compilePattern(pattern), pattern).toThrow(reason);
  }
});

test('takes no longer for patterns that make others backtrack for ever', () => {
  const text = `${'a'.repeat(20_000)}!`;
  for (const pattern of ['(a+)+$', '^(a|a)*$', '(a|aa)+$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    expect(compilePattern(pattern).test(text, scope())).toBe(false);
  }
});

test('charges for work, so that many looks at a long text end', () => {
  expect(() => compilePattern('a|a.*b').matches('a'.repeat(200_000), scope())).toThrow(LimitReached);
});

test('finds what JavaScript’s own engine finds', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '[ab]',
    '[^a]',
    '.',
    '(a|b)',
    '(?:ab)?',
    'a*',
    'b+',
    '(?<g>a)?',
    'a{1,2}',
    'b*?',
    '^',
    '$',
    '|',
  );
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((all) => all.join(''));
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), maxLength: 12 }), (source, text) => {
      let native: RegExp;
      try {
        native = new RegExp(source, 'gu');
      } catch {
        return;
      }
      // JavaScript forgets a group at each repetition, so whole matches are compared alone.
      let ours: readonly string[];
      try {
        ours = found(source, text);
      } catch (error) {
        expect(error).toBeInstanceOf(PatternProblem);
        return;
      }
      // JavaScript’s dot leaves out the carriage return and more besides; the texts hold none of them.
      expect(ours).toEqual([...text.matchAll(native)].map(([whole]) => whole));
    }),
    { numRuns: 2000 },
  );
});

test('any pattern is compiled or refused', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."ab\\()[]{}?*+|^$.<>=!:-,0123wdsDWSpPukx'#i"), maxLength: 25 }),
      (source) => {
        try {
          compilePattern(source).matches('aab 12', scope());
        } catch (error) {
          if (!(error instanceof PatternProblem)) throw error;
        }
      },
    ),
    { numRuns: 3000 },
  );
});
