import { X509Certificate } from 'node:crypto';
import { type Credential, federatedIdentities } from './applications.ts';
import { isSignedBy, type Jwt, parseJwt } from './jwt.ts';
import { SignInRefusal } from './refusals.ts';

/**
 * Checks a client assertion: a JWT signed with the application's certificate, which its header names by thumbprint
 * (`x5t` SHA-1, `x5t#S256` SHA-256), or the token of another identity provider that the application trusts. `now` is the world's time, since the client's clock made it.
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
  if (jwt.claims['iss'] !== clientId && jwt.header['x5t'] === undefined && jwt.header['x5t#S256'] === undefined) {
    checkFederated(jwt, credentials, now);
    return;
  }
  const certificate = credentials
    .filter(({ type }) => type === 'certificate')
    .map(({ value }) => new X509Certificate(value))
    .find((one) => names(jwt.header, one));
  if (certificate === undefined) throw new SignInRefusal('assertionKeyUnknown');
  if (!isSignedBy(jwt, certificate.publicKey)) throw new SignInRefusal('assertionSignature');
  requireInTime(jwt, now);
  const { aud, iss, sub } = jwt.claims;
  if (certificate.validToDate < now || certificate.validFromDate > now) throw new SignInRefusal('assertionTime');
  if (typeof aud !== 'string' || !audiences.includes(aud)) throw new SignInRefusal('assertionAudience');
  if (iss !== clientId || sub !== clientId) throw new SignInRefusal('assertionSubject');
}

function requireInTime({ claims: { exp, nbf } }: Jwt, now: Date): void {
  const seconds = now.getTime() / 1000;
  const tolerance = 300;
  if (typeof exp !== 'number' || exp + tolerance < seconds) throw new SignInRefusal('assertionTime');
  if (typeof nbf === 'number' && nbf - tolerance > seconds) throw new SignInRefusal('assertionTime');
}

/** By issuer, subject and audience to the letter, in this order, as the refusals tell. */
function checkFederated(jwt: Jwt, credentials: readonly Credential[], now: Date): void {
  const { iss, sub, aud } = jwt.claims;
  const ofIssuer = federatedIdentities(credentials).filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw new SignInRefusal('federatedIssuer', String(iss));
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) throw new SignInRefusal('federatedSubject', String(sub));
  const identity = ofSubject.find(({ audience }) => (Array.isArray(aud) ? aud.includes(audience) : aud === audience));
  if (identity === undefined) throw new SignInRefusal('federatedAudience', String(aud));
  if (!isSignedBy(jwt, identity.publicKey)) throw new SignInRefusal('assertionSignature');
  requireInTime(jwt, now);
}

function names(header: Readonly<Record<string, unknown>>, certificate: X509Certificate): boolean {
  const sha256 = header['x5t#S256'];
  const sha1 = header['x5t'];
  const matches = (named: string, fingerprint: string): boolean =>
    Buffer.from(named, 'base64url').equals(Buffer.from(fingerprint.replaceAll(':', ''), 'hex'));
  if (typeof sha256 === 'string') return matches(sha256, certificate.fingerprint256);
  return typeof sha1 === 'string' && matches(sha1, certificate.fingerprint);
}
