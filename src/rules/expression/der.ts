/** Reading DER (X.690), as far as certificates go. Anything malformed is `undefined`, never read beyond its end. */
export interface Der {
  /** Class, form and number in one byte: 0x30 a sequence, 0xa0 the first context tag. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** Header and content. */
  readonly whole: Uint8Array;
}

export function readDer(bytes: Uint8Array, at = 0): Der | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let length = first;
  let header = 2;
  if (first >= 0x80) {
    const count = first - 0x80;
    if (count < 1 || count > 4) return undefined;
    length = 0;
    for (let i = 0; i < count; i += 1) length = length * 256 + (bytes[at + 2 + i] ?? 0);
    header += count;
  }
  const end = at + header + length;
  if (end > bytes.length) return undefined;
  return { tag, content: bytes.subarray(at + header, end), whole: bytes.subarray(at, end) };
}

/** What a constructed element holds; nothing where that is not DER to its end. */
export function childrenOf({ content }: Pick<Der, 'content'>): readonly Der[] | undefined {
  const children: Der[] = [];
  for (let at = 0; at < content.length; ) {
    const child = readDer(content, at);
    if (child === undefined) return undefined;
    children.push(child);
    at += child.whole.length;
  }
  return children;
}

/** `1.2.840.113549.1.1.1` */
export function objectIdentifier({ tag, content }: Der): string | undefined {
  if (tag !== 0x06 || content.length === 0) return undefined;
  const parts: number[] = [];
  let value = 0;
  for (const byte of content) {
    if (value > Number.MAX_SAFE_INTEGER / 128) return undefined;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      parts.push(value);
      value = 0;
    }
  }
  const [first = 0, ...rest] = parts;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

/** A text of any of ASN.1's character types. */
export function textOfDer({ tag, content }: Der): string {
  const bytes = Buffer.from(content);
  if (tag === 0x1e)
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le');
  return bytes.toString(tag === 0x14 ? 'latin1' : 'utf8');
}
