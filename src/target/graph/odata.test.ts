import fc from 'fast-check';
import { expect, test } from 'vitest';
import { odata, path, query } from './odata.ts';

/** Reads one OData string literal back, as the tenant does. */
function literal(text: string): string | undefined {
  return /^'((?:[^']|'')*)'$/s.exec(text)?.[1]?.replaceAll("''", "'");
}

const text = fc.string({ unit: 'grapheme' });

test('any text stays one value inside a filter', () => {
  fc.assert(
    fc.property(text, (value) => {
      const filter = odata`userPrincipalName eq ${value}`;
      expect(filter.startsWith("userPrincipalName eq '")).toBe(true);
      expect(literal(filter.slice('userPrincipalName eq '.length))).toBe(value);
    }),
    { numRuns: 2_000 },
  );
});

test('any text stays one segment of a path, and comes back from it', () => {
  fc.assert(
    fc.property(text, (value) => {
      const url = new URL(`https://graph.test/v1.0${path`/groups(uniqueName='x')/${value}/end`}`);
      expect(url.search).toBe('');
      expect(url.hash).toBe('');
      const segments = url.pathname.split('/');
      // A URL takes dots alone as steps through the path: an id never is that.
      fc.pre(value !== '.' && value !== '..');
      expect(segments).toHaveLength(5);
      expect(decodeURIComponent(segments[3] ?? '')).toBe(value);
    }),
    { numRuns: 2_000 },
  );
});

test('any text stays one option of a query', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      const parameters = new URL(`https://graph.test/users${query({ $filter: a, $select: b })}`).searchParams;
      expect([...parameters]).toEqual([
        ['$filter', a],
        ['$select', b],
      ]);
    }),
  );
});

test('an anchor with all that base64 has is one key', () => {
  expect(path`/groups(uniqueName='${'a+b/c=='}')`).toBe("/groups(uniqueName='a%2Bb%2Fc%3D%3D')");
});
