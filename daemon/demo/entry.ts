import { createHash } from 'node:crypto';
import { type Dn, escapeDnValue } from '../../src/model/index.ts';

/** One entry of the sample directory. */
export interface Entry {
  readonly dn: Dn;
  readonly attributes: Attributes;
}

export type Attributes = Readonly<Record<string, Value | readonly Value[] | undefined>>;
type Value = string | Uint8Array;

/** The same entry has the same GUID on every machine and in every run. */
export function guidOf(seed: string): Uint8Array {
  const bytes = createHash('sha256').update(`cloudsync sample ${seed}`).digest().subarray(0, 16);
  // Version 4, in the place AD's byte order gives it.
  bytes.writeUInt8(((bytes[7] ?? 0) & 0x0f) | 0x40, 7);
  bytes.writeUInt8(((bytes[8] ?? 0) & 0x3f) | 0x80, 8);
  return new Uint8Array(bytes);
}

/** A SID below a domain's, as AD stores it. */
export function sidOf(domain: readonly [number, number, number], rid: number): Uint8Array {
  const words = [21, ...domain, rid];
  const bytes = Buffer.alloc(8 + 4 * words.length);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(words.length, 1);
  bytes.writeUInt8(5, 7);
  for (const [i, word] of words.entries()) bytes.writeUInt32LE(word, 8 + 4 * i);
  return new Uint8Array(bytes);
}

export function child(rdn: string, value: string, parent: Dn): Dn {
  return `${rdn}=${escapeDnValue(value)},${parent}` as Dn;
}

// What may stand as it is by RFC 2849, tabs left aside; all else is base64.
const safe = /^(?![ :<])[ -~]*(?<! )$/;
const lineLength = 76;

function line(name: string, value: Value): string {
  const plain = typeof value === 'string' && safe.test(value);
  const text = plain ? `${name}: ${value}` : `${name}:: ${Buffer.from(value as string).toString('base64')}`;
  const pieces = [text.slice(0, lineLength)];
  for (let at = lineLength; at < text.length; at += lineLength - 1) pieces.push(text.slice(at, at + lineLength - 1));
  return `${pieces.join('\n ')}\n`;
}

export function toLdif({ dn, attributes }: Entry): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    values === undefined
      ? []
      : Array.isArray(values)
        ? values.map((value: Value) => line(name, value))
        : [line(name, values as Value)],
  );
  return `${line('dn', dn)}${lines.join('')}\n`;
}
