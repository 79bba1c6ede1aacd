import fc from 'fast-check';
import { CloudSyncError } from '../../src/model/index.ts';

/** Reads bytes that somebody else sent. */
export type Reader = (bytes: Buffer) => unknown;

type Edit = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (bytes: Buffer, where: number): number => Math.floor(where * bytes.length);
/** Numbers that lengths and counts go wrong by. */
const number = fc.oneof(
  fc.constantFrom(0, 1, 2, 4, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff),
  fc.nat(300),
);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(
    ([where, value]): Edit =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        if (copy.length > 0) copy[at(copy, where)] = value;
        return copy;
      },
  ),
  fc.tuple(place, number, fc.boolean()).map(
    ([where, value, little]): Edit =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        const start = at(copy, where) & ~3;
        if (start + 4 <= copy.length) little ? copy.writeUInt32LE(value, start) : copy.writeUInt32BE(value, start);
        return copy;
      },
  ),
  place.map(
    (where): Edit =>
      (bytes) =>
        bytes.subarray(0, at(bytes, where)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 24 })).map(
    ([where, more]): Edit =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, where)), more, bytes.subarray(at(bytes, where))]),
  ),
  fc.tuple(place, place).map(
    ([from, to]): Edit =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, from)), bytes.subarray(at(bytes, to))]),
  ),
);

/** Bytes as somebody with ill intent would send them: known messages altered, or anything at all. */
export const hostile = (messages: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(fc.constantFrom(...messages), fc.array(edit, { minLength: 1, maxLength: 6 }))
        .map(([bytes, edits]) => edits.reduce((sum, one) => one(sum), bytes)),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
  );

/** A value, or an error of a known cause: what each reader makes of the bytes. Anything else is thrown on. */
export function readBy(reader: Reader, bytes: Buffer): 'value' | 'refused' {
  try {
    reader(Buffer.from(bytes));
    return 'value';
  } catch (error) {
    if (error instanceof CloudSyncError) return 'refused';
    throw error;
  }
}

/** Runs so many cases over all readers; gives how many of them were values. */
export function attack(
  readers: readonly Reader[],
  messages: readonly Buffer[],
  cases: number,
): { readonly values: number; readonly refused: number } {
  const outcome = { value: 0, refused: 0 };
  fc.assert(
    fc.property(hostile(messages), (bytes) => {
      for (const reader of readers) outcome[readBy(reader, bytes)] += 1;
    }),
    { numRuns: Math.ceil(cases / readers.length) },
  );
  return { values: outcome.value, refused: outcome.refused };
}
