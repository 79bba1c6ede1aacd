import { bits, type DerReader, element, fields, generalString, integer, tag } from './der.ts';

/** Kinds of names (RFC 4120 6.2, RFC 6806 5). */
export const nameType = { principal: 1, serviceInstance: 2, serviceHost: 3, enterprise: 10 } as const;

export interface Principal {
  readonly type: number;
  readonly parts: readonly string[];
}

export function encodePrincipal({ type, parts }: Principal): Buffer {
  return fields({ 0: integer(type), 1: element(tag.sequence, ...parts.map(generalString)) });
}

export function decodePrincipal(reader: DerReader): Principal {
  const found = reader.fields();
  const names = found.get(1).within(tag.sequence);
  const parts: string[] = [];
  while (!names.atEnd) parts.push(names.text());
  return { type: found.get(0).integer(), parts };
}

export function principalText({ parts }: Principal): string {
  return parts.join('/');
}

/** Bits of KDCOptions and of APOptions, bit 0 the highest (RFC 4120 5.4.1 and 5.5.1). */
export const option = { canonicalize: bits(1 << (31 - 15)), mutualRequired: bits(1 << (31 - 2)) } as const;
