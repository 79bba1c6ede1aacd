/** Builds a message, little-endian unless named otherwise. */
export class ByteWriter {
  #bytes = Buffer.alloc(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    this.#bytes.writeUInt8(value, this.#room(1));
    return this;
  }

  u16(value: number): this {
    this.#bytes.writeUInt16LE(value, this.#room(2));
    return this;
  }

  u16be(value: number): this {
    this.#bytes.writeUInt16BE(value, this.#room(2));
    return this;
  }

  u32(value: number): this {
    this.#bytes.writeUInt32LE(value >>> 0, this.#room(4));
    return this;
  }

  u64(value: bigint): this {
    this.#bytes.writeBigUInt64LE(value, this.#room(8));
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#bytes.set(value, this.#room(value.length));
    return this;
  }

  zero(length: number): this {
    this.#room(length);
    return this;
  }

  align(to: number): this {
    const over = this.#length % to;
    return over === 0 ? this : this.zero(to - over);
  }

  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #room(length: number): number {
    const start = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    return start;
  }
}
