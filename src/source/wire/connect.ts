import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ExtendedRequest } from 'ldapts';
import { CloudSyncError } from '../../model/index.ts';
import {
  ClearTextRefusedError,
  DirectoryTimeoutError,
  DomainControllerUnreachableError,
  UntrustedCertificateError,
} from '../errors.ts';
import { operations } from './messages.ts';
import { identityProblem, pinProblem, type TlsTrust } from './tls.ts';
import { type Line, Wire, WireTimeoutError } from './wire.ts';

export interface Endpoint {
  /** `ldaps://dc1.corp.contoso.test`, or `ldap://` for StartTLS. */
  readonly url: string;
  readonly trust: TlsTrust;
  /** Names the wish to speak without TLS to an `ldap://` server. */
  readonly clearText: boolean;
  /** Milliseconds for the connection with its TLS to stand. */
  readonly connectTimeout: number;
  /** Milliseconds for each request to be answered in full. */
  readonly readTimeout: number;
}

const startTlsOid = '1.3.6.1.4.1.1466.20037';

const untrusted: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'INVALID_CA',
  'INVALID_PURPOSE',
]);

/** Connects, with TLS before anything of worth is said unless clear text is wished for by name. */
export async function connectWire(endpoint: Endpoint): Promise<Wire> {
  const { url, clearText, connectTimeout, readTimeout } = endpoint;
  const { hostname, protocol, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'ldaps:';
  const place = { host, port: port === '' ? (secure ? 636 : 389) : Number(port) };
  if (secure) return new Wire(await opened(tlsLine(endpoint, place), 'secureConnect', endpoint), readTimeout);
  const plain = await opened(plainLine(place, clearText), 'connect', endpoint);
  if (clearText) return new Wire(plain, readTimeout);
  const wire = new Wire(plain, connectTimeout);
  try {
    const { code } = await wire.request(
      (messageId) => new ExtendedRequest({ messageId, oid: startTlsOid }),
      operations.extendedResponse,
    );
    if (code !== 0) throw new ClearTextRefusedError(url);
  } catch (error) {
    plain.socket.destroy();
    throw connectProblem(error, url);
  }
  const line = tlsLine(endpoint, { socket: wire.release(), host });
  return new Wire(await opened(line, 'secureConnect', endpoint), readTimeout);
}

type Place = { readonly host: string; readonly port: number } | { readonly host: string; readonly socket: Socket };

/** Receives into one room for the life of a connection: a chunk of its own for every read is what fills memory. */
function reusedRoom() {
  let take: ((chunk: Buffer) => void) | undefined;
  const onread = {
    buffer: Buffer.allocUnsafeSlow(64 * 2 ** 10),
    callback: (size: number, buffer: Uint8Array): boolean => {
      take?.(Buffer.from(buffer.buffer, buffer.byteOffset, size));
      return true;
    },
  };
  const feed: Line['feed'] = (next) => {
    take = next;
  };
  return { onread, feed };
}

function plainLine(place: { readonly host: string; readonly port: number }, stays: boolean): Line {
  // TLS takes a socket over by its events.
  if (!stays) return byEvents(connectTcp(place));
  const { onread, feed } = reusedRoom();
  return { socket: connectTcp({ ...place, onread }), feed };
}

function byEvents(socket: Socket): Line {
  return { socket, feed: (take) => socket.on('data', take) };
}

function tlsLine({ url, trust }: Endpoint, place: Place): Line {
  const name = trust.serverName ?? place.host;
  const { onread, feed } = reusedRoom();
  const socket = connectTls({
    ...place,
    ...('socket' in place ? {} : { onread }),
    ...(trust.ca === undefined ? {} : { ca: trust.ca }),
    ...(isIP(name) === 0 ? { servername: name } : {}),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: trust.fingerprint === undefined,
    checkServerIdentity: (_name, certificate) => identityProblem(url, place.host, certificate, trust),
  });
  const { fingerprint } = trust;
  if (fingerprint !== undefined) {
    socket.prependOnceListener('secureConnect', () => {
      const problem = pinProblem(url, socket.getPeerCertificate(), fingerprint);
      if (problem !== undefined) socket.destroy(problem);
    });
  }
  return 'socket' in place ? byEvents(socket) : { socket, feed };
}

/** Waits for a socket to be usable. */
async function opened(line: Line, event: 'connect' | 'secureConnect', endpoint: Endpoint): Promise<Line> {
  const { url, connectTimeout } = endpoint;
  const { socket } = line;
  const timer = setTimeout(
    () => socket.destroy(new WireTimeoutError(`not connected within ${connectTimeout / 1000} s`)),
    connectTimeout,
  );
  try {
    await new Promise<void>((resolve, reject) => {
      // A socket destroyed while it was being checked still says that it is connected.
      socket.once(event, () => (socket.destroyed ? undefined : resolve()));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the server closed the connection')));
    });
  } catch (error) {
    socket.destroy();
    throw connectProblem(error, url);
  } finally {
    clearTimeout(timer);
    socket.removeAllListeners('close');
    socket.removeAllListeners('error');
  }
  return line;
}

/** What a failure to connect means. */
export function connectProblem(error: unknown, url: string): unknown {
  if (error instanceof CloudSyncError) return error;
  if (error instanceof WireTimeoutError) return new DirectoryTimeoutError(url, error);
  const text = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (untrusted.has(code)) return new UntrustedCertificateError(url, text, error);
  return new DomainControllerUnreachableError(url, text, error);
}
