import { isUtf8 } from 'node:buffer';
import { objectGuidFromBytes, type SourceValue } from '../../model/index.ts';
import { type BerReader, tags } from './ber.ts';

/** How values are read: `guid` is 16 bytes shown in AD's order, `bytes` stay as they are. */
export type ValueForm = 'text' | 'bytes' | 'guid';

/** An attribute as asked for; one instance for all entries of a search. */
export interface AttributeType {
  /** As spelled by whoever asked. */
  readonly name: string;
  readonly form: ValueForm;
}

/** `member;range=0-1499`; `to` is undefined for `*`: there are no more. */
export interface ValueRange {
  readonly from: number;
  readonly to: number | undefined;
}

export interface AttributeValues<Type extends AttributeType> {
  readonly type: Type;
  readonly range: ValueRange | undefined;
  readonly values: readonly SourceValue[];
}

/** One entry of a search: of its attributes those that were asked for, in the order sent. */
export interface SearchEntry<Type extends AttributeType = AttributeType> {
  readonly dn: string;
  readonly attributes: readonly AttributeValues<Type>[];
}

interface Description<Type extends AttributeType> {
  readonly bytes: Buffer;
  /** Undefined for what nobody asked for. */
  readonly type: Type | undefined;
  readonly range: ValueRange | undefined;
}

const rangeOption = /^range=(\d{1,9})-(\d{1,9}|\*)$/i;

/** Descriptions remembered: entries name the same few again and again, and ranges come by the thousand. */
const remembered = 1000;

/**
 * Reads entries straight from the bytes of a message. Entries of one search name their attributes in the same order
 * nearly always, so a description is first compared with the one that came at its place in the entry before.
 */
export class EntryDecoder<Type extends AttributeType = AttributeType> {
  readonly #asked: ReadonlyMap<string, Type>;
  readonly #known = new Map<string, Description<Type>>();
  #expected: Description<Type>[] = [];

  constructor(asked: Iterable<Type>) {
    this.#asked = new Map(Array.from(asked, (type) => [type.name.toLowerCase(), type]));
  }

  /** `reader` stands at the content of a SearchResultEntry that ends at `end`. */
  decode(reader: BerReader, end: number): SearchEntry<Type> {
    const dn = reader.text(end);
    const attributes: AttributeValues<Type>[] = [];
    const listEnd = reader.open(tags.sequence, end);
    for (let place = 0; reader.at < listEnd; place += 1) {
      const attributeEnd = reader.open(tags.sequence, listEnd);
      const { type, range } = this.#description(reader, attributeEnd, place);
      const setEnd = reader.open(tags.set, attributeEnd);
      if (type === undefined) reader.at = setEnd;
      else attributes.push({ type, range, values: values(reader, setEnd, type.form) });
      reader.at = attributeEnd;
    }
    return { dn, attributes };
  }

  #description(reader: BerReader, end: number, place: number): Description<Type> {
    const stop = reader.open(tags.octetString, end);
    const expected = this.#expected[place];
    const found = expected !== undefined && matches(reader, stop, expected.bytes) ? expected : this.#look(reader, stop);
    if (found !== expected && place <= this.#expected.length) this.#expected[place] = found;
    reader.at = stop;
    return found;
  }

  #look(reader: BerReader, stop: number): Description<Type> {
    const name = reader.bytes.toString('latin1', reader.at, stop);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const [base = '', ...options] = name.split(';');
    const made = {
      bytes: Buffer.from(reader.bytes.subarray(reader.at, stop)),
      type: this.#asked.get(base.toLowerCase()),
      range: options.map(rangeOf).find((range) => range !== undefined),
    };
    if (this.#known.size >= remembered) {
      this.#known.clear();
      this.#expected = [];
    }
    this.#known.set(name, made);
    return made;
  }
}

function matches({ bytes, at }: BerReader, stop: number, expected: Buffer): boolean {
  const { length } = expected;
  if (stop - at !== length) return false;
  for (let i = 0; i < length; i += 1) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

function rangeOf(option: string): ValueRange | undefined {
  const match = rangeOption.exec(option);
  return match === null ? undefined : { from: Number(match[1]), to: match[2] === '*' ? undefined : Number(match[2]) };
}

function values(reader: BerReader, end: number, form: ValueForm): SourceValue[] {
  const list: SourceValue[] = [];
  while (reader.at < end) {
    const stop = reader.open(tags.octetString, end);
    list.push(form === 'text' ? text(reader, stop) : form === 'bytes' ? bytes(reader, stop) : guid(reader, stop));
    reader.at = stop;
  }
  return list;
}

/** What is not UTF-8 is no text, whatever was expected. */
function text(reader: BerReader, stop: number): SourceValue {
  const value = reader.bytes.toString('utf8', reader.at, stop);
  return value.includes('\uFFFD') && !isUtf8(reader.bytes.subarray(reader.at, stop)) ? bytes(reader, stop) : value;
}

function bytes(reader: BerReader, stop: number): Uint8Array {
  const copy = new Uint8Array(stop - reader.at);
  copy.set(reader.bytes.subarray(reader.at, stop));
  return copy;
}

function guid(reader: BerReader, stop: number): SourceValue {
  return objectGuidFromBytes(reader.bytes.subarray(reader.at, stop)) ?? bytes(reader, stop);
}
