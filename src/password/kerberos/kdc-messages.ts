import { aes256 } from './aes.ts';
import { bits, DerReader, element, fields, generalString, integer, octets, tag, time } from './der.ts';
import { decodePrincipal, encodePrincipal, option, type Principal } from './principal.ts';

/** Numbers of messages (RFC 4120 5.10), which are those of their application tags. */
export const message = { asReq: 10, asRep: 11, tgsReq: 12, tgsRep: 13, apReq: 14, apRep: 15, error: 30 } as const;

/** Kinds of pre-authentication data (RFC 4120 7.5.2). */
export const preAuthentication = { tgsReq: 1, encryptedTimestamp: 2, etypeInfo2: 19 } as const;

export interface PreAuthentication {
  readonly type: number;
  readonly value: Uint8Array;
}

export interface EncryptedData {
  readonly etype: number;
  readonly cipher: Buffer;
}

export function encryptedData(cipher: Uint8Array, keyVersion?: number): Buffer {
  return fields({
    0: integer(aes256),
    1: keyVersion === undefined ? undefined : integer(keyVersion),
    2: octets(cipher),
  });
}

export function decodeEncryptedData(reader: DerReader): EncryptedData {
  const found = reader.fields();
  return { etype: found.get(0).integer(), cipher: found.get(2).octets() };
}

export interface RequestBody {
  readonly client?: Principal | undefined;
  readonly realm: string;
  readonly service: Principal;
  readonly till: Date;
  readonly nonce: number;
}

export function encodeRequestBody({ client, realm, service, till, nonce }: RequestBody): Buffer {
  return fields({
    0: client === undefined ? bits(0) : option.canonicalize,
    1: client === undefined ? undefined : encodePrincipal(client),
    2: generalString(realm),
    3: encodePrincipal(service),
    5: time(till),
    7: integer(nonce),
    8: element(tag.sequence, integer(aes256)),
  });
}

export function encodeRequest(
  type: typeof message.asReq | typeof message.tgsReq,
  data: readonly PreAuthentication[],
  body: Uint8Array,
): Buffer {
  const padata = data.map(({ type: kind, value }) => fields({ 1: integer(kind), 2: octets(value) }));
  return element(
    tag.application(type),
    fields({
      1: integer(5),
      2: integer(type),
      3: padata.length === 0 ? undefined : element(tag.sequence, ...padata),
      4: body,
    }),
  );
}

/** A ticket as it came: opaque, but for the realm and the service it says to be for. */
export interface KdcReply {
  readonly realm: string;
  readonly client: Principal;
  readonly ticket: Buffer;
  readonly encrypted: EncryptedData;
  readonly data: readonly PreAuthentication[];
}

export interface KerberosError {
  readonly code: number;
  readonly serverTime: Date;
  readonly data: Buffer | undefined;
}

/** The KDC's answer: a ticket, or an error. */
export function decodeKdcAnswer(
  bytes: Uint8Array,
  type: typeof message.asRep | typeof message.tgsRep,
  server: string,
): { readonly reply: KdcReply } | { readonly error: KerberosError } {
  const error = decodeError(bytes, server);
  if (error !== undefined) return { error };
  const found = new DerReader(bytes, server).within(tag.application(type)).fields();
  return {
    reply: {
      data: decodePreAuthentication(found.optional(2)),
      realm: found.get(3).text(),
      client: decodePrincipal(found.get(4)),
      ticket: found.get(5).expect(tag.application(1)).whole,
      encrypted: decodeEncryptedData(found.get(6)),
    },
  };
}

export function decodeError(bytes: Uint8Array, server: string): KerberosError | undefined {
  if (bytes[0] !== tag.application(message.error)) return undefined;
  const found = new DerReader(bytes, server).within(tag.application(message.error)).fields();
  return {
    serverTime: found.get(4).time(),
    code: found.get(6).integer(),
    data: found.optional(12)?.octets(),
  };
}

export function decodePreAuthentication(reader: DerReader | undefined): readonly PreAuthentication[] {
  const list = reader?.within(tag.sequence);
  const found: PreAuthentication[] = [];
  while (list !== undefined && !list.atEnd) {
    const one = list.fields();
    found.push({ type: one.get(1).integer(), value: one.get(2).octets() });
  }
  return found;
}

export interface KeyDerivation {
  readonly salt: string | undefined;
  readonly rounds: number;
}

const defaultRounds = 4096;
/** A KDC could otherwise keep this process busy for hours. */
const maxRounds = 1_000_000;

/** How the key of a password is made for AES-256, from ETYPE-INFO2; `undefined` where the account has no such key. */
export function decodeKeyDerivation(value: Uint8Array, server: string): KeyDerivation | undefined {
  const list = new DerReader(value, server).within(tag.sequence);
  while (!list.atEnd) {
    const one = list.fields();
    if (one.get(0).integer() !== aes256) continue;
    const parameters = one.optional(2)?.octets();
    const rounds = parameters === undefined ? defaultRounds : parameters.length === 4 ? parameters.readUInt32BE() : 0;
    if (rounds < 1 || rounds > maxRounds) list.fail(`${rounds} rounds of key derivation`);
    return { salt: one.optional(1)?.text(), rounds };
  }
  return undefined;
}

export interface EncryptedReply {
  readonly key: Buffer;
  readonly etype: number;
  readonly nonce: number;
  readonly ends: Date;
  readonly service: Principal;
}

/** The part of a reply that only the client can read. Heimdal tags the one of AS as that of TGS (RFC 4120 5.4.2 allows it). */
export function decodeEncryptedReply(clear: Uint8Array, server: string): EncryptedReply {
  const outer = new DerReader(clear, server).next();
  const reader = new DerReader(outer.content, server);
  if (outer.tag !== tag.application(25) && outer.tag !== tag.application(26))
    reader.fail('another message than a reply');
  const found = reader.fields();
  const key = found.get(0).fields();
  return {
    etype: key.get(0).integer(),
    key: Buffer.from(key.get(1).octets()),
    nonce: found.get(2).integer(),
    ends: found.get(7).time(),
    service: decodePrincipal(found.get(10)),
  };
}
