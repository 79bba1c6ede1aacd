import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffDocuments } from './diff.ts';

const json = fc.jsonValue({ maxDepth: 3 });

test('a document differs in nothing from itself', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(diffDocuments(value, structuredClone(value))).toEqual([]);
    }),
  );
});

test('documents that differ always show a difference, and the other way round the same with both sides changed', () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      const there = diffDocuments(a, b);
      const back = diffDocuments(b, a);
      expect(there.length === 0).toBe(canonical(a) === canonical(b));
      const turned = back.map(({ path, ...sides }) => ({
        path,
        ...('after' in sides ? { before: sides.after } : {}),
        ...('before' in sides ? { after: sides.before } : {}),
      }));
      const sorted = (list: readonly object[]) => list.map((one) => canonical(one)).sort();
      expect(sorted(turned)).toEqual(sorted(there));
    }),
  );
});

test('tells forests and domains apart by their names', () => {
  const forest = (name: string, server: string) => ({ name, domains: [{ name: 'd', servers: [server] }] });
  expect(diffDocuments({ forests: [forest('a', 'x'), forest('b', 'y')] }, { forests: [forest('b', 'z')] })).toEqual([
    { path: 'forests[a]', before: forest('a', 'x') },
    { path: 'forests[b].domains[d].servers', before: ['y'], after: ['z'] },
  ]);
});

test('shows that the order of what has names has changed, since the first takes precedence', () => {
  const [a, b] = [{ name: 'a' }, { name: 'b' }];
  expect(diffDocuments({ forests: [a, b] }, { forests: [b, a] })).toEqual([
    { path: 'forests (order)', before: ['a', 'b'], after: ['b', 'a'] },
  ]);
});

/** With the keys of objects in order, and named lists told apart by name: what counts as the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
