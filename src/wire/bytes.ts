import { isUtf8 } from 'node:buffer';
import { dictionary } from './dictionary.ts';
import { MalformedMessageError } from './errors.ts';

/** The bytes that have come end within a record: it is read again once `needed` are there. Never leaves the room. */
export class Incomplete extends Error {
  readonly needed: number;

  constructor(needed: number) {
    super('incomplete');
    this.needed = needed;
  }
}

/** Reads the primitives of [MC-NBFX] 2.1 from what has come so far. */
export class ByteReader {
  /** What has come and is not yet read; `at` is the place in it. */
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #passed = 0;
  at = 0;

  /** The place in the whole message, for errors. */
  get offset(): number {
    return this.#passed + this.at;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  append(chunks: readonly Uint8Array[]): void {
    this.#passed += this.at;
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.at), ...chunks]);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    this.at = 0;
  }

  malformed(problem: string): MalformedMessageError {
    return new MalformedMessageError(this.offset, problem);
  }

  /** The place of the next `count` bytes, which are then passed. */
  #take(count: number): number {
    const from = this.at;
    if (from + count > this.#bytes.length) throw new Incomplete(from + count - this.#bytes.length);
    this.at = from + count;
    return from;
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  peek(): number {
    const value = this.byte();
    this.at -= 1;
    return value;
  }

  bytes(count: number): Buffer {
    const from = this.#take(count);
    return this.#bytes.subarray(from, from + count);
  }

  int8 = (): number => this.#view.getInt8(this.#take(1));
  int16 = (): number => this.#view.getInt16(this.#take(2), true);
  uint16 = (): number => this.#view.getUint16(this.#take(2), true);
  int32 = (): number => this.#view.getInt32(this.#take(4), true);
  uint32 = (): number => this.#view.getUint32(this.#take(4), true);
  int64 = (): bigint => this.#view.getBigInt64(this.#take(8), true);
  uint64 = (): bigint => this.#view.getBigUint64(this.#take(8), true);
  float = (): number => this.#view.getFloat32(this.#take(4), true);
  double = (): number => this.#view.getFloat64(this.#take(8), true);

  /** A length of 31 bits, seven a byte, low ones first. */
  multiByteInt31(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (value > 0x7fffffff) break;
      if (byte < 0x80) return value;
    }
    throw this.malformed('a length of more than 31 bits');
  }

  utf8(length: number): string {
    const bytes = this.bytes(length);
    if (!isUtf8(bytes)) throw this.malformed('text that is not UTF-8');
    return bytes.toString('utf8');
  }

  utf16(length: number): string {
    if (length % 2 !== 0) throw this.malformed('UTF-16 text of an odd length');
    const text = this.bytes(length).toString('utf16le');
    if (!text.isWellFormed()) throw this.malformed('half a surrogate pair');
    return text;
  }

  dictionaryString(): string {
    const id = this.multiByteInt31();
    if (id % 2 !== 0) throw this.malformed('a string of a session table, which this content type has not');
    const text = dictionary[id / 2];
    if (text === undefined) throw this.malformed(`string ${id}, which the dictionary has not`);
    return text;
  }

  /** Braces-free, lower case; the first three fields lie little-endian. */
  uuid(): string {
    const bytes = Buffer.from(this.bytes(16));
    bytes.subarray(0, 4).reverse();
    bytes.subarray(4, 6).reverse();
    bytes.subarray(6, 8).reverse();
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}
