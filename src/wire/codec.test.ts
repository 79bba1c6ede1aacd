import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asRead, nearMessages, trees } from '../../test/wire/messages.ts';
import {
  decode,
  decodeFragment,
  decodeStream,
  element,
  encode,
  MalformedMessageError,
  MessageTooLargeError,
  namespace,
  UnwritableValueError,
  WireError,
  type XmlElement,
} from './index.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

async function* pieces(message: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < message.length; at += size) yield message.subarray(at, at + size);
}

async function readInPieces(message: Uint8Array, size: number): Promise<XmlElement | undefined> {
  for await (const { type, element } of decodeStream(pieces(message, size), () => false))
    if (type === 'root') return element;
  return undefined;
}

describe('binary XML', () => {
  it('reads back the tree it has written, with and without the dictionary', () => {
    fc.assert(
      fc.property(trees, fc.constantFrom('all' as const, 'none' as const), (tree, use) => {
        expect(decode(encode(tree, use))).toEqual(asRead(tree));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.integer({ min: 1, max: 40 }), async (tree, size) => {
        expect(await readInPieces(encode(tree), size)).toEqual(asRead(tree));
      }),
      { numRuns: 300 },
    );
  });

  it('gives for any bytes a tree or an error of its own', () => {
    fc.assert(
      fc.property(nearMessages(trees.map((tree) => encode(tree))), (message) => {
        try {
          decodeFragment(message);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('hands items out one by one and leaves them out of the rest', async () => {
    const item = (text: string): XmlElement => element('item', [], [text]);
    const message = encode(
      element('list', [], [element('before'), item('1'), item('two'), element('after', [], [item('no')])]),
    );
    const seen: string[] = [];
    for await (const { type, element: one } of decodeStream(
      pieces(message, 3),
      (path) => path.join('/') === 'list/item',
    ))
      seen.push(`${type} ${one.name} ${one.content.length}`);
    expect(seen).toEqual(['item item 1', 'item item 1', 'root list 2']);
  });

  it('joins the pieces of a long text once, not at each piece', async () => {
    const text = 'x'.repeat(4_000_000);
    const read = await readInPieces(encode(element('e', [], [text])), 1000);
    expect(read?.content).toEqual([text]);
  });

  it.each([
    ['a record of no type', '00', /record type 0x0 where content stands/],
    ['text with no element around', '9901 61', /text outside/],
    ['an end with no beginning', '01', /never begun/],
    ['an element that never ends', '400165', /too early/],
    ['a text cut short', '400165 9905 6865', /too early/],
    ['a string of a session table', '4203', /session table/],
    ['a string beyond the dictionary', '42ce07', /string 974/],
    ['a length of 32 bits', '40ffffffff0f', /31 bits/],
    ['a length that goes on', '408080808080', /31 bits/],
    ['text that is not UTF-8', '400165 9902 c328', /not UTF-8/],
    ['UTF-16 of an odd length', '400165 b703 610062', /odd length/],
    ['half a surrogate pair', '400165 b702 00d8', /surrogate/],
    ['a negative length', '400165 9d ffffffff', /negative/],
    ['a boolean of 2', '400165 b502', /neither 0 nor 1/],
    ['a decimal of scale 29', '400165 95 00001d00 00000000 0100000000000000', /decimal/],
    ['a time beyond the year 9999', '400165 97 ffffffffffffff3f', /9999/],
    ['a time of no known zone', '400165 97 00000000000000c0', /9999/],
    ['a prefix that is not declared', '610165 01', /not declared/],
    ['an attribute with the end in it', '400165 040178 83 01', /record type 0x83/],
    ['an attribute twice', '400165 040178 82 040178 80 01', /second attribute/],
    ['an empty name', '4000 01', /empty/],
    ['a list within a list', '400165 a4 a4 a6 a6 01', /within a list/],
    ['a list that ends its element', '400165 a5 a6', /ends its element/],
    ['a name behind no letter', '400165 bd 1a 02', /not a letter/],
    ['an array of texts', '03 400165 01 99 01 0161', /array of record/],
    ['an array whose element holds something', '03 400165 82 01', /has content/],
    ['an array cut short', '03 400165 01 8b 03 0100 02', /too early/],
  ])('says what is wrong with %s', (_name, hex, problem) => {
    expect(() => decodeFragment(bytes(hex))).toThrow(problem);
    expect(() => decodeFragment(bytes(hex))).toThrow(MalformedMessageError);
  });

  it('takes one element for a message, neither none nor two', () => {
    expect(() => decode(bytes(''))).toThrow(MalformedMessageError);
    expect(() => decode(bytes('40016501 40016501'))).toThrow(MalformedMessageError);
  });

  it.each([
    ['bytes', { bytes: 10 }, encode(element('e', [], ['0123456789']))],
    ['elements within one another', { depth: 2 }, bytes('400165 400165 400165 01 01 01')],
    ['elements', { elements: 2 }, bytes('400165 40016501 40016501 01')],
    ['elements', { elements: 1000 }, bytes(`03 400165 01 b5 e907 ${'01'.repeat(1001)}`)],
    ['attributes on one element', { attributes: 1 }, bytes('400165 040178 82 040179 82 01')],
  ])('stops at its limit of %s', (limit, bound, message) => {
    const limits = { bytes: 1e6, depth: 10, elements: 1e6, attributes: 10, ...bound };
    expect(() => decodeFragment(message, limits)).toThrow(limit);
    expect(() => decodeFragment(message, limits)).toThrow(MessageTooLargeError);
  });

  it('writes nothing it could not read back', () => {
    expect(() => encode(element('e', [], ['\ud800']))).toThrow(UnwritableValueError);
    expect(() => encode(element('b:e'))).toThrow(/not declared/);
    expect(() => encode(element(''))).toThrow(UnwritableValueError);
    expect(() => encode(element('e', [], [2 ** 60]))).toThrow(/safe integer/);
    expect(() => encode(element('e', [], [2n ** 64n]))).toThrow(/64 bits/);
    expect(() => encode(element('e', [], [{ type: 'uuid', uuid: 'X' }]))).toThrow(/UUID/);
    expect(() => encode(element('e', [], [{ type: 'known', text: 'no such' }]))).toThrow(/dictionary/);
    expect(encode(element('b:e', [namespace('b', 'urn:b')])).length).toBeGreaterThan(0);
  });
});
