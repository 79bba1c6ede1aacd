import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { Framing } from '../bytes/message-socket.ts';
import { MalformedAnswerError } from '../errors.ts';

/** The connection-oriented packets of DCE/RPC (C706 chapter 12, [MS-RPCE] 2.2.2). */
export const packetType = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bindAck: 12,
  bindNak: 13,
  alterContext: 14,
  alterContextReply: 15,
  auth3: 16,
} as const;

export const packetFlag = { first: 1, last: 2, headerSigning: 4 } as const;

export const headerLength = 16;
/** Header, allocation hint, context and operation (or cancel count) of a request or a response. */
export const callHeaderLength = 24;
export const verifierLength = 8;
/** As Windows clients offer it. */
export const maxFragment = 5840;
/** Packet privacy: everything sealed. */
const privacy = 6;

export interface Verifier {
  readonly authType: number;
  readonly contextId: number;
  readonly padLength: number;
}

export interface Pdu {
  readonly type: number;
  readonly flags: number;
  readonly callId: number;
  readonly bytes: Buffer;
  /** Where the verifier begins, or the packet's end without one: between the header and it is the body. */
  readonly bodyEnd: number;
  readonly verifier: Verifier | undefined;
  readonly token: Buffer;
}

export interface PduParts {
  readonly type: number;
  readonly flags: number;
  readonly callId: number;
  /** A multiple of four long. */
  readonly body: Uint8Array;
  readonly verifier?: Verifier | undefined;
  readonly token?: Uint8Array | undefined;
}

export function encodePdu({ type, flags, callId, body, verifier, token }: PduParts): Buffer {
  const tokenLength = token?.length ?? 0;
  const writer = new ByteWriter()
    .u8(5)
    .u8(0)
    .u8(type)
    .u8(flags)
    .u32(0x10)
    .u16(headerLength + body.length + (verifier === undefined ? 0 : verifierLength + tokenLength))
    .u16(tokenLength)
    .u32(callId)
    .bytes(body);
  if (verifier !== undefined) {
    writer.u8(verifier.authType).u8(privacy).u8(verifier.padLength).u8(0).u32(verifier.contextId);
    writer.bytes(token ?? new Uint8Array());
  }
  return writer.finish();
}

export function decodePdu(bytes: Buffer, server: string): Pdu {
  const reader = new ByteReader(bytes, server, 'RPC packet');
  reader.expect(reader.u8(), 5, 'the version');
  reader.skip(1);
  const type = reader.u8();
  const flags = reader.u8();
  reader.expect(reader.u32(), 0x10, 'the data representation');
  reader.expect(reader.u16(), bytes.length, 'the length');
  const tokenLength = reader.u16();
  const callId = reader.u32();
  const token = bytes.subarray(bytes.length - tokenLength);
  if (tokenLength === 0) {
    return { type, flags, callId, bytes, bodyEnd: bytes.length, verifier: undefined, token };
  }
  const bodyEnd = bytes.length - tokenLength - verifierLength;
  reader.skip(bodyEnd - reader.offset);
  const authType = reader.u8();
  const level = reader.u8();
  const padLength = reader.u8();
  reader.skip(1);
  const contextId = reader.u32();
  reader.expect(level, privacy, 'the level of protection');
  if (padLength > bodyEnd - headerLength) reader.fail('the padding is longer than the body');
  return { type, flags, callId, bytes, bodyEnd, verifier: { authType, contextId, padLength }, token };
}

/** Fragments may be as long as offered, and no longer. */
export function framing(server: string): Framing {
  return {
    headLength: headerLength,
    lengthOf(head) {
      const length = head.readUInt16LE(8);
      if (length < headerLength || length > maxFragment) {
        throw new MalformedAnswerError(server, `an RPC packet announces ${length} bytes`);
      }
      return length;
    },
  };
}
