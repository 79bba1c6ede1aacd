import { timingSafeEqual } from 'node:crypto';
import { FragmentNotAuthenticError, FragmentReplayedError, MalformedAnswerError } from '../errors.ts';
import { verifierLength } from '../rpc/pdu.ts';
import type { Fragment } from '../rpc/security.ts';
import { UsageKeys } from './aes.ts';

/** Key usages of RFC 4121 section 2 for sealing. */
const usage = { acceptor: 22, initiator: 24 } as const;
const flag = { fromAcceptor: 1, sealed: 2, acceptorSubkey: 4 } as const;

const headerLength = 16;
const confounderLength = 16;
const macLength = 12;
/** What is turned to the front: the sealed header and the checksum, so that the rest has the length of the stub. */
const rotation = headerLength + macLength;

export const tokenLength = headerLength + rotation + confounderLength;

export interface SealingContext {
  readonly key: Uint8Array;
  /** Whose key is it: the acceptor's own, or the initiator's? */
  readonly acceptorSubkey: boolean;
  /** Does the checksum cover the packet's header too? */
  readonly headerSigning: boolean;
}

/** Seals, or unseals, one direction of a connection: Wrap tokens of RFC 4121 as DCE/RPC lays them out ([MS-KILE] 3.4.5.4). */
export class KerberosSealing {
  readonly #keys: UsageKeys;
  readonly #flags: number;
  readonly #headerSigning: boolean;
  #sequence: bigint;

  constructor(context: SealingContext, from: 'initiator' | 'acceptor', sequence: number) {
    this.#keys = new UsageKeys(context.key, usage[from]);
    this.#flags =
      flag.sealed | (context.acceptorSubkey ? flag.acceptorSubkey : 0) | (from === 'acceptor' ? flag.fromAcceptor : 0);
    this.#headerSigning = context.headerSigning;
    this.#sequence = BigInt(sequence);
  }

  seal({ bytes, stubStart, stubEnd }: Fragment, confounder: Uint8Array): Buffer {
    const stub = bytes.subarray(stubStart, stubEnd);
    const header = this.#header(0, 0);
    const mac = this.#mac({ bytes, stubStart, stubEnd }, confounder, stub, header);
    const clear = Buffer.concat([confounder, stub, header]);
    const sealed = Buffer.concat([this.#keys.encryptBytes(clear), mac]);
    clear.fill(0);
    const turned = turnLeft(sealed, sealed.length - rotation);
    const front = tokenLength - headerLength;
    stub.set(turned.subarray(front));
    const token = Buffer.concat([this.#header(0, rotation), turned.subarray(0, front)]);
    this.#sequence += 1n;
    return token;
  }

  unseal(fragment: Fragment, token: Uint8Array, server: string): void {
    const view = Buffer.from(token.buffer, token.byteOffset, token.length);
    const stub = fragment.bytes.subarray(fragment.stubStart, fragment.stubEnd);
    if (view.length < headerLength + confounderLength + headerLength + macLength) {
      throw new MalformedAnswerError(server, `a seal of ${view.length} bytes`);
    }
    const extra = view.readUInt16BE(4);
    const turned = Buffer.concat([view.subarray(headerLength), stub]);
    if (turned.length !== confounderLength + stub.length + extra + headerLength + macLength) {
      throw new MalformedAnswerError(server, `a seal of ${view.length} bytes with ${extra} of filling`);
    }
    const sealed = turnLeft(turned, (view.readUInt16BE(6) + extra) % turned.length);
    const clear = this.#keys.decryptBytes(sealed.subarray(0, sealed.length - macLength));
    const confounder = clear.subarray(0, confounderLength);
    const text = clear.subarray(confounderLength, confounderLength + stub.length);
    const tail = clear.subarray(confounderLength + stub.length);
    const mac = this.#mac(fragment, confounder, text, tail);
    if (!timingSafeEqual(mac, sealed.subarray(sealed.length - macLength))) {
      throw new FragmentNotAuthenticError(server, 'its checksum is wrong');
    }
    const header = tail.subarray(extra);
    const found = header.readBigUInt64BE(8);
    if (found !== this.#sequence) throw new FragmentReplayedError(server, this.#sequence, found);
    // The header in clear must be the sealed one but for the rotation, which only moves bytes.
    const outer = Buffer.from(view.subarray(0, headerLength));
    outer.writeUInt16BE(0, 6);
    const expected = this.#header(extra, 0);
    if (!header.equals(expected) || !outer.equals(expected)) {
      throw new FragmentNotAuthenticError(server, 'its seal is not of this direction');
    }
    stub.set(text);
    clear.fill(0);
    this.#sequence += 1n;
  }

  wipe(): void {
    this.#keys.wipe();
  }

  #header(extra: number, turn: number): Buffer {
    const header = Buffer.alloc(headerLength);
    header.set([0x05, 0x04, this.#flags, 0xff]);
    header.writeUInt16BE(extra, 4);
    header.writeUInt16BE(turn, 6);
    header.writeBigUInt64BE(this.#sequence, 8);
    return header;
  }

  #mac(fragment: Fragment, confounder: Uint8Array, stub: Uint8Array, tail: Uint8Array): Buffer {
    if (!this.#headerSigning) return this.#keys.mac(confounder, stub, tail);
    const { bytes, stubStart, stubEnd } = fragment;
    const before = bytes.subarray(0, stubStart);
    return this.#keys.mac(confounder, before, stub, bytes.subarray(stubEnd, stubEnd + verifierLength), tail);
  }
}

function turnLeft(bytes: Buffer, by: number): Buffer {
  return Buffer.concat([bytes.subarray(by), bytes.subarray(0, by)]);
}
