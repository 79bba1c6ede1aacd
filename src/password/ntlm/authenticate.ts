import { createHash, createHmac } from 'node:crypto';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { ntHashOf } from '../crypto/md4.ts';
import { rc4 } from '../crypto/rc4.ts';
import { avId, type NtlmChallenge, ntlmFlag, offeredFlags, signature } from './challenge.ts';

export interface NtlmAccount {
  readonly user: string;
  /** Empty where the user is a user principal name. */
  readonly domain: string;
  readonly password: string;
  readonly workstation: string;
}

/** What is drawn and looked up for one sign-in. */
export interface NtlmInputs {
  /** 8 random bytes. */
  readonly clientChallenge: Uint8Array;
  /** 16 random bytes: the session key, where keys are exchanged. */
  readonly exportedKey: Uint8Array;
  readonly now: Date;
}

/** As of Windows 10: the domain controller logs it and nothing depends on it. */
const version = Buffer.from('0a00614a0000000f', 'hex');
const micOffset = 72;
const payloadOffset = 88;

export function encodeNegotiate(): Buffer {
  return new ByteWriter()
    .bytes(signature)
    .u32(1)
    .u32(offeredFlags)
    .u32(0)
    .u32(40)
    .u32(0)
    .u32(40)
    .bytes(version)
    .finish();
}

/** NTLMv2 ([MS-NLMP] 3.3.2): the AUTHENTICATE message with its MIC, and the session key it agrees on. */
export function authenticate(
  account: NtlmAccount,
  inputs: NtlmInputs,
  negotiate: Uint8Array,
  challenge: Uint8Array,
  { flags, serverChallenge, targetInformation, pairs }: NtlmChallenge,
): { readonly message: Buffer; readonly sessionKey: Buffer } {
  const timestamp = pairs.get(avId.timestamp);
  const responseKey = responseKeyOf(account);
  const temp = new ByteWriter()
    .u16(0x0101)
    .zero(6)
    .bytes(timestamp?.length === 8 ? timestamp : fileTime(inputs.now))
    .bytes(inputs.clientChallenge)
    .zero(4)
    .bytes(targetInformation)
    .bytes(timestamp === undefined ? new Uint8Array() : micPair(pairs.get(avId.flags)))
    .zero(8)
    .finish();
  const proof = hmac(responseKey, serverChallenge, temp);
  const baseKey = hmac(responseKey, proof);
  const lmResponse =
    timestamp === undefined
      ? Buffer.concat([hmac(responseKey, serverChallenge, inputs.clientChallenge), inputs.clientChallenge])
      : Buffer.alloc(24);
  const exchanges = (flags & ntlmFlag.keyExchange) !== 0;
  const sessionKey = exchanges ? Buffer.from(inputs.exportedKey) : Buffer.from(baseKey);
  const message = encodeAuthenticate(account, flags, {
    lmResponse,
    ntResponse: Buffer.concat([proof, temp]),
    sessionKey: exchanges ? rc4(baseKey, sessionKey) : Buffer.alloc(0),
  });
  if (timestamp !== undefined) message.set(hmac(sessionKey, negotiate, challenge, message), micOffset);
  responseKey.fill(0);
  baseKey.fill(0);
  return { message, sessionKey };
}

interface Responses {
  readonly lmResponse: Uint8Array;
  readonly ntResponse: Uint8Array;
  readonly sessionKey: Uint8Array;
}

function encodeAuthenticate(account: NtlmAccount, flags: number, responses: Responses): Buffer {
  const head = new ByteWriter().bytes(signature).u32(3);
  const payload = new ByteWriter();
  const domain = placed(payload, utf16(account.domain));
  const user = placed(payload, utf16(account.user));
  const workstation = placed(payload, utf16(account.workstation));
  const lm = placed(payload, responses.lmResponse);
  const nt = placed(payload, responses.ntResponse);
  const key = placed(payload, responses.sessionKey);
  for (const { length, offset } of [lm, nt, domain, user, workstation, key]) head.u16(length).u16(length).u32(offset);
  // The MIC's place stays zero: it is computed over the message so.
  return head.u32(flags).bytes(version).zero(16).bytes(payload.finish()).finish();
}

function placed(payload: ByteWriter, bytes: Uint8Array): { readonly length: number; readonly offset: number } {
  const offset = payloadOffset + payload.length;
  payload.bytes(bytes);
  return { length: bytes.length, offset };
}

function responseKeyOf({ user, domain, password }: NtlmAccount): Buffer {
  const hash = ntHashOf(password);
  const key = hmac(hash, utf16(upper(user) + domain));
  hash.fill(0);
  return key;
}

/** Windows maps single characters to upper case: never one to two, as `toUpperCase` does with a sharp s. */
function upper(text: string): string {
  return Array.from(text, (char) => {
    const large = char.toUpperCase();
    return large.length === char.length ? large : char;
  }).join('');
}

/** Says that a MIC is in the message ([MS-NLMP] 3.1.5.1.2), keeping the flags the server set. */
function micPair(flags: Buffer | undefined): Buffer {
  const value = (flags?.length === 4 ? flags.readUInt32LE() : 0) | 2;
  return new ByteWriter().u16(avId.flags).u16(4).u32(value).finish();
}

function fileTime(date: Date): Buffer {
  return new ByteWriter().u64((BigInt(date.getTime()) + 11_644_473_600_000n) * 10_000n).finish();
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const sum = createHmac('md5', key);
  for (const part of parts) sum.update(part);
  return sum.digest();
}

/** The keys of one direction ([MS-NLMP] 3.4.5.2 and .3, extended session security, 128 bit). */
export function directionKeys(
  sessionKey: Uint8Array,
  from: 'client' | 'server',
): { readonly signing: Buffer; readonly sealing: Buffer } {
  const way = from === 'client' ? 'client-to-server' : 'server-to-client';
  const key = (use: string): Buffer =>
    createHash('md5').update(sessionKey).update(`session key to ${way} ${use} key magic constant\0`, 'ascii').digest();
  return { signing: key('signing'), sealing: key('sealing') };
}
