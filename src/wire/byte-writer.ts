/** A buffer that grows, with the primitives of [MC-NBFX] 2.1. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(4096);
  length = 0;

  /** A place for `count` more bytes. */
  #room(count: number): number {
    const from = this.length;
    const needed = from + count;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, from);
      this.#buffer = larger;
    }
    this.length = needed;
    return from;
  }

  byte(value: number): void {
    const at = this.#room(1);
    this.#buffer[at] = value;
  }

  int8(value: number): void {
    const at = this.#room(1);
    this.#buffer.writeInt8(value, at);
  }

  int16(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeInt16LE(value, at);
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeUInt16LE(value, at);
  }

  int32(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeInt32LE(value, at);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeUInt32LE(value, at);
  }

  int64(value: bigint): void {
    const at = this.#room(8);
    this.#buffer.writeBigInt64LE(value, at);
  }

  uint64(value: bigint): void {
    const at = this.#room(8);
    this.#buffer.writeBigUInt64LE(value, at);
  }

  float(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeFloatLE(value, at);
  }

  double(value: number): void {
    const at = this.#room(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  bytes(value: Uint8Array): void {
    const at = this.#room(value.length);
    this.#buffer.set(value, at);
  }

  multiByteInt31(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** The length in UTF-8 and the text. */
  string(text: string): void {
    const size = Buffer.byteLength(text, 'utf8');
    this.multiByteInt31(size);
    this.utf8(text, size);
  }

  utf8(text: string, size: number): void {
    const at = this.#room(size);
    this.#buffer.write(text, at, 'utf8');
  }

  uuid(text: string): void {
    const at = this.#room(16);
    this.#buffer.write(text.replaceAll('-', ''), at, 'hex');
    this.#buffer.subarray(at, at + 4).reverse();
    this.#buffer.subarray(at + 4, at + 6).reverse();
    this.#buffer.subarray(at + 6, at + 8).reverse();
  }

  /** What was written; the writer is not used after. */
  take(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }
}
