import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decryptHashes } from '../drsr/secret.ts';
import { SecretDamagedError } from '../errors.ts';
import vectors from '../vectors/replication.json' with { type: 'json' };
import { desDecrypt } from './des.ts';
import { md4 } from './md4.ts';
import { Rc4, rc4 } from './rc4.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

// RFC 1320, appendix A.5
test.each([
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
  ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
])('MD4 of "%s"', (text, digest) => {
  expect(md4(Buffer.from(text, 'ascii')).toString('hex')).toBe(digest);
});

// RFC 6229 gives the first bytes of the key stream
test.each([
  ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8'],
  ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97'],
])('RC4 with key %s', (key, stream) => {
  expect(rc4(hex(key), Buffer.alloc(16)).toString('hex')).toBe(stream);
});

test('RC4 of "Plaintext" with "Key"', () => {
  expect(rc4(Buffer.from('Key'), Buffer.from('Plaintext')).toString('hex')).toBe('bbf316e8d940af0ad3');
});

test('RC4 goes on where it was, however the stream is cut', () => {
  const whole = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(whole, fc.uint8Array({ minLength: 1, maxLength: 32 }), fc.nat(300), (bytes, key, cut) => {
      const pieces = [Buffer.from(bytes.subarray(0, cut)), Buffer.from(bytes.subarray(cut))];
      const cipher = new Rc4(key);
      for (const piece of pieces) cipher.apply(piece);
      expect(Buffer.concat(pieces)).toEqual(rc4(key, bytes));
    }),
  );
});

// FIPS 81, and the weak key under which a block of zeros stays known
test.each([
  ['0123456789abcdef', '3fa40e8a984d4815', '4e6f772069732074'],
  ['0000000000000000', '8ca64de9c1b123a7', '0000000000000000'],
])('DES with key %s', (key, sealed, clear) => {
  expect(desDecrypt(withoutParity(hex(key)), hex(sealed)).toString('hex')).toBe(clear);
});

/** The 56 bits that count, as 7 bytes. */
function withoutParity(key: Buffer): Buffer {
  const bits = [...key].map((byte) => (byte >> 1).toString(2).padStart(7, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}

test('the CRC is that of IEEE', () => {
  expect(crc32('123456789').toString(16)).toBe('cbf43926');
});

test.each(vectors.secrets)('a replicated secret of RID $rid opens', ({ blob, sessionKey, rid, hashes }) => {
  const found = decryptHashes(hex(blob), hex(sessionKey), rid, 'CN=Anna');
  expect(found.map((hash) => hash.toString('hex'))).toEqual(hashes);
});

test('a secret of another session, a damaged or a cut one is said to be so, by the account and without a byte of it', () => {
  const [{ blob, sessionKey, rid } = { blob: '', sessionKey: '', rid: 0 }] = vectors.secrets;
  const damaged = (at: number): Buffer => {
    const bytes = hex(blob);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
  const other = Buffer.alloc(16, 1);
  const open = [
    () => decryptHashes(hex(blob), other, rid, 'CN=Anna'),
    ...Array.from(hex(blob), (_, i) => () => decryptHashes(damaged(i), hex(sessionKey), rid, 'CN=Anna')),
    ...Array.from(hex(blob), (_, i) => () => decryptHashes(hex(blob).subarray(0, i), hex(sessionKey), rid, 'CN=Anna')),
  ];
  for (const attempt of open) {
    expect(attempt).toThrow(SecretDamagedError);
    expect(attempt).toThrow(/CN=Anna/);
    expect(attempt).not.toThrow(/[0-9a-f]{16}/);
  }
});
