import { ByteWriter } from './byte-writer.ts';
import { dictionaryId } from './dictionary.ts';
import { UnwritableValueError } from './errors.ts';
import { isElement, type XmlAttribute, type XmlContent, type XmlElement } from './tree.ts';
import { writeValue } from './write-value.ts';

/** Which names and namespaces to write by their number in the dictionary; any reader takes either form. */
export type DictionaryUse = 'all' | 'none' | ReadonlySet<string>;

/** Writes one element and what is in it as a message of its own. */
export function encode(root: XmlElement, use: DictionaryUse = 'all'): Buffer {
  const writer = new ByteWriter();
  const idOf = (text: string): number | undefined =>
    use === 'none' || (use !== 'all' && !use.has(text)) ? undefined : dictionaryId(text);
  writeElement(writer, root, idOf, ['', 'xml']);
  return writer.take();
}

type IdOf = (text: string) => number | undefined;

function writeElement(writer: ByteWriter, element: XmlElement, idOf: IdOf, outer: readonly string[]): void {
  const declared = element.attributes.flatMap((one) => (one.type === 'namespace' ? [one.prefix] : []));
  const scope = declared.length === 0 ? outer : [...outer, ...declared];
  for (const { prefix, name } of namesOf(element)) {
    if (!scope.includes(prefix)) throw new UnwritableValueError(`${prefix}:${name}`, 'its prefix is not declared');
    if (name === '' || /:/.test(name)) throw new UnwritableValueError(`${prefix}:${name}`, 'it is not a name');
    if (!name.isWellFormed()) throw new UnwritableValueError(name, 'it holds half a surrogate pair');
  }
  writeName(writer, element.prefix, element.name, idOf, elementRecords);
  for (const attribute of element.attributes) writeAttribute(writer, attribute, idOf);
  writeContent(writer, element, idOf, scope);
}

function namesOf(element: XmlElement): readonly { readonly prefix: string; readonly name: string }[] {
  return [element, ...element.attributes.filter((one) => one.type === 'attribute')];
}

const isEmptyValue = (content: XmlContent): boolean =>
  content === '' || (content instanceof Uint8Array && content.length === 0);

/** Bytes in groups of three first and the rest by itself, as .NET does: each record is then base64 on its own. */
function wholeGroups(content: XmlContent): readonly XmlContent[] {
  if (!(content instanceof Uint8Array)) return [content];
  const whole = content.length - (content.length % 3);
  return [content.subarray(0, whole), content.subarray(whole)];
}

/** A value that comes last ends the element with it; an empty one there is nothing but the end. */
function writeContent(writer: ByteWriter, element: XmlElement, idOf: IdOf, scope: readonly string[]): void {
  const content = element.content.flatMap(wholeGroups).filter((one) => !isEmptyValue(one));
  for (const [place, one] of content.entries()) {
    if (isElement(one)) writeElement(writer, one, idOf, scope);
    else if (typeof one === 'object' && 'type' in one && one.type === 'comment') {
      writer.byte(0x02);
      writer.string(wellFormed(one.text, element.name));
    } else {
      const last = place === content.length - 1;
      writeValue(writer, one, last, element.name);
      if (last) return;
    }
  }
  writer.byte(0x01);
}

function wellFormed(text: string, where: string): string {
  if (!text.isWellFormed()) throw new UnwritableValueError(where, 'it holds half a surrogate pair');
  return text;
}

interface NameRecords {
  readonly plain: number;
  readonly prefixed: number;
  readonly known: number;
  readonly prefixedKnown: number;
  /** From here on by the letters of the alphabet. */
  readonly letter: number;
  readonly letterKnown: number;
}

const elementRecords: NameRecords = {
  plain: 0x40,
  prefixed: 0x41,
  known: 0x42,
  prefixedKnown: 0x43,
  letterKnown: 0x44,
  letter: 0x5e,
};
const attributeRecords: NameRecords = {
  plain: 0x04,
  prefixed: 0x05,
  known: 0x06,
  prefixedKnown: 0x07,
  letterKnown: 0x0c,
  letter: 0x26,
};

function writeName(writer: ByteWriter, prefix: string, name: string, idOf: IdOf, records: NameRecords): void {
  const id = idOf(name);
  if (prefix === '') writer.byte(id === undefined ? records.plain : records.known);
  else if (/^[a-z]$/.test(prefix))
    writer.byte((id === undefined ? records.letter : records.letterKnown) + prefix.charCodeAt(0) - 0x61);
  else {
    writer.byte(id === undefined ? records.prefixed : records.prefixedKnown);
    writer.string(prefix);
  }
  if (id === undefined) writer.string(name);
  else writer.multiByteInt31(id);
}

function writeAttribute(writer: ByteWriter, attribute: XmlAttribute, idOf: IdOf): void {
  if (attribute.type === 'attribute') {
    writeName(writer, attribute.prefix, attribute.name, idOf, attributeRecords);
    writeValue(writer, attribute.value, false, attribute.name);
    return;
  }
  const id = idOf(attribute.uri);
  writer.byte((attribute.prefix === '' ? 0x08 : 0x09) + (id === undefined ? 0 : 2));
  if (attribute.prefix !== '') writer.string(wellFormed(attribute.prefix, 'xmlns'));
  if (id === undefined) writer.string(wellFormed(attribute.uri, 'xmlns'));
  else writer.multiByteInt31(id);
}
