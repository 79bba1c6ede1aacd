/** What is not definite-length BER as LDAP restricts it (RFC 4511, 5.1). */
export class BerError extends Error {
  override readonly name = 'BerError';
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Reads one buffer from left to right; what a length claims is never believed beyond the end it lies in. */
export class BerReader {
  bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Reads on in another place. */
  move(bytes: Buffer, at: number): void {
    this.bytes = bytes;
    this.at = at;
  }

  /** The tag of the next element, or -1 at `end`. */
  peek(end: number): number {
    return this.at < end ? (this.bytes[this.at] ?? -1) : -1;
  }

  /** Steps over the head of an element with this tag; gives where its content ends. The content begins `at`. */
  open(tag: number, end: number): number {
    const found = this.peek(end);
    if (found !== tag) throw new BerError(`tag ${hex(found)} where ${hex(tag)} belongs`);
    this.at += 1;
    return this.#length(end);
  }

  /** Steps over one element, whatever it is. */
  skip(end: number): void {
    if (this.at >= end) throw new BerError('an element is missing');
    this.at += 1;
    this.at = this.#length(end);
  }

  integer(end: number, tag: number = tags.integer): number {
    const stop = this.open(tag, end);
    const length = stop - this.at;
    if (length < 1 || length > 4) throw new BerError(`an integer of ${length} bytes`);
    let value = (this.bytes[this.at] ?? 0) & 0x80 ? -1 : 0;
    for (; this.at < stop; this.at += 1) value = (value << 8) | (this.bytes[this.at] ?? 0);
    return value;
  }

  text(end: number, tag: number = tags.octetString): string {
    const stop = this.open(tag, end);
    const value = this.bytes.toString('utf8', this.at, stop);
    this.at = stop;
    return value;
  }

  /** A copy: the buffer read from is given up soon. */
  octets(end: number, tag: number = tags.octetString): Buffer {
    const stop = this.open(tag, end);
    const value = Buffer.from(this.bytes.subarray(this.at, stop));
    this.at = stop;
    return value;
  }

  #length(end: number): number {
    const first = this.peek(end);
    if (first < 0) throw new BerError('a length is missing');
    this.at += 1;
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0 || count > 4) throw new BerError(`a length in ${count} bytes`);
      if (this.at + count > end) throw new BerError('a length that is cut off');
      length = 0;
      for (let i = 0; i < count; i += 1, this.at += 1) length = length * 256 + (this.bytes[this.at] ?? 0);
    }
    const stop = this.at + length;
    if (stop > end) throw new BerError(`${length} bytes where ${end - this.at} are left`);
    return stop;
  }
}

function hex(tag: number): string {
  return tag < 0 ? 'none' : `0x${tag.toString(16).padStart(2, '0')}`;
}
