import { generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** A certificate and its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

const day = 86_400_000;
const authorityLives = 3_650 * day;
/** Apple's and Mozilla's clients take no longer-lived server certificate. */
const serverLives = 397 * day;
const renewsBefore = 30 * day;

const newKey = promisify(generateKeyPair);

async function keyPem(): Promise<string> {
  const { privateKey } = await newKey('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function blank(key: string, now: Date, life: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  const privateKey = forge.pki.privateKeyFromPem(key);
  certificate.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  // Positive, and no shorter than it looks: strict readers of DER take no leading zero that is not needed.
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`;
  // Clocks of clients may be a little behind.
  certificate.validity.notBefore = new Date(now.getTime() - day);
  certificate.validity.notAfter = new Date(now.getTime() + life);
  return certificate;
}

/** The sandbox's own authority: what clients are told to trust, and nothing else does. */
export async function newAuthority(now: Date): Promise<Identity> {
  const key = await keyPem();
  const certificate = blank(key, now, authorityLives);
  const subject = [{ name: 'commonName', value: `CloudSync sandbox ${randomBytes(4).toString('hex')}` }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key };
}

/** A server certificate for `names`, host names and addresses alike. */
export async function newServerIdentity(
  authority: Identity,
  names: readonly string[],
  now: Date,
  life = serverLives,
): Promise<Identity> {
  const key = await keyPem();
  const issuer = forge.pki.certificateFromPem(authority.certificate);
  const certificate = blank(key, now, Math.min(life, issuer.validity.notAfter.getTime() - now.getTime()));
  certificate.setSubject([{ name: 'commonName', value: names[0] ?? 'localhost' }]);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
    },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(authority.key), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key };
}

/** Does the certificate stand for all of `names`, and for a good while yet? */
export function stillGood(certificate: string, names: readonly string[], now: Date): boolean {
  const parsed = new X509Certificate(certificate);
  if (parsed.validToDate.getTime() - now.getTime() < renewsBefore) return false;
  return names.every((name) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined);
}

export function isSignedBy(identity: Identity, authority: Identity): boolean {
  const certificate = new X509Certificate(identity.certificate);
  return certificate.verify(new X509Certificate(authority.certificate).publicKey);
}
