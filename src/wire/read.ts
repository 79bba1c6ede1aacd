import { UnexpectedContentError } from './errors.ts';
import { isElement, type XmlElement } from './tree.ts';
import { textOf } from './values.ts';

/**
 * Readers by local name: makers of clients and services of this protocol differ in prefixes, and the names alone are
 * never ambiguous where they stand. What a text means is the asker's to say.
 */
export function children(parent: XmlElement | undefined, name?: string): readonly XmlElement[] {
  return parent?.content.filter(isElement).filter((one) => name === undefined || one.name === name) ?? [];
}

export function child(parent: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => children(at, name)[0], parent);
}

/** The nearest element of this name at any depth, the element itself first. */
export function find(root: XmlElement, name: string): XmlElement | undefined {
  let level: readonly XmlElement[] = [root];
  while (level.length > 0) {
    const found = level.find((one) => one.name === name);
    if (found !== undefined) return found;
    level = level.flatMap((one) => children(one));
  }
  return undefined;
}

/** The text that stands directly in it. */
export function text(element: XmlElement): string {
  return element.content
    .map((one) =>
      isElement(one) || (typeof one === 'object' && 'type' in one && one.type === 'comment') ? '' : textOf(one),
    )
    .join('');
}

export function attributeText(element: XmlElement, name: string): string | undefined {
  for (const one of element.attributes) if (one.type === 'attribute' && one.name === name) return textOf(one.value);
  return undefined;
}

/** `i:nil`. */
export function isNil(element: XmlElement): boolean {
  return ['true', '1'].includes(attributeText(element, 'nil')?.trim() ?? '');
}

/** The text of a child; none where the child is not there or is nil. */
export function childText(parent: XmlElement | undefined, name: string): string | undefined {
  const found = child(parent, name);
  return found === undefined || isNil(found) ? undefined : text(found);
}

export function booleanOf(element: XmlElement): boolean {
  const value = text(element).trim();
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new UnexpectedContentError(element.name, 'it is not a boolean');
}

export function integerOf(element: XmlElement): number {
  const value = text(element).trim();
  const number = Number(value);
  if (!/^[+-]?\d+$/.test(value) || !Number.isSafeInteger(number))
    throw new UnexpectedContentError(element.name, 'it is not a whole number');
  return number;
}

export function bytesOf(element: XmlElement): Uint8Array {
  const value = text(element).replace(/\s+/g, '');
  if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value))
    throw new UnexpectedContentError(element.name, 'it is not base64');
  return new Uint8Array(Buffer.from(value, 'base64'));
}

const dateTimeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** A time without a zone is taken for UTC. */
export function dateOf(element: XmlElement): Date {
  const value = text(element).trim();
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(value) ? value : `${value}Z`;
  const date = new Date(zoned);
  if (!dateTimeForm.test(value) || Number.isNaN(date.getTime()))
    throw new UnexpectedContentError(element.name, 'it is not a date and time');
  return date;
}
