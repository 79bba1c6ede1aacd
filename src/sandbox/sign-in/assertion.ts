import { X509Certificate } from 'node:crypto';
import type { Credential } from './applications.ts';
import { isSignedBy, parseJwt } from './jwt.ts';
import { SignInRefusal } from './refusals.ts';

/**
 * Checks a client assertion: a JWT signed with the application's certificate, which its header names by thumbprint
 * (`x5t` SHA-1, `x5t#S256` SHA-256). `now` is the world's time, since the client's clock made it.
 */
export function checkAssertion(
  text: string,
  clientId: string,
  audiences: readonly string[],
  credentials: readonly Credential[],
  now: Date,
): void {
  const jwt = parseJwt(text);
  if (jwt === undefined) throw new SignInRefusal('assertionMalformed');
  const certificate = credentials
    .filter(({ type }) => type === 'certificate')
    .map(({ value }) => new X509Certificate(value))
    .find((one) => names(jwt.header, one));
  if (certificate === undefined) throw new SignInRefusal('assertionKeyUnknown');
  if (!isSignedBy(jwt, certificate.publicKey)) throw new SignInRefusal('assertionSignature');
  const seconds = now.getTime() / 1000;
  const { exp, nbf, aud, iss, sub } = jwt.claims;
  const tolerance = 300;
  if (typeof exp !== 'number' || exp + tolerance < seconds) throw new SignInRefusal('assertionTime');
  if (typeof nbf === 'number' && nbf - tolerance > seconds) throw new SignInRefusal('assertionTime');
  if (certificate.validToDate < now || certificate.validFromDate > now) throw new SignInRefusal('assertionTime');
  if (typeof aud !== 'string' || !audiences.includes(aud)) throw new SignInRefusal('assertionAudience');
  if (iss !== clientId || sub !== clientId) throw new SignInRefusal('assertionSubject');
}

function names(header: Readonly<Record<string, unknown>>, certificate: X509Certificate): boolean {
  const sha256 = header['x5t#S256'];
  const sha1 = header['x5t'];
  const matches = (named: string, fingerprint: string): boolean =>
    Buffer.from(named, 'base64url').equals(Buffer.from(fingerprint.replaceAll(':', ''), 'hex'));
  if (typeof sha256 === 'string') return matches(sha256, certificate.fingerprint256);
  return typeof sha1 === 'string' && matches(sha1, certificate.fingerprint);
}
