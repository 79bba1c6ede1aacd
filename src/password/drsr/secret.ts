import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { desDecrypt } from '../crypto/des.ts';
import { rc4 } from '../crypto/rc4.ts';
import { SecretDamagedError } from '../errors.ts';

const saltLength = 16;
const crcLength = 4;
const hashLength = 16;

/**
 * Takes the two wrappings off a replicated secret of hashes ([MS-DRSR] 4.1.10.6.19 to .21): the one by the session key,
 * proven by a CRC, and the one by the account's RID. `unicodePwd` holds one hash, `ntPwdHistory` several.
 */
export function decryptHashes(blob: Uint8Array, sessionKey: Uint8Array, rid: number, object: string): Buffer[] {
  const length = blob.length - saltLength - crcLength;
  if (length < 0 || length % hashLength !== 0) {
    throw new SecretDamagedError(object, `its length of ${blob.length} bytes is not that of a secret`);
  }
  const key = createHash('md5').update(sessionKey).update(blob.subarray(0, saltLength)).digest();
  const clear = rc4(key, blob.subarray(saltLength));
  key.fill(0);
  try {
    const wrapped = clear.subarray(crcLength);
    if (crc32(wrapped) !== clear.readUInt32LE()) throw new SecretDamagedError(object, 'its checksum (CRC) is wrong');
    const keys = ridKeys(rid);
    const hashes = Buffer.alloc(length);
    for (let at = 0; at < length; at += 8) {
      const half = desDecrypt(at % hashLength === 0 ? keys[0] : keys[1], wrapped.subarray(at, at + 8));
      hashes.set(half, at);
      half.fill(0);
    }
    return Array.from({ length: length / hashLength }, (_, i) => hashes.subarray(hashLength * i, hashLength * (i + 1)));
  } finally {
    clear.fill(0);
  }
}

/** The keys of the two halves of a hash: the RID's bytes over and over, 14 of them. */
function ridKeys(rid: number): readonly [Uint8Array, Uint8Array] {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(rid);
  const around = Buffer.alloc(14, bytes);
  return [around.subarray(0, 7), around.subarray(7)];
}
