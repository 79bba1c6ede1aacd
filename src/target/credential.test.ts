import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { describe, expect, test } from 'vitest';
import { makeIdentity } from '../../test/tls/index.ts';
import { signingMaterial } from './credential.ts';
import { CredentialUnusableError } from './sign-in-errors.ts';

const clientId = '7a1b0c5e-0000-4000-8000-000000000001';
const now = new Date();
const identity = makeIdentity({ commonName: 'cloudsync' });
const other = makeIdentity({ commonName: 'another' });
const thumbprint = new X509Certificate(identity.certificate).fingerprint256.replaceAll(':', '');
const encrypted = createPrivateKey(identity.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
  .toString();

const pem = (text: string, passphrase?: string) =>
  signingMaterial(
    {
      kind: 'certificate',
      clientId,
      pem: () => text,
      ...(passphrase === undefined ? {} : { passphrase: () => passphrase }),
    },
    now,
  );

function pfx(passphrase: string, algorithm: 'aes256' | '3des'): Uint8Array {
  const key = forge.pki.privateKeyFromPem(identity.key);
  // The application's certificate is not the first: it is the one the key belongs to.
  const chain = [other, identity].map(({ certificate }) => forge.pki.certificateFromPem(certificate));
  const der = forge.asn1.toDer(forge.pkcs12.toPkcs12Asn1(key, chain, passphrase, { algorithm })).getBytes();
  return new Uint8Array(Buffer.from(der, 'binary'));
}

test('a certificate is known by its SHA-256 thumbprint, with its key in any order', () => {
  for (const text of [identity.certificate + identity.key, identity.key + identity.certificate]) {
    const { auth, thumbprint: shown } = pem(text);
    expect(shown).toBe(thumbprint);
    expect(auth.clientCertificate).toMatchObject({
      thumbprintSha256: thumbprint,
      privateKey: expect.stringContaining('BEGIN PRIVATE KEY'),
    });
  }
});

test('an encrypted key is opened by its passphrase', () => {
  expect(pem(identity.certificate + encrypted, 'open sesame').thumbprint).toBe(thumbprint);
});

test.each(['aes256', '3des'] as const)('a PFX with %s gives key and certificate', (algorithm) => {
  const bytes = pfx('open sesame', algorithm);
  const material = signingMaterial({ kind: 'pfx', clientId, pfx: () => bytes, passphrase: () => 'open sesame' }, now);
  expect(material.thumbprint).toBe(thumbprint);
  const key = createPrivateKey(material.auth.clientCertificate?.privateKey ?? '');
  expect(key.equals(createPrivateKey(identity.key))).toBe(true);
});

test('a workload identity reads its token anew for each sign-in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-token-'));
  try {
    const tokenFile = join(folder, 'token');
    const { auth } = signingMaterial({ kind: 'workloadIdentity', clientId, tokenFile }, now);
    const assertion = auth.clientAssertion;
    if (typeof assertion !== 'function') throw new Error('no callback');
    const ask = () => assertion({ clientId });
    await expect(ask()).rejects.toThrow(CredentialUnusableError);
    writeFileSync(tokenFile, 'first\n');
    expect(await ask()).toBe('first');
    writeFileSync(tokenFile, 'second\n');
    expect(await ask()).toBe('second');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('a credential that cannot be used says why, and shows nothing of itself', () => {
  const old = makeIdentity({ commonName: 'old', notBefore: new Date(0), notAfter: new Date(86_400_000) });
  const future = makeIdentity({
    commonName: 'future',
    notBefore: new Date(now.getTime() + 86_400_000),
    notAfter: new Date(now.getTime() + 2 * 86_400_000),
  });
  test.each<readonly [string, () => unknown, string]>([
    ['no certificate', () => pem(identity.key), 'it holds no certificate'],
    ['no key', () => pem(identity.certificate), 'it holds no private key'],
    [
      'a damaged certificate',
      () => pem(`-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${identity.key}`),
      'its certificate cannot be read',
    ],
    [
      'a damaged key',
      () => pem(`${identity.certificate}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`),
      'its private key cannot be read',
    ],
    [
      'a key of another certificate',
      () => pem(identity.certificate + other.key),
      'its private key does not belong to its certificate',
    ],
    [
      'no passphrase',
      () => pem(identity.certificate + encrypted),
      'its private key is encrypted and no passphrase is configured',
    ],
    [
      'a wrong passphrase',
      () => pem(identity.certificate + encrypted, 'sesame'),
      'the passphrase does not open its private key',
    ],
    [
      'an expired certificate',
      () => pem(old.certificate + old.key),
      'its certificate expired on 1970-01-02T00:00:00.000Z',
    ],
    ['a certificate of tomorrow', () => pem(future.certificate + future.key), 'its certificate is valid only from'],
    [
      'a damaged PFX',
      () => signingMaterial({ kind: 'pfx', clientId, pfx: () => new Uint8Array(3) }, now),
      'the PFX cannot be opened',
    ],
    [
      'a PFX with another passphrase',
      () =>
        signingMaterial(
          { kind: 'pfx', clientId, pfx: () => pfx('open sesame', 'aes256'), passphrase: () => 'sesame' },
          now,
        ),
      'the PFX cannot be opened',
    ],
    [
      'an empty secret',
      () => signingMaterial({ kind: 'secret', clientId, secret: () => ' ' }, now),
      'the client secret is empty',
    ],
  ])('%s', (_, use, reason) => {
    const error = caught(use);
    expect(error).toBeInstanceOf(CredentialUnusableError);
    const shown = JSON.stringify(error instanceof CredentialUnusableError ? error.report() : error);
    expect(shown).toContain(reason);
    expect(shown).not.toContain('sesame');
    expect(shown).not.toMatch(/BEGIN/);
  });
});

function caught(use: () => unknown): unknown {
  try {
    return use();
  } catch (error) {
    return error;
  }
}
