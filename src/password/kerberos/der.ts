import { MalformedAnswerError } from '../errors.ts';

/** The part of ASN.1's Distinguished Encoding Rules (X.690) that Kerberos is written in. */
export const tag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  sequence: 0x30,
  generalString: 0x1b,
  generalizedTime: 0x18,
  context: (n: number) => 0xa0 + n,
  application: (n: number) => 0x60 + n,
} as const;

export function element(kind: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([kind, ...lengthOctets(length)]), ...parts]);
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 + octets.length, ...octets];
}

/** A SEQUENCE of context-tagged fields; those that are undefined are left out. */
export function fields(parts: Readonly<Record<number, Uint8Array | undefined>>): Buffer {
  const present: Buffer[] = [];
  for (const [n, part] of Object.entries(parts)) {
    if (part !== undefined) present.push(element(tag.context(Number(n)), part));
  }
  return element(tag.sequence, ...present);
}

export function integer(value: number): Buffer {
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(rest & 255);
    rest = Math.floor(rest / 256);
  } while (rest !== 0 && rest !== -1);
  const sign = (octets[0] ?? 0) & 0x80;
  if (value >= 0 && sign !== 0) octets.unshift(0);
  if (value < 0 && sign === 0) octets.unshift(255);
  return element(tag.integer, Buffer.from(octets));
}

export function octets(value: Uint8Array): Buffer {
  return element(tag.octetString, value);
}

/** Names in Active Directory are UTF-8, whatever the type says ([MS-KILE] 2.2). */
export function generalString(text: string): Buffer {
  return element(tag.generalString, Buffer.from(text, 'utf8'));
}

/** KerberosFlags: 32 bits, bit 0 the highest. */
export function bits(flags: number): Buffer {
  const value = Buffer.alloc(5);
  value.writeUInt32BE(flags >>> 0, 1);
  return element(tag.bitString, value);
}

/** Seconds only: Kerberos writes the fraction elsewhere. */
export function time(date: Date): Buffer {
  const text = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return element(tag.generalizedTime, Buffer.from(text, 'ascii'));
}

/** One element as read: content is a view. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** The element with its head. */
  readonly whole: Buffer;
}

/** Takes what was sent apart, refusing what is cut short or of another kind; never deeper than asked. */
export class DerReader {
  readonly #bytes: Buffer;
  readonly #server: string;
  #offset = 0;

  constructor(bytes: Uint8Array, server: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#server = server;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  next(): DerElement {
    const start = this.#offset;
    const kind = this.#octet();
    if ((kind & 0x1f) === 0x1f) this.fail('a tag of more than one octet');
    let length = this.#octet();
    if (length >= 0x80) {
      const count = length - 0x80;
      if (count === 0 || count > 4) this.fail('a length of no known form');
      length = 0;
      for (let i = 0; i < count; i += 1) length = length * 256 + this.#octet();
    }
    const end = this.#offset + length;
    if (end > this.#bytes.length) this.fail('an element is cut short');
    const content = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return { tag: kind, content, whole: this.#bytes.subarray(start, end) };
  }

  expect(kind: number): DerElement {
    const found = this.next();
    if (found.tag !== kind) this.fail(`an element of kind 0x${found.tag.toString(16)} and not 0x${kind.toString(16)}`);
    return found;
  }

  /** Goes into an element of this kind. */
  within(kind: number): DerReader {
    return new DerReader(this.expect(kind).content, this.#server);
  }

  /** Context-tagged fields of a SEQUENCE, by their number. */
  fields(): DerFields {
    const inner = this.within(tag.sequence);
    const found = new Map<number, Buffer>();
    while (!inner.atEnd) {
      const { tag: kind, content } = inner.next();
      if (kind >= 0xa0 && kind < 0xc0) found.set(kind - 0xa0, content);
    }
    return new DerFields(found, this.#server);
  }

  integer(): number {
    const { content } = this.expect(tag.integer);
    if (content.length === 0 || content.length > 6) this.fail(`a number of ${content.length} octets`);
    return content.readIntBE(0, content.length);
  }

  octets(): Buffer {
    return this.expect(tag.octetString).content;
  }

  text(): string {
    return this.expect(tag.generalString).content.toString('utf8');
  }

  time(): Date {
    const text = this.expect(tag.generalizedTime).content.toString('latin1');
    const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? this.fail('a time');
    return new Date(Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)));
  }

  fail(reason: string): never {
    throw new MalformedAnswerError(this.#server, `Kerberos: ${reason} (at byte ${this.#offset})`);
  }

  #octet(): number {
    const value = this.#bytes[this.#offset];
    if (value === undefined) this.fail('an element is cut short');
    this.#offset += 1;
    return value;
  }
}

export class DerFields {
  readonly #found: ReadonlyMap<number, Buffer>;
  readonly #server: string;

  constructor(found: ReadonlyMap<number, Buffer>, server: string) {
    this.#found = found;
    this.#server = server;
  }

  /** A field that must be there. */
  get(n: number): DerReader {
    const content = this.#found.get(n);
    if (content === undefined) throw new MalformedAnswerError(this.#server, `Kerberos: field ${n} is missing`);
    return new DerReader(content, this.#server);
  }

  optional(n: number): DerReader | undefined {
    const content = this.#found.get(n);
    return content === undefined ? undefined : new DerReader(content, this.#server);
  }
}
