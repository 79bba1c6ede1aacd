import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeDnValue } from '../model/index.ts';
import { below, pathOf } from './path.ts';

test('puts the root first and keeps escaped commas inside their part', () => {
  expect(pathOf('CN=Doe\\, John,OU=People,DC=contoso')).toBe('dc=contoso\u0001ou=people\u0001cn=doe\\, john');
});

test('everything below a container lies in its range, and nothing else does', () => {
  const name = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `OU=${escapeDnValue(text)}`);
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), name, name, (parents, child, sibling) => {
      const base = [...parents, 'DC=contoso'].join(',');
      const range = below(pathOf(`${child},${base}`));
      const inside = pathOf(`${sibling},${child},${base}`);
      const container = pathOf(`${child},${base}`);
      const parent = pathOf(base);
      expect(inside >= range.from && inside < range.to).toBe(true);
      expect(container >= range.from && container < range.to).toBe(false);
      expect(parent >= range.from && parent < range.to).toBe(false);
    }),
  );
});
