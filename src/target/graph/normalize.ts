import { parseSid, sidFromBytes, type TenantValue } from '../../model/index.ts';
import type { GraphAttribute } from './attributes.ts';
import { normalizeExtension } from './extension-value.ts';

export type Normalized = { readonly value: TenantValue } | { readonly problem: string };

/** The form in which Graph gives a value back, or why it would refuse it. Idempotent. */
export function normalizeValue(attribute: GraphAttribute, value: TenantValue): Normalized {
  const { form, extension } = attribute;
  if (value === null) return { value };
  if (extension !== undefined) return normalizeExtension(extension, value);
  if (form === 'flag') return flag(value);
  if (form === 'sid') return sid(value);
  if (form === 'addresses') return { value: strings(value) };
  const text = asText(value);
  if (text === undefined) return { problem: 'it is not text' };
  // Lone surrogates cannot be sent as UTF-8; blanks around a value do not survive.
  const clean = text.toWellFormed().trim();
  if (clean === '') return { value: null };
  if (clean.length > attribute.maxLength)
    return { problem: `it has ${clean.length} characters, and the tenant takes at most ${attribute.maxLength}` };
  const problem = problemOf(form, clean);
  if (problem !== undefined) return { problem };
  return { value: form === 'country' ? clean.toUpperCase() : clean };
}

/** A collection that takes one value has it as a list of one; the engine's name has one value. */
function asText(value: TenantValue): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    const [first] = value;
    return first === undefined ? '' : typeof first === 'string' ? first : undefined;
  }
  return undefined;
}

function strings(value: TenantValue): TenantValue {
  const list = Array.isArray(value) ? value : [value];
  const texts = list.filter((item): item is string => typeof item === 'string');
  return texts.length === 0 ? null : [...new Set(texts)].sort();
}

function flag(value: TenantValue): Normalized {
  if (typeof value === 'boolean') return { value };
  if (typeof value === 'string' && /^true$/i.test(value)) return { value: true };
  if (typeof value === 'string' && /^false$/i.test(value)) return { value: false };
  return { problem: 'it is neither true nor false' };
}

function sid(value: TenantValue): Normalized {
  const first = Array.isArray(value) ? value[0] : value;
  const parsed =
    first instanceof Uint8Array ? sidFromBytes(first) : typeof first === 'string' ? parseSid(first) : undefined;
  if (parsed === undefined) return { problem: 'it is not a security identifier' };
  return parsed.startsWith('S-1-5-21-') ? { value: parsed } : { problem: 'only a SID of the form S-1-5-21-… is taken' };
}

/** By the characters the property texts and the user name policies allow. */
function problemOf(form: GraphAttribute['form'], text: string): string | undefined {
  switch (form) {
    case 'userPrincipalName':
      return userPrincipalNameProblem(text);
    case 'address':
      if (!/^[^\s@<>(),;:\\"[\]]+@[^\s@]+\.[^\s@]+$/.test(text)) return `${quoted(text)} is not an address`;
      return accent(text);
    case 'nickname': {
      const bad = text.match(/[^!-~]|[@()\\[\]";:<>,]/u)?.[0];
      return bad === undefined ? undefined : `an alias cannot hold ${quoted(bad)}`;
    }
    case 'country':
      return /^[A-Za-z]{2}$/.test(text) ? undefined : `${quoted(text)} is not a two-letter country code`;
    case 'language':
      return /^[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i.test(text)
        ? undefined
        : `${quoted(text)} is not a language such as en-US`;
    default:
      return undefined;
  }
}

function userPrincipalNameProblem(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  if (at < 1 || at === text.length - 1) return `${quoted(text)} is not of the form name@domain`;
  const name = text.slice(0, at);
  if (name.length > 64) return `the part before @ has ${name.length} characters, and the tenant takes at most 64`;
  const bad = name.match(/[^A-Za-z0-9'.\-_!#^~]/u)?.[0];
  if (bad !== undefined) return `a user principal name cannot hold ${quoted(bad)} before @`;
  if (name.startsWith('.') || name.endsWith('.')) return 'the part before @ can neither begin nor end with a dot';
  const domain = text.slice(at + 1);
  return /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(domain) ? undefined : `${quoted(domain)} is not a domain name`;
}

function accent(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII 0-127 is what the tenant takes
  const bad = text.match(/[^\x00-\x7f]/u)?.[0];
  return bad === undefined ? undefined : `an address cannot hold ${quoted(bad)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
