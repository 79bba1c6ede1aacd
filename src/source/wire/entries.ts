import type { AttributeType, EntryDecoder, SearchEntry } from './entry-decoder.ts';

const firstRoom = 64 * 2 ** 10;

/**
 * Entries of one search as they came: bytes, taken apart when they are wanted. A page that waits for its reader is then
 * no larger in memory than it was on the wire, and its room serves the next page but one.
 */
export class Entries<Type extends AttributeType> {
  readonly #decoder: EntryDecoder<Type>;
  #room: Buffer;
  /** Where each entry ends. */
  #ends: number[] = [];
  #taken = 0;
  #used = 0;

  constructor(decoder: EntryDecoder<Type>, room: Buffer | undefined) {
    this.#decoder = decoder;
    this.#room = room ?? Buffer.allocUnsafeSlow(firstRoom);
  }

  push(bytes: Buffer, start: number, end: number): void {
    const size = this.#used + end - start;
    if (size > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#room.length, size));
      this.#room.copy(larger, 0, 0, this.#used);
      this.#room = larger;
    }
    bytes.copy(this.#room, this.#used, start, end);
    this.#used = size;
    this.#ends.push(size);
  }

  get length(): number {
    return this.#ends.length;
  }

  /** As they came, on the wire. */
  get bytes(): number {
    return this.#used;
  }

  next(): SearchEntry<Type> | undefined {
    const end = this.#ends[this.#taken];
    if (end === undefined) return undefined;
    const start = this.#ends[this.#taken - 1] ?? 0;
    this.#taken += 1;
    return this.#decoder.decode(this.#room, start, end);
  }

  /** The room, for others to fill: these entries are done with. */
  release(): Buffer {
    this.#ends = [];
    this.#taken = 0;
    return this.#room;
  }
}
