import type { Dn, DnKey } from './ids.ts';

/** One `type=value` of a DN, its value unescaped. A multi-valued RDN keeps its parts in `and`. */
export interface Rdn {
  readonly type: string;
  readonly value: string;
  readonly and?: readonly Rdn[];
}

const hexPair = /^[0-9a-fA-F]{2}$/;

/** Splits a DN by RFC 4514, leaf first; `undefined` where it is not one. The empty DN is the root. */
export function parseDn(text: string): readonly Rdn[] | undefined {
  const rdns: Rdn[] = [];
  if (text.trim() === '') return rdns;
  let parts: Rdn[] = [];
  let at = 0;
  for (;;) {
    const equals = text.indexOf('=', at);
    if (equals < 0) return undefined;
    const type = text.slice(at, equals).trim();
    if (!/^([A-Za-z][A-Za-z0-9-]*|\d+(\.\d+)*)$/.test(type)) return undefined;
    const read = readValue(text, equals + 1);
    if (read === undefined) return undefined;
    parts.push({ type, value: read.value });
    if (read.separator === '+') {
      at = read.next;
      continue;
    }
    const [first, ...rest] = parts;
    if (first === undefined) return undefined;
    rdns.push(rest.length === 0 ? first : { ...first, and: rest });
    parts = [];
    if (read.separator === undefined) return rdns;
    at = read.next;
  }
}

function readValue(
  text: string,
  start: number,
): { value: string; next: number; separator: string | undefined } | undefined {
  let at = start;
  while (text[at] === ' ') at += 1;
  const quoted = text[at] === '"';
  if (quoted) at += 1;
  const bytes: Buffer[] = [];
  let plain = '';
  let keep = 0;
  for (; ; at += 1) {
    const char = text[at];
    if (char === undefined) {
      if (quoted) return undefined;
      break;
    }
    if (char === '\\') {
      const pair = text.slice(at + 1, at + 3);
      if (hexPair.test(pair)) {
        bytes.push(Buffer.from(plain, 'utf8'), Buffer.from(pair, 'hex'));
        plain = '';
        at += 2;
      } else {
        const next = text[at + 1];
        if (next === undefined) return undefined;
        plain += next;
        at += 1;
      }
      keep = plain.length;
      continue;
    }
    if (quoted ? char === '"' : char === ',' || char === ';' || char === '+') break;
    plain += char;
  }
  if (quoted) {
    at += 1;
    while (text[at] === ' ') at += 1;
  } else {
    let end = plain.length;
    while (end > keep && plain[end - 1] === ' ') end -= 1;
    plain = plain.slice(0, end);
  }
  const separator = text[at];
  if (separator !== undefined && separator !== ',' && separator !== ';' && separator !== '+') return undefined;
  bytes.push(Buffer.from(plain, 'utf8'));
  return { value: Buffer.concat(bytes).toString('utf8'), next: at + 1, separator };
}

/** Escapes a text as one RDN value (RFC 4514 section 2.4). */
export function escapeDnValue(value: string): string {
  return value
    .replace(/[\\",+;<>=]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replaceAll('\n', '\\0A')
    .replaceAll('\r', '\\0D')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
}

/** Builds a DN whose inserted values stay single RDN values: dn`CN=${name},OU=People,DC=contoso`. */
export function dn(strings: TemplateStringsArray, ...values: readonly string[]): Dn {
  return strings.reduce((text, piece, i) => text + escapeDnValue(values[i - 1] ?? '') + piece) as Dn;
}

/** Names a text a DN after checking that it is one. */
export function toDn(text: string): Dn | undefined {
  return parseDn(text) === undefined ? undefined : (text as Dn);
}

function keyOf(rdn: Rdn): string {
  const one = (part: Rdn): string => `${part.type.toLowerCase()}=${escapeDnValue(part.value.toLowerCase())}`;
  return rdn.and === undefined ? one(rdn) : [rdn, ...rdn.and].map(one).sort().join('+');
}

// Nearly every DN a directory sends is plain: no escape, quote or blank to normalise.
const plainDn = /^[^\\"+;#<>]*$/;
const blankAtSeparator = / [,=]|[,=] |^ | $/;

/** The form to compare and index by. */
export function dnKey(text: Dn | string): DnKey {
  if (plainDn.test(text) && !blankAtSeparator.test(text) && !/=[^,]*=/.test(text)) return text.toLowerCase() as DnKey;
  const rdns = parseDn(text);
  return (rdns === undefined ? text.toLowerCase() : rdns.map(keyOf).join(',')) as DnKey;
}

/** Is `key` the container itself or anything below it? */
export function isWithin(key: DnKey, container: DnKey): boolean {
  return key === container || container === '' || key.endsWith(`,${container}`);
}

/** The parent's DN, spelled as in the child. */
export function parentDn(text: Dn): Dn | undefined {
  let at = 0;
  for (;;) {
    const comma = text.indexOf(',', at);
    if (comma < 0) return undefined;
    let escapes = 0;
    while (text[comma - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return text.slice(comma + 1).trimStart() as Dn;
    at = comma + 1;
  }
}

/** `DC=corp,DC=contoso,DC=test` of `corp.contoso.test`. */
export function domainDn(fqdn: string): Dn {
  return fqdn
    .split('.')
    .map((label) => `DC=${escapeDnValue(label)}`)
    .join(',') as Dn;
}
