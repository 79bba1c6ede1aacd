import { isIP } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { CertificateNameError, UntrustedCertificateError } from './errors.ts';

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

/** Opens TLS as `tls.connect` does, accepting exactly the pinned certificate. */
export function pinnedConnect(server: string, fingerprint: string): typeof connect {
  const wanted = fingerprint.replaceAll(/[^0-9a-f]/gi, '').toUpperCase();
  const pinned = (...args: Parameters<typeof connect>): TLSSocket => {
    const socket = connect(...args);
    socket.prependOnceListener('secureConnect', () => {
      const found = socket.getPeerCertificate().fingerprint256?.replaceAll(':', '') ?? '';
      if (found !== wanted)
        socket.destroy(
          new UntrustedCertificateError(server, `its fingerprint is ${found}, not the pinned one`, undefined),
        );
    });
    return socket;
  };
  return pinned as typeof connect;
}
