import { ByteReader, Incomplete } from './bytes.ts';
import { MalformedMessageError, MessageTooLargeError } from './errors.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { arrayRecords, readText, textRecord } from './text-records.ts';
import type { XmlAttribute } from './tree.ts';

export type Token =
  | {
      readonly type: 'start';
      readonly prefix: string;
      readonly name: string;
      readonly attributes: readonly XmlAttribute[];
    }
  | { readonly type: 'text' | 'comment'; readonly text: string }
  | { readonly type: 'end' };

type Start = Extract<Token, { type: 'start' }>;

const end: Token = { type: 'end' };
const record = { endElement: 0x01, comment: 0x02, array: 0x03 };
const letterOf = (distance: number): string => String.fromCharCode(0x61 + distance);

const none: readonly XmlAttribute[] = [];

/** Reads [MC-NBFX] records as they come, in pieces cut anywhere; holds no more than the record it is in. */
export class Tokenizer {
  readonly #limits: Limits;
  readonly #reader = new ByteReader();
  #waiting: Uint8Array[] = [];
  #needed = 0;
  #bytes = 0;
  #elements = 0;
  /** The prefixes each open element declares. */
  readonly #scopes: (readonly string[])[] = [];
  #array: { readonly element: Start; readonly record: number; left: number } | undefined;

  constructor(limits: Limits = defaultLimits) {
    this.#limits = limits;
  }

