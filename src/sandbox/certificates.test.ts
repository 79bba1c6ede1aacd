import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Identity, isSignedBy, newAuthority, newServerIdentity, stillGood } from './certificates.ts';

const now = new Date('2026-05-01T00:00:00Z');
const names = ['localhost', '127.0.0.1', '::1', 'tenant.contoso.test'];
const inDays = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
let authority: Identity;
let server: Identity;

beforeAll(async () => {
  authority = await newAuthority(now);
  server = await newServerIdentity(authority, names, now);
});

describe('the authority', () => {
  test('signs what it made and nothing else', async () => {
    const other = await newAuthority(now);
    expect(isSignedBy(server, authority)).toBe(true);
    expect(isSignedBy(server, other)).toBe(false);
    expect(new X509Certificate(server.certificate).checkIssued(new X509Certificate(authority.certificate))).toBe(true);
    expect(new X509Certificate(authority.certificate).ca).toBe(true);
    expect(new X509Certificate(server.certificate).ca).toBe(false);
  });
});

describe("the server's certificate", () => {
  test('stands for each of its names and no other', () => {
    expect(stillGood(server.certificate, names, now)).toBe(true);
    for (const name of ['contoso.test', '127.0.0.2', 'x.localhost']) {
      expect(stillGood(server.certificate, [name], now)).toBe(false);
    }
  });

  test('is renewed a month before it ends', () => {
    expect(stillGood(server.certificate, names, inDays(360))).toBe(true);
    expect(stillGood(server.certificate, names, inDays(370))).toBe(false);
  });

  test('does not outlive its authority', async () => {
    const late = inDays(3_600);
    const made = new X509Certificate((await newServerIdentity(authority, names, late)).certificate);
    expect(made.validToDate.getTime()).toBeLessThanOrEqual(
      new X509Certificate(authority.certificate).validToDate.getTime(),
    );
  });
});
