import { isUtf8 } from 'node:buffer';
import { objectGuidFromHex, type SourceValue } from '../../model/index.ts';
import { BerReader, tags } from './ber.ts';

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

/** An attribute as an entry names it. */
export interface Column<Type extends AttributeType> {
  readonly type: Type;
  readonly range: ValueRange | undefined;
}

/**
 * One entry of a search: of its attributes those that were asked for, in the order sent. Entries that name the same
 * attributes in the same order share their `columns`, so that what follows from those is worked out once.
 */
export interface SearchEntry<Type extends AttributeType = AttributeType> {
  readonly dn: string;
  readonly columns: readonly Column<Type>[];
  /** Of each column. */
  readonly values: readonly (readonly SourceValue[])[];
}

interface Description<Type extends AttributeType> {
  readonly id: number;
  readonly bytes: Buffer;
  /** Undefined for what nobody asked for. */
  readonly column: Column<Type> | undefined;
}

const rangeOption = /^range=(\d{1,9})-(\d{1,9}|\*)$/i;

const none: readonly SourceValue[] = [];

/** Descriptions and their combinations remembered: entries repeat the same few, but ranges come by the thousand. */
const remembered = 1000;

/**
 * Reads entries straight from bytes. An attribute's description is first compared with the one that came at its place in
 * the entry before, and all ASCII text of an entry is cut from one string.
 */
export class EntryDecoder<Type extends AttributeType = AttributeType> {
  readonly #asked: ReadonlyMap<string, Type>;
  readonly #reader = new BerReader(Buffer.alloc(0));
  readonly #known = new Map<string, Description<Type>>();
  readonly #shapes = new Map<string, readonly Column<Type>[]>();
  /** The descriptions of the entry before, and the columns they came to. */
  #before: Description<Type>[] = [];
  #columns: readonly Column<Type>[] = [];
  #nextId = 0;
  #text = '';
  #textStart = 0;

  constructor(asked: Iterable<Type>) {
    this.#asked = new Map(Array.from(asked, (type) => [type.name.toLowerCase(), type]));
  }

  /** Reads the content of a SearchResultEntry. */
  decode(bytes: Buffer, start: number, end: number): SearchEntry<Type> {
    const reader = this.#reader;
    reader.move(bytes, start);
    this.#text = bytes.toString('latin1', start, end);
    this.#textStart = start;
    const dnEnd = reader.open(tags.octetString, end);
    const dn = String(this.#textOf(bytes, reader.at, dnEnd));
    reader.at = dnEnd;
    const values: (readonly SourceValue[])[] = [];
    const listEnd = reader.open(tags.sequence, end);
    let place = 0;
    let same = true;
    for (; reader.at < listEnd; place += 1) {
      const attributeEnd = reader.open(tags.sequence, listEnd);
      const nameEnd = reader.open(tags.octetString, attributeEnd);
      let description = this.#before[place];
      if (description === undefined || !matches(reader, nameEnd, description.bytes)) {
        description = this.#describe(reader, nameEnd);
        same = false;
        this.#before[place] = description;
      }
      reader.at = nameEnd;
      const setEnd = reader.open(tags.set, attributeEnd);
      if (description.column !== undefined) values.push(this.#values(setEnd, description.column.type.form));
      reader.at = attributeEnd;
    }
    if (!same || place !== this.#before.length) this.#reshape(place);
    return { dn, columns: this.#columns, values };
  }

  #describe(reader: BerReader, end: number): Description<Type> {
    const name = reader.bytes.toString('latin1', reader.at, end);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const [base = '', ...options] = name.split(';');
    const type = this.#asked.get(base.toLowerCase());
    const range = options.map(rangeOf).find((found) => found !== undefined);
    this.#nextId += 1;
    const made = {
      id: this.#nextId,
      bytes: Buffer.from(reader.bytes.subarray(reader.at, end)),
      column: type === undefined ? undefined : { type, range },
    };
    if (this.#known.size >= remembered) this.#known.clear();
    this.#known.set(name, made);
    return made;
  }

  #reshape(length: number): void {
    this.#before.length = length;
    const key = this.#before.map(({ id }) => id).join();
    let columns = this.#shapes.get(key);
    if (columns === undefined) {
      columns = this.#before.flatMap(({ column }) => column ?? []);
      if (this.#shapes.size >= remembered) this.#shapes.clear();
      this.#shapes.set(key, columns);
    }
    this.#columns = columns;
  }

  #values(end: number, form: ValueForm): readonly SourceValue[] {
    if (this.#reader.at >= end) return none;
    // Most lists hold one value: written out, such a list takes no room for more.
    const list = [this.#value(end, form)];
    while (this.#reader.at < end) list.push(this.#value(end, form));
    return list;
  }

  #value(end: number, form: ValueForm): SourceValue {
    const reader = this.#reader;
    const stop = reader.open(tags.octetString, end);
    const { at } = reader;
    reader.at = stop;
    if (form === 'text') return this.#textOf(reader.bytes, at, stop);
    if (form === 'bytes') return copyOf(reader.bytes, at, stop);
    if (stop - at !== 16) return copyOf(reader.bytes, at, stop);
    return objectGuidFromHex(reader.bytes.toString('hex', at, stop));
  }

  /** What is not UTF-8 is no text, whatever was expected. */
  #textOf(bytes: Buffer, start: number, stop: number): SourceValue {
    let at = start;
    while (at < stop && (bytes[at] ?? 0) < 0x80) at += 1;
    if (at === stop) return this.#text.substring(start - this.#textStart, stop - this.#textStart);
    const value = bytes.toString('utf8', start, stop);
    return value.includes('\uFFFD') && !isUtf8(bytes.subarray(start, stop)) ? copyOf(bytes, start, stop) : value;
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

function copyOf(bytes: Buffer, start: number, stop: number): Uint8Array {
  const copy = new Uint8Array(stop - start);
  if (copy.length > 64) copy.set(bytes.subarray(start, stop));
  // A view costs more than so few bytes.
  else for (let i = 0; i < copy.length; i += 1) copy[i] = bytes[start + i] ?? 0;
  return copy;
}
