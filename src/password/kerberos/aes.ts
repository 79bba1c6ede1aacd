import { createCipheriv, createDecipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';

/** aes256-cts-hmac-sha1-96 (RFC 3962), the one encryption type spoken here; its keyed checksum. */
export const aes256 = 18;
export const aes256Checksum = 16;

export const keyLength = 32;
const block = 16;
const macLength = 12;
const zeroIv = Buffer.alloc(block);

/** The key of a password: PBKDF2 (4096 rounds unless the KDC says otherwise), then the derivation all keys go through. */
export async function stringToKey(password: string, salt: string, rounds: number, length = keyLength): Promise<Buffer> {
  const text = Buffer.from(password, 'utf8');
  const raw = await new Promise<Buffer>((resolve, reject) => {
    pbkdf2(text, Buffer.from(salt, 'utf8'), rounds, length, 'sha1', (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
  text.fill(0);
  const key = deriveKey(raw, Buffer.from('kerberos', 'ascii'));
  raw.fill(0);
  return key;
}

/** DK of RFC 3961 5.1 */
export function deriveKey(key: Uint8Array, constant: Uint8Array): Buffer {
  const derived = Buffer.alloc(key.length);
  let state = nFold(constant, block);
  for (let at = 0; at < key.length; at += block) {
    state = cbcEncrypt(key, state);
    state.copy(derived, at);
  }
  return derived;
}

/** Stretches or folds to `size` octets (RFC 3961 5.1): copies, each turned 13 bits further, added in ones' complement. */
export function nFold(input: Uint8Array, size: number): Buffer {
  const length = input.length;
  const total = leastCommonMultiple(length, size);
  const sum = new Array<number>(size).fill(0);
  for (let at = 0; at < total; at += 1) {
    const turn = 13 * Math.floor(at / length);
    // The octet of the copy that was turned right: bits that stand `turn` to the left of it in the input.
    const bit = (((8 * (at % length) - turn) % (8 * length)) + 8 * length) % (8 * length);
    const pair = ((input[bit >> 3] ?? 0) << 8) | (input[((bit >> 3) + 1) % length] ?? 0);
    sum[at % size] = (sum[at % size] ?? 0) + ((pair >> (8 - (bit & 7))) & 255);
  }
  let carry = 0;
  do {
    for (let i = size - 1; i >= 0; i -= 1) {
      const value = (sum[i] ?? 0) + carry;
      sum[i] = value & 255;
      carry = value >> 8;
    }
  } while (carry !== 0);
  return Buffer.from(sum);
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** The keys of one use: encryption and integrity, each derived from the base key and the use's number. */
export class UsageKeys {
  readonly #encryption: Buffer;
  readonly #integrity: Buffer;

  constructor(key: Uint8Array, usage: number) {
    this.#encryption = deriveKey(key, usageConstant(usage, 0xaa));
    this.#integrity = deriveKey(key, usageConstant(usage, 0x55));
  }

  encryptBytes(clear: Uint8Array): Buffer {
    return ctsEncrypt(this.#encryption, clear);
  }

  decryptBytes(cipher: Uint8Array): Buffer {
    return ctsDecrypt(this.#encryption, cipher);
  }

  mac(...parts: readonly Uint8Array[]): Buffer {
    const sum = createHmac('sha1', this.#integrity);
    for (const part of parts) sum.update(part);
    return sum.digest().subarray(0, macLength);
  }

  /** Confounder, clear text and its checksum as one (RFC 3961 5.3). */
  encrypt(clear: Uint8Array, confounder: Uint8Array): Buffer {
    const text = Buffer.concat([confounder, clear]);
    const sealed = Buffer.concat([this.encryptBytes(text), this.mac(text)]);
    text.fill(0);
    return sealed;
  }

  /** `undefined` where the checksum is wrong. */
  decrypt(sealed: Uint8Array): Buffer | undefined {
    if (sealed.length < block + macLength) return undefined;
    const text = this.decryptBytes(sealed.subarray(0, sealed.length - macLength));
    const right = timingSafeEqual(this.mac(text), sealed.subarray(sealed.length - macLength));
    return right ? text.subarray(block) : undefined;
  }

  wipe(): void {
    this.#encryption.fill(0);
    this.#integrity.fill(0);
  }
}

/** A checksum alone, by the key of its own (RFC 3961 5.4). */
export function checksum(key: Uint8Array, usage: number, data: Uint8Array): Buffer {
  const own = deriveKey(key, usageConstant(usage, 0x99));
  const sum = createHmac('sha1', own).update(data).digest().subarray(0, macLength);
  own.fill(0);
  return sum;
}

function usageConstant(usage: number, kind: number): Buffer {
  const constant = Buffer.alloc(5);
  constant.writeUInt32BE(usage);
  constant[4] = kind;
  return constant;
}

function cipherName(key: Uint8Array): string {
  return `aes-${8 * key.length}-cbc`;
}

function cbcEncrypt(key: Uint8Array, clear: Uint8Array): Buffer {
  const cipher = createCipheriv(cipherName(key), key, zeroIv);
  cipher.setAutoPadding(false);
  return cipher.update(clear);
}

function cbcDecrypt(key: Uint8Array, sealed: Uint8Array): Buffer {
  const cipher = createDecipheriv(cipherName(key), key, zeroIv);
  cipher.setAutoPadding(false);
  return cipher.update(sealed);
}

/** CBC with ciphertext stealing, the last two blocks always swapped (RFC 3962 5). At least one block. */
export function ctsEncrypt(key: Uint8Array, clear: Uint8Array): Buffer {
  const over = clear.length % block;
  const padded = over === 0 ? clear : Buffer.concat([clear, Buffer.alloc(block - over)]);
  const sealed = cbcEncrypt(key, padded);
  if (sealed.length === block) return sealed;
  const last = sealed.length - block;
  const before = last - block;
  return Buffer.concat([sealed.subarray(0, before), sealed.subarray(last), sealed.subarray(before, last)]).subarray(
    0,
    clear.length,
  );
}

export function ctsDecrypt(key: Uint8Array, sealed: Uint8Array): Buffer {
  const short = sealed.length % block || block;
  const start = sealed.length - short - block;
  if (start < 0) return cbcDecrypt(key, sealed);
  const full = sealed.subarray(start, start + block);
  // What the short block lost is inside the full one: it was the padding that the full one was made with.
  const stolen = cbcDecrypt(key, full).subarray(short);
  const chained = Buffer.concat([sealed.subarray(0, start), sealed.subarray(start + block), stolen, full]);
  return cbcDecrypt(key, chained).subarray(0, sealed.length);
}
