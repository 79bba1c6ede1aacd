import { createHmac, timingSafeEqual } from 'node:crypto';
import { Rc4 } from '../crypto/rc4.ts';
import { FragmentNotAuthenticError, FragmentReplayedError, MalformedAnswerError } from '../errors.ts';
import { verifierLength } from '../rpc/pdu.ts';
import type { Fragment } from '../rpc/security.ts';
import { directionKeys } from './authenticate.ts';

export const tokenLength = 16;

/** Seals, or unseals, one direction of a connection ([MS-NLMP] 3.4.4.2 over [MS-RPCE] 2.2.2.11). Counts its fragments. */
export class NtlmSealing {
  readonly #signing: Buffer;
  readonly #cipher: Rc4;
  readonly #exchanged: boolean;
  #sequence = 0;

  constructor(sessionKey: Uint8Array, from: 'client' | 'server', keysExchanged: boolean) {
    const { signing, sealing } = directionKeys(sessionKey, from);
    this.#signing = signing;
    this.#cipher = new Rc4(sealing);
    this.#exchanged = keysExchanged;
    sealing.fill(0);
  }

  seal(fragment: Fragment): Buffer {
    const sum = this.#sum(fragment, this.#sequence);
    this.#cipher.apply(stubOf(fragment));
    if (this.#exchanged) this.#cipher.apply(sum);
    const token = Buffer.alloc(tokenLength);
    token.writeUInt32LE(1);
    token.set(sum, 4);
    token.writeUInt32LE(this.#sequence, 12);
    this.#sequence = (this.#sequence + 1) >>> 0;
    return token;
  }

  unseal(fragment: Fragment, token: Uint8Array, server: string): void {
    if (token.length !== tokenLength) throw new MalformedAnswerError(server, `a seal of ${token.length} bytes`);
    const view = Buffer.from(token);
    const found = view.readUInt32LE(12);
    if (found !== this.#sequence) throw new FragmentReplayedError(server, BigInt(this.#sequence), BigInt(found));
    this.#cipher.apply(stubOf(fragment));
    const sum = this.#sum(fragment, this.#sequence);
    if (this.#exchanged) this.#cipher.apply(sum);
    const right = timingSafeEqual(sum, view.subarray(4, 12)) && view.readUInt32LE() === 1;
    if (!right) throw new FragmentNotAuthenticError(server, 'its checksum (MIC) is wrong');
    this.#sequence = (this.#sequence + 1) >>> 0;
  }

  wipe(): void {
    this.#signing.fill(0);
    this.#cipher.wipe();
  }

  /** Over the whole packet with its stub in clear, up to and with the verifier's head. */
  #sum({ bytes, stubEnd }: Fragment, sequence: number): Buffer {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(sequence);
    const signed = bytes.subarray(0, stubEnd + verifierLength);
    return createHmac('md5', this.#signing).update(number).update(signed).digest().subarray(0, 8);
  }
}

function stubOf({ bytes, stubStart, stubEnd }: Fragment): Buffer {
  return bytes.subarray(stubStart, stubEnd);
}
