import { describe, expect, it } from 'vitest';
import { md4 } from './md4.ts';
import { isPassword, isPasswordForm } from './passwords.ts';

describe('MD4', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ])('of "%s" is that of its specification', (text, digest) => {
    expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
  });
});

const form = (salt: string, key: string): string => `v1;PPH1_MD4,${salt},1000,${key};`;

describe('a synced password', () => {
  it.each([
    ['Pa$$w0rd', '181a3024085fcee2f70e', 'b39525c3bc72a1136fcf7c8a338e0c14313d0450d1a4c98ef0a6ddada3bc5b0a'],
    ['', '01cda06eceb9d9bc2621', '9d4fc778add44776555d3fa6ccb4f9637f25e34a62dbc5fa0f782ef8c762c902'],
    ['Pa$$w0rd', '317ee9d1dec6508fa510', '7eaea8e1628dffee62cf319f4e1fc05254da30a1d42ff755ff352f5b13497531'],
    ['Pässwörd€😀', '00000000000000000000', '38e7998e57a2dd71ac6cbba724481996d94cd59dbef303d2de257116fcdfd814'],
    ['Tr0ub4dor&3', 'ffffffffffffffffffff', '84b9d86cb76143a588f068fb141325408b9329ba84537db51b8c36b0f17dbd00'],
    ['  lead and trail  ', 'f0e1d2c3b4a596877869', 'a3be38a59c211d7c655d3d20fe0b0b1cfe3858b6cd130ec0ac4ab95d0b304768'],
  ])('"%s" is known by its published form, and no other is', (password, salt, key) => {
    expect(isPassword(form(salt, key), password)).toBe(true);
    expect(isPassword(form(salt, key), `${password}x`)).toBe(false);
  });

  it.each([
    ['lower-case hex', 'b93edc560d11e8d19d700ae2a5ba0aff4636b8112f90572fe57867c382fe52c4'],
    ['the raw bytes of the hash', 'caa01fa4437555d09d4453edc5a698dc39891496b7b476f1734101560d822c2f'],
    ['hex in ASCII', '6d7d6947f7616c38b590df5b732bd81a514b9728380b770c2afe9b87d262a8ed'],
  ])('made by mistake from %s is of no use', (_mistake, key) => {
    expect(isPassword(form('a42b92067e4b8123101a', key), 'Pa$$w0rd')).toBe(false);
  });

  it.each([
    '',
    'x',
    'v1;PPH1_MD4,00,1000,00;',
    form('g'.repeat(20), 'a'.repeat(64)),
    form('a'.repeat(20), 'a'.repeat(63)),
  ])('of the form "%s" is none', (text) => {
    expect(isPasswordForm(text)).toBe(false);
    expect(isPassword(text, 'x')).toBe(false);
  });
});
