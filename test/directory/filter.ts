import type { Attributes } from './index.ts';
import type { Element } from './messages.ts';

/** Does an entry meet a filter of and, or, not, equality, presence and at least? */
export function matches(filter: Element, attributes: Attributes): boolean {
  const [name, value] = filter.parts;
  switch (filter.tag) {
    case 0xa0:
      return filter.parts.every((part) => matches(part, attributes));
    case 0xa1:
      return filter.parts.some((part) => matches(part, attributes));
    case 0xa2:
      return filter.parts.every((part) => !matches(part, attributes));
    case 0xa3:
      return valuesOf(attributes, name).some((one) => equal(one, value?.content));
    case 0xa5:
      return valuesOf(attributes, name).some((one) => Number(one) >= Number(value?.content));
    case 0x87:
      return valuesOf(attributes, filter).length > 0;
    default:
      return false;
  }
}

function valuesOf(attributes: Attributes, name: Element | undefined): readonly (string | Buffer)[] {
  const wanted = name?.content.toString().toLowerCase();
  const key = Object.keys(attributes).find((one) => one.toLowerCase() === wanted);
  return key === undefined ? [] : (attributes[key] ?? []);
}

function equal(value: string | Buffer, wanted: Buffer | undefined): boolean {
  if (wanted === undefined) return false;
  if (typeof value === 'string') return value.toLowerCase() === wanted.toString().toLowerCase();
  return value.equals(wanted);
}
