import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { NodeAuthOptions } from '@azure/msal-node';
import forge from 'node-forge';
import type { TenantCredential } from './access.ts';
import { CredentialUnusableError } from './sign-in-errors.ts';

/** What MSAL signs the application in with, and what may be said of it. */
export interface SigningMaterial {
  readonly auth: Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate' | 'clientAssertion'>;
  /** SHA-256 thumbprint of the certificate, hex. */
  readonly thumbprint: string | undefined;
  /** What must never be shown. */
  readonly secrets: readonly string[];
}

/** Reads the credential's secret and makes of it what MSAL takes; throws `CredentialUnusableError`. */
export function signingMaterial(credential: TenantCredential, now: Date): SigningMaterial {
  const { clientId } = credential;
  switch (credential.kind) {
    case 'secret': {
      const clientSecret = credential.secret();
      if (clientSecret.trim() === '') throw new CredentialUnusableError(clientId, 'the client secret is empty');
      return { auth: { clientSecret }, thumbprint: undefined, secrets: [clientSecret] };
    }
    case 'certificate':
      return fromPem(clientId, credential.pem(), credential.passphrase?.(), now);
    case 'pfx':
      return fromPem(clientId, pfxToPem(clientId, credential.pfx(), credential.passphrase?.()), undefined, now);
    case 'workloadIdentity':
      return {
        // Asked for with each sign-in: the platform renews the file.
        auth: { clientAssertion: async () => readToken(clientId, credential.tokenFile) },
        thumbprint: undefined,
        secrets: [],
      };
    default:
      return credential satisfies never;
  }
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const keyBlock = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]+?-----END \1PRIVATE KEY-----/;

function fromPem(clientId: string, pem: string, passphrase: string | undefined, now: Date): SigningMaterial {
  const unusable = (reason: string): CredentialUnusableError => new CredentialUnusableError(clientId, reason);
  const [first, ...chain] = pem.match(certificateBlock) ?? [];
  if (first === undefined) throw unusable('it holds no certificate');
  const key = pem.match(keyBlock)?.[0];
  if (key === undefined) throw unusable('it holds no private key');
  const encrypted = key.includes('ENCRYPTED');
  if (encrypted && passphrase === undefined)
    throw unusable('its private key is encrypted and no passphrase is configured');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(first);
  } catch {
    throw unusable('its certificate cannot be read');
  }
  let privateKey: string;
  try {
    const parsed = createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
    if (!certificate.checkPrivateKey(parsed)) throw unusable('its private key does not belong to its certificate');
    privateKey = parsed.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch (error) {
    if (error instanceof CredentialUnusableError) throw error;
    throw unusable(encrypted ? 'the passphrase does not open its private key' : 'its private key cannot be read');
  }
  if (certificate.validToDate < now)
    throw unusable(`its certificate expired on ${certificate.validToDate.toISOString()}`);
  if (certificate.validFromDate > now)
    throw unusable(`its certificate is valid only from ${certificate.validFromDate.toISOString()}`);
  const thumbprint = certificate.fingerprint256.replaceAll(':', '');
  return {
    auth: { clientCertificate: { thumbprintSha256: thumbprint, privateKey, x5c: [first, ...chain].join('\n') } },
    thumbprint,
    secrets: [privateKey, key, ...(passphrase === undefined ? [] : [passphrase])],
  };
}

/** Node opens a PFX for TLS only; its key and certificates are needed as they are. */
function pfxToPem(clientId: string, pfx: Uint8Array, passphrase: string | undefined): string {
  try {
    const der = forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(pfx).toString('binary')));
    const store = forge.pkcs12.pkcs12FromAsn1(der, passphrase ?? '');
    const bags = (type: string | undefined): forge.pkcs12.Bag[] =>
      type === undefined ? [] : (store.getBags({ bagType: type })[type] ?? []);
    const { certBag, pkcs8ShroudedKeyBag, keyBag } = forge.pki.oids;
    const [key] = [...bags(pkcs8ShroudedKeyBag), ...bags(keyBag)].flatMap((bag) => (bag.key == null ? [] : [bag.key]));
    if (key === undefined) throw new CredentialUnusableError(clientId, 'the PFX holds no RSA private key');
    const certificates = bags(certBag).flatMap(({ cert }) => (cert === undefined ? [] : [cert]));
    const publicKey = forge.pki.publicKeyToPem(forge.pki.setRsaPublicKey(key.n, key.e));
    const own = certificates.findIndex((cert) => forge.pki.publicKeyToPem(cert.publicKey) === publicKey);
    const ordered = own < 0 ? certificates : [...certificates.splice(own, 1), ...certificates];
    return [forge.pki.privateKeyToPem(key), ...ordered.map((cert) => forge.pki.certificateToPem(cert))].join('\n');
  } catch (error) {
    if (error instanceof CredentialUnusableError) throw error;
    throw new CredentialUnusableError(clientId, 'the PFX cannot be opened: it is damaged or its passphrase is another');
  }
}

function readToken(clientId: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new CredentialUnusableError(clientId, `the token file ${file} cannot be read`);
  }
}
