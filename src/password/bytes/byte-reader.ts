import { objectGuidFromBytes } from '../../model/index.ts';
import { MalformedAnswerError } from '../errors.ts';

/**
 * Reads what came over the wire, little-endian unless named otherwise. A read past the end, and a count that the rest
 * could not hold, is a malformed answer: nothing is allocated for it and nothing loops on it.
 */
export class ByteReader {
  readonly bytes: Buffer;
  readonly #server: string;
  readonly #what: string;
  #offset = 0;

  constructor(bytes: Uint8Array, server: string, what: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#server = server;
    this.#what = what;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.bytes.length - this.#offset;
  }

  u8(): number {
    return this.bytes.readUInt8(this.#pass(1));
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.#pass(2));
  }

  u16be(): number {
    return this.bytes.readUInt16BE(this.#pass(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.#pass(4));
  }

  u32be(): number {
    return this.bytes.readUInt32BE(this.#pass(4));
  }

  u64(): bigint {
    return this.bytes.readBigUInt64LE(this.#pass(8));
  }

  u64be(): bigint {
    return this.bytes.readBigUInt64BE(this.#pass(8));
  }

  /** A view, not a copy. */
  take(length: number): Buffer {
    const start = this.#pass(length);
    return this.bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    this.#pass(length);
  }

  align(to: number): void {
    const over = this.#offset % to;
    if (over !== 0) this.#pass(to - over);
  }

  /** A GUID in AD's mixed-endian order. */
  guid(): string {
    return objectGuidFromBytes(this.take(16)) ?? this.fail('a GUID is cut short');
  }

  /** A count of elements that take at least `size` bytes each of what is left. */
  count(size: number): number {
    const count = this.u32();
    if (count * size > this.remaining) this.fail(`${count} elements are announced and ${this.remaining} bytes follow`);
    return count;
  }

  expect(found: number | bigint, wanted: number | bigint, name: string): void {
    if (found !== wanted) this.fail(`${name} is ${found} and not ${wanted}`);
  }

  fail(reason: string): never {
    throw new MalformedAnswerError(this.#server, `${this.#what}: ${reason} (at byte ${this.#offset})`);
  }

  #pass(length: number): number {
    const start = this.#offset;
    if (length < 0 || length > this.bytes.length - start) {
      this.fail(`${length} bytes are due and ${this.bytes.length - start} are left`);
    }
    this.#offset = start + length;
    return start;
  }
}