  /** What these further bytes complete. */
  *push(chunk: Uint8Array): Generator<Token> {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.bytes) throw new MessageTooLargeError('bytes', this.#limits.bytes);
    this.#waiting.push(chunk);
    this.#needed -= chunk.length;
    // Pieces of a long record are joined once, not at each of them.
    if (this.#needed > 0) return;
    this.#needed = 0;
    this.#reader.append(this.#waiting);
    this.#waiting = [];
    while (this.#reader.left > 0 || this.#array?.left === 0) {
      const from = this.#reader.at;
      let tokens: readonly Token[];
      try {
        tokens = this.#unit();
      } catch (error) {
        if (!(error instanceof Incomplete)) throw error;
        this.#reader.at = from;
        this.#needed = error.needed;
        return;
      }
      yield* tokens;
    }
  }

  /** Nothing more comes: complains of what is still open. */
  finish(): void {
    if (this.#waiting.length > 0 || this.#reader.left > 0 || this.#scopes.length > 0 || this.#array !== undefined)
      throw new MalformedMessageError(this.#bytes, 'it ends too early');
  }

  /** One record, an element together with its attributes; changes nothing but the place before it is read whole. */
  #unit(): readonly Token[] {
    if (this.#array !== undefined) return this.#arrayItem(this.#array);
    const reader = this.#reader;
    const type = reader.byte();
    if (type >= textRecord.zero) return this.#text(type);
    if (type === record.endElement) {
      this.#close();
      return [end];
    }
    if (type === record.comment) return [{ type: 'comment', text: reader.utf8(reader.multiByteInt31()) }];
    if (type === record.array) return this.#startArray();
    const start = this.#element(type);
    this.#open(start);
    return [start];
  }

  #text(type: number): readonly Token[] {
    if (this.#scopes.length === 0) throw this.#reader.malformed('text outside of any element');
    const closes = type % 2 === 1;
    if (closes && type - 1 === textRecord.startList)
      throw this.#reader.malformed('a list that ends its element at once');
    const text = readText(this.#reader, closes ? type - 1 : type);
    if (closes) this.#close();
    return [...(text === '' ? [] : [{ type: 'text', text } as const]), ...(closes ? [end] : [])];
  }

  #element(type: number): Start {
    const name = this.#elementName(type);
    const attributes = this.#attributes();
    const declared = attributes.flatMap((one) => (one.type === 'namespace' ? [one.prefix] : []));
    this.#requireDeclared(name.prefix, declared);
    for (const { prefix } of attributes) this.#requireDeclared(prefix, declared);
    return { type: 'start', prefix: name.prefix, name: name.name, attributes };
  }

  #requireDeclared(prefix: string, here: readonly string[]): void {
    if (prefix === '' || prefix === 'xml' || here.includes(prefix)) return;
    for (const scope of this.#scopes) if (scope.includes(prefix)) return;
    throw this.#reader.malformed(`prefix ${prefix}, which is not declared`);
  }

  #elementName(type: number): { prefix: string; name: string } {
    if (type === 0x40) return { prefix: '', name: this.#name() };
    if (type === 0x41) return { prefix: this.#name(), name: this.#name() };
    if (type === 0x42) return { prefix: '', name: this.#reader.dictionaryString() };
    if (type === 0x43) return { prefix: this.#name(), name: this.#reader.dictionaryString() };
    if (type >= 0x44 && type <= 0x5d) return { prefix: letterOf(type - 0x44), name: this.#reader.dictionaryString() };
    if (type >= 0x5e && type <= 0x77) return { prefix: letterOf(type - 0x5e), name: this.#name() };
    throw this.#reader.malformed(`record type 0x${type.toString(16)} where content stands`);
  }

  /** Up to the first record that is none: so it takes a look at what follows. */
  #attributes(): readonly XmlAttribute[] {
    const next = this.#reader.peek();
    // Most elements of a large message have none.
    if (next < 0x04 || next > 0x3f) return none;
    const attributes: XmlAttribute[] = [];
    const seen = new Set<string>();
    for (;;) {
      const type = this.#reader.peek();
      if (type < 0x04 || type > 0x3f) return attributes;
      this.#reader.at += 1;
      if (attributes.length === this.#limits.attributes)
        throw new MessageTooLargeError('attributes on one element', this.#limits.attributes);
      const attribute = this.#attribute(type);
      const key =
        attribute.type === 'namespace' ? `xmlns:${attribute.prefix}` : `${attribute.prefix}:${attribute.name}`;
      if (seen.has(key)) throw this.#reader.malformed(`a second attribute ${key}`);
      seen.add(key);
      attributes.push(attribute);
    }
  }

  #attribute(type: number): XmlAttribute {
    const reader = this.#reader;
    switch (type) {
      case 0x04:
        return this.#valued('', this.#name());
      case 0x05:
        return this.#valued(this.#name(), this.#name());
      case 0x06:
        return this.#valued('', reader.dictionaryString());
      case 0x07:
        return this.#valued(this.#name(), reader.dictionaryString());
      case 0x08:
        return { type: 'namespace', prefix: '', uri: this.#string() };
      case 0x09:
        return { type: 'namespace', prefix: this.#name(), uri: this.#string() };
      case 0x0a:
        return { type: 'namespace', prefix: '', uri: reader.dictionaryString() };
      case 0x0b:
        return { type: 'namespace', prefix: this.#name(), uri: reader.dictionaryString() };
      default:
        return type < 0x26
          ? this.#valued(letterOf(type - 0x0c), reader.dictionaryString())
          : this.#valued(letterOf(type - 0x26), this.#name());
    }
  }

  #valued(prefix: string, name: string): XmlAttribute {
    return { type: 'attribute', prefix, name, value: readText(this.#reader, this.#reader.byte()) };
  }

  #string(): string {
    return this.#reader.utf8(this.#reader.multiByteInt31());
  }

  #name(): string {
    const name = this.#string();
    if (name === '' || name.includes(':')) throw this.#reader.malformed('an empty or qualified name');
    return name;
  }

  #startArray(): readonly Token[] {
    const reader = this.#reader;
    const element = this.#element(reader.byte());
    if (reader.byte() !== record.endElement) throw reader.malformed('an array whose element has content');
    const type = reader.byte() - 1;
    if (!arrayRecords.has(type)) throw reader.malformed(`an array of record type 0x${(type + 1).toString(16)}`);
    this.#array = { element, record: type, left: reader.multiByteInt31() };
    return [];
  }

  #arrayItem(array: { readonly element: Start; readonly record: number; left: number }): readonly Token[] {
    if (array.left === 0) {
      this.#array = undefined;
      return [];
    }
    const text = readText(this.#reader, array.record);
    array.left -= 1;
    this.#open(array.element);
    this.#close();
    return [array.element, { type: 'text', text }, end];
  }

  #open(start: Start): void {
    this.#elements += 1;
    if (this.#elements > this.#limits.elements) throw new MessageTooLargeError('elements', this.#limits.elements);
    if (this.#scopes.length === this.#limits.depth)
      throw new MessageTooLargeError('elements within one another', this.#limits.depth);
    this.#scopes.push(start.attributes.flatMap((one) => (one.type === 'namespace' ? [one.prefix] : [])));
  }

  #close(): void {
    if (this.#scopes.pop() === undefined) throw this.#reader.malformed('the end of an element that was never begun');
  }
}
