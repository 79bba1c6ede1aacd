declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Lower-case, hyphenated, in AD's mixed-endian order: `28eb3e09-2cfc-458a-ad2c-aa275bdc791a`. */
export type ObjectGuid = Branded<string, 'ObjectGuid'>;
/** `S-1-5-21-...` */
export type Sid = Branded<string, 'Sid'>;
/** A distinguished name as the directory spells it. Compare by `DnKey` only. */
export type Dn = Branded<string, 'Dn'>;
/** A distinguished name in canonical form: lower case, minimal escapes, no blanks around separators. */
export type DnKey = Branded<string, 'DnKey'>;
/** Base64 of 16 bytes: the `onPremisesImmutableId` of a user, the `uniqueName` of a group. */
export type SourceAnchor = Branded<string, 'SourceAnchor'>;
/** The tenant's own id of an object. */
export type TenantId = Branded<string, 'TenantId'>;
/** `forest/domain`: the reader of one domain. */
export type ConnectorName = Branded<string, 'ConnectorName'>;

/** The kinds of object a tenant can hold. */
export const objectKinds = ['user', 'group', 'contact', 'device'] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** What a source reads: the kinds, and what is needed to understand them. */
export type SourceKind = ObjectKind | 'container' | 'foreignSecurityPrincipal';

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function parseObjectGuid(text: string): ObjectGuid | undefined {
  const bare = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
  return guidPattern.test(bare) ? (bare.toLowerCase() as ObjectGuid) : undefined;
}

/** AD stores a GUID's first three parts little-endian ([MS-DTYP] 2.3.4.2). */
export function objectGuidFromBytes(bytes: Uint8Array): ObjectGuid | undefined {
  if (bytes.length !== 16) return undefined;
  return objectGuidFromHex(Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex'));
}

/** Of the 32 hexadecimal digits of those bytes. */
export function objectGuidFromHex(hex: string): ObjectGuid {
  const at = (i: number): string => hex.slice(2 * i, 2 * i + 2);
  return `${at(3)}${at(2)}${at(1)}${at(0)}-${at(5)}${at(4)}-${at(7)}${at(6)}-${hex.slice(16, 20)}-${hex.slice(20)}` as ObjectGuid;
}

export function objectGuidToBytes(guid: ObjectGuid): Uint8Array {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** The anchor an object has from 16 bytes of `mS-DS-ConsistencyGuid` or `objectGUID`. */
export function sourceAnchorFromBytes(bytes: Uint8Array): SourceAnchor | undefined {
  return bytes.length === 16 ? (Buffer.from(bytes).toString('base64') as SourceAnchor) : undefined;
}

export function parseSourceAnchor(text: string): SourceAnchor | undefined {
  return /^[A-Za-z0-9+/]{22}==$/.test(text) ? (text as SourceAnchor) : undefined;
}

export function parseTenantId(text: string): TenantId | undefined {
  return guidPattern.test(text) ? (text.toLowerCase() as TenantId) : undefined;
}

export function connectorName(forest: string, domain: string): ConnectorName {
  return `${forest}/${domain.toLowerCase()}` as ConnectorName;
}

/** [MS-DTYP] 2.4.2.2: revision, count, six bytes big-endian authority, then little-endian words. */
export function sidFromBytes(bytes: Uint8Array): Sid | undefined {
  const count = bytes[1];
  if (bytes.length < 8 || bytes[0] !== 1 || count === undefined || bytes.length !== 8 + 4 * count) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = `S-1-${view.getUint16(2) * 2 ** 32 + view.getUint32(4)}`;
  for (let i = 0; i < count; i += 1) text += `-${view.getUint32(8 + 4 * i, true)}`;
  return text as Sid;
}

export function sidToBytes(sid: Sid): Uint8Array {
  const [, , authority = 0, ...parts] = sid.split('-').map(Number);
  const bytes = new Uint8Array(8 + 4 * parts.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 1;
  bytes[1] = parts.length;
  view.setUint16(2, Math.floor(authority / 2 ** 32));
  view.setUint32(4, authority >>> 0);
  for (const [i, part] of parts.entries()) view.setUint32(8 + 4 * i, part, true);
  return bytes;
}

export function parseSid(text: string): Sid | undefined {
  return /^S-1-\d{1,15}(-\d{1,10}){1,15}$/i.test(text) ? (text.toUpperCase() as Sid) : undefined;
}
