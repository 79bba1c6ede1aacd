import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asRead, nearMessages, trees } from '../../test/wire/messages.ts';
import { decode, decodeFragment, encode, WireError } from './index.ts';

const cases = 100_000;

it('gives for 100,000 broken messages a tree or an error of its own', () => {
  let refused = 0;
  fc.assert(
    fc.property(nearMessages(trees.map((tree) => encode(tree))), (message) => {
      try {
        decodeFragment(message);
      } catch (error) {
        refused += 1;
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: cases },
  );
  console.info(`codec: ${cases} messages, ${cases - refused} read, ${refused} refused`);
  expect(refused).toBeGreaterThan(10_000);
});

it('reads back 100,000 trees it has written', () => {
  fc.assert(
    fc.property(trees, (tree) => {
      expect(decode(encode(tree))).toEqual(asRead(tree));
    }),
    { numRuns: cases },
  );
});
