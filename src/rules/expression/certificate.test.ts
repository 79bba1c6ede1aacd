import { createHash, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCertificate, showName } from './certificate.ts';
import { readDer } from './der.ts';
import { compileExpression } from './index.ts';
import { sha1 } from './sha1.ts';

/** Node's own reading of the certificates it ships is the reference. */
const certificates = rootCertificates.map((pem) => new X509Certificate(pem));

const evaluate = (text: string, certificate: Uint8Array): unknown => {
  const outcome = compileExpression(text, 'connect').evaluate({
    attribute: () => certificate,
    imported: () => null,
    parameter: () => undefined,
    taken: () => false,
    now: () => new Date(0),
    random: () => 0,
  });
  return outcome.kind === 'value' ? outcome.value : outcome;
};

test('reads every root certificate Node ships as Node does', () => {
  expect(certificates.length).toBeGreaterThan(50);
  for (const certificate of certificates) {
    const raw = certificate.raw;
    expect(evaluate('CertThumbprint([c])', raw)).toBe(certificate.fingerprint.replaceAll(':', ''));
    expect(evaluate('CertSerialNumber([c])', raw)).toBe(certificate.serialNumber.padStart(2, '0'));
    expect(evaluate('CertNotAfter([c])', raw)).toHaveProperty('date', certificate.validToDate);
    expect(evaluate('CertNotBefore([c])', raw)).toHaveProperty('date', certificate.validFromDate);
    expect(evaluate('IsCert([c])', raw)).toBe(true);
    expect(evaluate('CertSubject([c]) = CertIssuer([c])', raw)).toBe(certificate.subject === certificate.issuer);
    const names = certificate.toLegacyObject().subject;
    const simple = names.CN ?? names.OU ?? names.O;
    expect(evaluate('CertNameInfo([c], SimpleName, False)', raw)).toBe(Array.isArray(simple) ? simple.at(-1) : simple);
  }
});

test('shows names as .NET does', () => {
  expect(
    showName([
      [{ oid: '2.5.4.6', text: 'DE' }],
      [{ oid: '2.5.4.10', text: 'Müller, Söhne' }],
      [
        { oid: '2.5.4.3', text: 'say "hi"' },
        { oid: '1.2.3', text: 'x' },
      ],
    ]),
  ).toBe('CN="say ""hi""" + OID.1.2.3=x, O="Müller, Söhne", C=DE');
});

test('bytes that are no certificate are none, however they are broken', () => {
  const [first] = certificates;
  if (first === undefined) throw new Error('no certificate');
  const raw = first.raw;
  for (let length = 0; length < raw.length; length += 1)
    expect(readCertificate(raw.subarray(0, length))).toBeUndefined();
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(raw.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), (changes) => {
      const broken = Uint8Array.from(raw);
      for (const [at, byte] of changes) broken[at] = byte;
      expect(() => readCertificate(broken)).not.toThrow();
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(() => readDer(bytes)).not.toThrow();
    }),
  );
});

test('computes SHA-1', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(createHash('sha1').update(bytes).digest('hex'));
    }),
  );
});
