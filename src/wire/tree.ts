import type { Value } from './values.ts';

/** An element as it is written, and as it is read: then its values are text, neighbours joined, comments left out. */
export interface XmlElement {
  /** Empty for none. */
  readonly prefix: string;
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly content: readonly XmlContent[];
}

export type XmlContent = XmlElement | XmlComment | Value;

export interface XmlComment {
  readonly type: 'comment';
  readonly text: string;
}

export type XmlAttribute =
  | { readonly type: 'attribute'; readonly prefix: string; readonly name: string; readonly value: Value }
  /** `xmlns` or `xmlns:prefix`. */
  | { readonly type: 'namespace'; readonly prefix: string; readonly uri: string };

/** `s:Body` and the like. */
export function element(
  name: string,
  attributes: readonly XmlAttribute[] = [],
  content: readonly XmlContent[] = [],
): XmlElement {
  return { ...nameOf(name), attributes, content };
}

export function attribute(name: string, value: Value): XmlAttribute {
  return { type: 'attribute', ...nameOf(name), value };
}

/** Declares a prefix, or with the empty one the default. */
export function namespace(prefix: string, uri: string): XmlAttribute {
  return { type: 'namespace', prefix, uri };
}

function nameOf(qualified: string): { readonly prefix: string; readonly name: string } {
  const colon = qualified.indexOf(':');
  return { prefix: qualified.slice(0, Math.max(colon, 0)), name: qualified.slice(colon + 1) };
}

export function isElement(content: XmlContent): content is XmlElement {
  return typeof content === 'object' && 'content' in content;
}
