import { aes256 } from './aes.ts';
import { bits, DerReader, element, fields, generalString, integer, octets, tag, time } from './der.ts';
import { decodeEncryptedData, type EncryptedData, encryptedData, message } from './kdc-messages.ts';
import { encodePrincipal, option, type Principal } from './principal.ts';

export interface Authenticator {
  readonly realm: string;
  readonly client: Principal;
  readonly checksum: { readonly type: number; readonly value: Uint8Array };
  readonly now: Date;
  readonly subkey?: Uint8Array | undefined;
  readonly sequence?: number | undefined;
}

/** RFC 4120 5.5.1 */
export function encodeAuthenticator({ realm, client, checksum, now, subkey, sequence }: Authenticator): Buffer {
  return element(
    tag.application(2),
    fields({
      0: integer(5),
      1: generalString(realm),
      2: encodePrincipal(client),
      3: fields({ 0: integer(checksum.type), 1: octets(checksum.value) }),
      4: integer(now.getUTCMilliseconds() * 1000),
      5: time(now),
      6: subkey === undefined ? undefined : fields({ 0: integer(aes256), 1: octets(subkey) }),
      7: sequence === undefined ? undefined : integer(sequence),
    }),
  );
}

export function encodeApReq(ticket: Uint8Array, authenticator: Uint8Array, mutual: boolean): Buffer {
  return element(
    tag.application(message.apReq),
    fields({
      0: integer(5),
      1: integer(message.apReq),
      2: mutual ? option.mutualRequired : bits(0),
      3: ticket,
      4: encryptedData(authenticator),
    }),
  );
}

export function decodeApRep(bytes: Uint8Array, server: string): EncryptedData {
  return decodeEncryptedData(new DerReader(bytes, server).within(tag.application(message.apRep)).fields().get(2));
}

export function encodeApRep(encrypted: Uint8Array): Buffer {
  return element(
    tag.application(message.apRep),
    fields({ 0: integer(5), 1: integer(message.apRep), 2: encryptedData(encrypted) }),
  );
}

/** What an AP-REP proves with: the authenticator's time, and what the acceptor goes on with. */
export interface ApRepPart {
  readonly time: Date;
  readonly microseconds: number;
  readonly subkey: { readonly etype: number; readonly key: Buffer } | undefined;
  readonly sequence: number | undefined;
}

export function decodeApRepPart(clear: Uint8Array, server: string): ApRepPart {
  const found = new DerReader(clear, server).within(tag.application(27)).fields();
  const subkey = found.optional(2)?.fields();
  return {
    time: found.get(0).time(),
    microseconds: found.get(1).integer(),
    subkey: subkey && { etype: subkey.get(0).integer(), key: Buffer.from(subkey.get(1).octets()) },
    sequence: found.optional(3)?.integer(),
  };
}

export function encodeApRepPart(when: Date, microseconds: number, sequence: number): Buffer {
  return element(tag.application(27), fields({ 0: time(when), 1: integer(microseconds), 3: integer(sequence) }));
}
