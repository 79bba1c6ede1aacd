import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

/** A certificate and its key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface IdentityOptions {
  readonly commonName: string;
  /** Addresses and names it is for. */
  readonly addresses?: readonly string[];
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Who signs it; itself when left out. */
  readonly authority?: Identity;
}

const day = 86_400_000;

/** Makes a certificate for a test: an authority, a server's below it, or an application's own. */
export function makeIdentity({
  commonName,
  addresses = [],
  names = [],
  notBefore = new Date(Date.now() - day),
  notAfter = new Date(Date.now() + day),
  authority,
}: IdentityOptions): Identity {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const own = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e);
  certificate.serialNumber = `00${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore = notBefore;
  certificate.validity.notAfter = notAfter;
  const subject = [{ name: 'commonName', value: commonName }];
  certificate.setSubject(subject);
  const signer = authority === undefined ? undefined : forge.pki.certificateFromPem(authority.certificate);
  certificate.setIssuer(signer?.subject.attributes ?? subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: authority === undefined, critical: true },
    ...(addresses.length + names.length === 0
      ? []
      : [
          {
            name: 'subjectAltName',
            altNames: [...addresses.map((ip) => ({ type: 7, ip })), ...names.map((value) => ({ type: 2, value }))],
          },
        ]),
  ]);
  certificate.sign(
    authority === undefined ? own : forge.pki.privateKeyFromPem(authority.key),
    forge.md.sha256.create(),
  );
  return { certificate: forge.pki.certificateToPem(certificate), key };
}
