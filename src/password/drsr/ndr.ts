import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** Arguments in NDR 2.0, little-endian (C706 chapter 14): alignment counts from the stub's start. */
export class NdrWriter extends ByteWriter {
  #reference = 0x20000;

  /** A pointer that points: its referent id, unique in the stub; what it points to is written later. */
  pointer(): this {
    this.#reference += 4;
    return this.u32(this.#reference);
  }

  null(): this {
    return this.u32(0);
  }
}

export class NdrReader extends ByteReader {
  /** Does the pointer point? What it points to comes later. */
  pointer(): boolean {
    return this.u32() !== 0;
  }

  /** A `[string]` of wide characters with its closing zero. */
  wideString(): string {
    const max = this.count(2);
    this.skip(4);
    const length = this.count(2);
    if (length > max) this.fail(`a string of ${length} characters in room for ${max}`);
    const text = this.take(2 * length).toString('utf16le');
    this.align(4);
    return text.endsWith('\0') ? text.slice(0, -1) : text;
  }
}
