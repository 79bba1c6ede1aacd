import { createDecipheriv } from 'node:crypto';

/**
 * One block of single DES, decrypted. OpenSSL 3 offers triple DES alone, which with three equal keys is single DES.
 * The key has 7 bytes: DES takes them as 8 with a parity bit each.
 */
export function desDecrypt(key: Uint8Array, block: Uint8Array): Buffer {
  const single = withParity(key);
  const triple = Buffer.concat([single, single, single]);
  const cipher = createDecipheriv('des-ede3-ecb', triple, null);
  cipher.setAutoPadding(false);
  const clear = cipher.update(block);
  single.fill(0);
  triple.fill(0);
  return clear;
}

/** DES looks at the upper seven bits of each byte alone, so the parity bit stays 0. */
function withParity(key: Uint8Array): Buffer {
  const spread = Buffer.alloc(8);
  for (let i = 0; i < 8; i += 1) {
    const left = i === 0 ? 0 : (key[i - 1] ?? 0) << (8 - i);
    const right = (key[i] ?? 0) >> i;
    spread[i] = (left | right) & 0xfe;
  }
  return spread;
}
