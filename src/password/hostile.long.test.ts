import { expect, test } from 'vitest';
import { attack } from '../../test/password/attack.ts';
import { messages, readers } from './hostile.ts';

test('100,000 hostile messages for each reader are read or refused by their cause', () => {
  const all = Object.values(readers);
  const cases = 100_000 * all.length;
  const { values, refused } = attack(all, messages, cases);
  console.info(`RPC: ${all.length} readers, ${cases} cases, ${values} read, ${refused} refused`);
  expect(values + refused).toBe(cases);
});
