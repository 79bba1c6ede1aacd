import { expect, it } from 'vitest';
import { addressesOf } from './addresses.ts';

it.each([
  ['nothing', {}, undefined, []],
  ['mail alone', { mail: 'a@b.c' }, 'a@b.c', ['SMTP:a@b.c']],
  ['a primary address alone', { proxyAddresses: ['smtp:x@b.c', 'SMTP:a@b.c'] }, 'a@b.c', ['smtp:x@b.c', 'SMTP:a@b.c']],
  ['mail that is a secondary address', { mail: 'a@b.c', proxyAddresses: ['smtp:A@B.C'] }, 'a@b.c', ['SMTP:a@b.c']],
  ['mail beside another primary address', { mail: 'm@b.c', proxyAddresses: ['SMTP:a@b.c'] }, 'm@b.c', ['SMTP:a@b.c']],
  ['a contact’s target', { targetAddress: 'SMTP:t@x.y' }, 't@x.y', ['SMTP:t@x.y']],
  ['addresses of other kinds', { proxyAddresses: ['X500:/o=x'] }, undefined, ['X500:/o=x']],
])('makes of %s what mail goes by', (_name, given, mail, proxyAddresses) => {
  expect(addressesOf(given)).toEqual({ mail, proxyAddresses });
});
