import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IfMatchMissingError, InvalidRequestError } from './errors.ts';
import { matcherOf } from './if-match.ts';

test('matches the tag itself, any of a list, and anything at all', () => {
  for (const header of ['"a"', '*', '"x", "a"', '"x","a"', '"a" ,"x"', ', "a",, "x",', 'W/"a", "a"']) {
    expect(matcherOf(header)('a'), header).toBe(true);
  }
});

test('matches no other tag, and no weak one', () => {
  for (const header of ['"b"', 'W/"a"', '"A"', '"x,a"', '""']) {
    expect(matcherOf(header)('a'), header).toBe(false);
  }
});

test('refuses what is no entity tag', () => {
  for (const header of ['a', '', ',', '"a', 'a"', '"a" "b"', '"a", b', '*, "a"', '"a", *', 'w/"a"', '"a b"', '**']) {
    expect(() => matcherOf(header), header).toThrow(InvalidRequestError);
  }
  expect(() => matcherOf(undefined)).toThrow(IfMatchMissingError);
});

test('takes each list of tags apart, whatever stands in them', () => {
  const tags = fc.array(fc.stringMatching(/^[!#-~]{0,12}$/), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(tags, fc.stringMatching(/^[!#-~]{0,12}$/), (given, other) => {
      const matches = matcherOf(given.map((one) => `"${one}"`).join(', '));
      for (const one of given) expect(matches(one)).toBe(true);
      expect(matches(other)).toBe(given.includes(other));
    }),
  );
});
