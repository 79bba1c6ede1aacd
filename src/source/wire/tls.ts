import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { CertificateNameError, UntrustedCertificateError } from '../errors.ts';

export interface TlsTrust {
  /** PEM of the authority; the system's when left out. */
  readonly ca?: string | undefined;
  /** SHA-256 of the one certificate to accept, hex. */
  readonly fingerprint?: string | undefined;
  readonly serverName?: string | undefined;
  /** The domain whose controllers are spoken to. */
  readonly domain: string;
}

/**
 * Does the certificate belong to the server? By the name connected to, or the one configured. A server written as an
 * address whose authority is named may show any name inside the domain: domain controllers have certificates for their
 * DNS names only.
 */
export function identityProblem(
  server: string,
  host: string,
  certificate: PeerCertificate,
  trust: TlsTrust,
): Error | undefined {
  const expected = trust.serverName ?? host;
  if (checkServerIdentity(expected, certificate) === undefined) return undefined;
  const names = namesOf(certificate);
  if (trust.serverName === undefined && isIP(host) !== 0 && trust.ca !== undefined) {
    const suffix = `.${trust.domain.toLowerCase()}`;
    if (names.some((name) => name.toLowerCase().endsWith(suffix) || name.toLowerCase() === trust.domain.toLowerCase()))
      return undefined;
  }
  return new CertificateNameError(server, expected, names.join(', ') || 'no name');
}

function namesOf({ subject, subjectaltname }: PeerCertificate): readonly string[] {
  const alternatives = (subjectaltname ?? '')
    .split(', ')
    .flatMap((entry) => (entry.startsWith('DNS:') ? [entry.slice(4)] : []));
  if (alternatives.length > 0) return alternatives;
  const common = subject?.CN;
  return common === undefined ? [] : [common].flat();
}

/** Is it the one certificate that is pinned? */
export function pinProblem(server: string, { fingerprint256 }: PeerCertificate, pinned: string): Error | undefined {
  const bare = (text: string): string => text.replaceAll(/[^0-9a-f]/gi, '').toUpperCase();
  const found = bare(fingerprint256 ?? '');
  if (found === bare(pinned)) return undefined;
  return new UntrustedCertificateError(server, `its fingerprint is ${found}, not the pinned one`, undefined);
}
