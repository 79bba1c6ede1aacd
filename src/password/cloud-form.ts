import { pbkdf2, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import type { NtHash } from './nt-hash.ts';

const iterations = 1000;
const saltLength = 10;
const keyLength = 32;

/** What the tenant takes in place of a hash. A secret still: shown to the request that sends it, and to nothing else. */
export class CloudForm {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** `CredentialData` of the sync API: `v1;PPH1_MD4,<salt>,1000,<key>;`, 103 characters. */
  get credentialData(): string {
    return this.#text;
  }

  toJSON(): string {
    return '[credential]';
  }

  toString(): string {
    return '[credential]';
  }

  [inspect.custom](): string {
    return '[credential]';
  }
}

/**
 * The hash as the tenant takes it: PBKDF2 (HMAC-SHA-256, 1000 rounds, 10 bytes of fresh salt) over its upper-case hex
 * text in UTF-16LE. The rounds run in the thread pool. `salt` is for tests: a sent one is always random.
 */
export async function toCloudForm(hash: NtHash, salt: Uint8Array = randomBytes(saltLength)): Promise<CloudForm> {
  const password = hash.use(upperHexUtf16);
  try {
    const key = await derive(password, salt);
    const text = `v1;PPH1_MD4,${Buffer.from(salt).toString('hex')},${iterations},${key.toString('hex')};`;
    key.fill(0);
    return new CloudForm(text);
  } finally {
    password.fill(0);
  }
}

/** Written digit by digit: a string could not be wiped. */
function upperHexUtf16(bytes: Uint8Array): Buffer {
  const text = Buffer.alloc(4 * bytes.length);
  bytes.forEach((byte, i) => {
    text[4 * i] = digit(byte >> 4);
    text[4 * i + 2] = digit(byte & 15);
  });
  return text;
}

function digit(nibble: number): number {
  return nibble < 10 ? 0x30 + nibble : 0x37 + nibble;
}

function derive(password: Uint8Array, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    pbkdf2(password, salt, iterations, keyLength, 'sha256', (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
