import { expect, test } from 'vitest';
import { attack, readers } from './hostile.ts';

test('100,000 hostile messages for each reader are read or refused by their cause', () => {
  const each = 100_000;
  const cases = each * Object.keys(readers).length;
  const { values, refused } = attack(cases);
  expect(values + refused).toBe(cases);
});
