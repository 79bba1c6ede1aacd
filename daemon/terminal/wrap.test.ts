import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrap } from './wrap.ts';

const word = fc.stringMatching(/^[a-z.]{1,12}$/);

test('every word stays, in its order, and no line is longer than it may be', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 20, max: 90 }), (words, width) => {
      const text = wrap(words.join(' '), width, '      ');
      const lines = text.trimEnd().split('\n');
      expect(text.trim().split(/\s+/)).toEqual(words);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      for (const line of lines) expect(line).toMatch(/^ {6}\S/);
    }),
  );
});

test('a word that is longer than a line stays whole', () => {
  expect(wrap('a 0123456789abcdef b', 10, '  ')).toBe('  a\n  0123456789abcdef\n  b\n');
});
