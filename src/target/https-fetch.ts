import { Agent, request } from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { AnswerLostError, BadAnswerError, TenantCertificateError, TenantUnreachableError } from './errors.ts';

/** `fetch`, as far as the official libraries use it; never follows a redirect. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpsOptions {
  /** PEM to trust in place of the system's authorities. */
  readonly ca?: string | undefined;
  /** Milliseconds without a byte until an answer counts as lost. */
  readonly timeout?: number | undefined;
}

/** Longer than the tenant's own limit, so that its answer comes first. */
const defaultTimeout = 130_000;
/** Pages are far smaller; whatever sends more is not the tenant. */
const largestAnswer = 128 * 1024 * 1024;

const untrusted = /^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

/**
 * HTTPS with an authority of its own, which Node's built-in `fetch` cannot be given. What it throws says whether the
 * request may have reached the other side: `TenantUnreachableError` and `TenantCertificateError` when nothing was sent,
 * `AnswerLostError` when it was.
 */
export function httpsFetch({ ca, timeout = defaultTimeout }: HttpsOptions): Fetch & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ...(ca === undefined ? {} : { ca }) });
  const send: Fetch = (url, init) =>
    new Promise((resolve, reject) => {
      const { host } = new URL(url);
      const { signal } = init;
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const headers = Object.fromEntries(new Headers(init.headers));
      headers['accept-encoding'] ??= 'gzip, deflate, br';
      const body = typeof init.body === 'string' || init.body instanceof Uint8Array ? init.body : undefined;
      if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
      let connected = false;
      const sent = request(url, { method: init.method ?? 'GET', headers, agent, timeout });
      const abort = (): void => void sent.destroy(new Error('aborted'));
      signal?.addEventListener('abort', abort, { once: true });
      const done = (): void => signal?.removeEventListener('abort', abort);
      const fail = (error: NodeJS.ErrnoException): void => {
        done();
        if (signal?.aborted === true && !connected) reject(signal.reason);
        else reject(connected ? new AnswerLostError(host, reasonOf(error), error) : notSent(host, error));
      };
      sent.on('socket', (socket) => {
        if (sent.reusedSocket) connected = true;
        else socket.once('secureConnect', () => (connected = true));
      });
      sent.on('timeout', () => sent.destroy(new Error(`nothing came for ${timeout / 1000} s`)));
      sent.on('error', fail);
      sent.on('response', (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > largestAnswer) sent.destroy(new Error('the answer has no end'));
        });
        answer.on('error', fail);
        answer.on('end', () => {
          done();
          if (!answer.complete) {
            reject(new AnswerLostError(host, 'the connection ended in the middle of it'));
            return;
          }
          try {
            resolve(toResponse(answer.statusCode ?? 0, answer.rawHeaders, Buffer.concat(chunks)));
          } catch (error) {
            reject(new BadAnswerError(host, reasonOf(error), error));
          }
        });
      });
      sent.end(body);
    });
  return Object.assign(send, { [Symbol.dispose]: () => agent.destroy() });
}

function notSent(host: string, error: NodeJS.ErrnoException): TenantCertificateError | TenantUnreachableError {
  return untrusted.test(error.code ?? '')
    ? new TenantCertificateError(host, reasonOf(error), error)
    : new TenantUnreachableError(host, reasonOf(error), error);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A connection tried over several addresses fails with all their reasons, and no message of its own.
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : error.message;
}

const bodiless = new Set([204, 205, 304]);

function toResponse(status: number, rawHeaders: readonly string[], raw: Buffer): Response {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  const body = decoded(raw, headers.get('content-encoding'));
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(bodiless.has(status) ? null : new Uint8Array(body), { status, headers });
}

function decoded(body: Buffer, encoding: string | null): Buffer {
  if (body.length === 0) return body;
  switch (encoding?.toLowerCase()) {
    case 'gzip':
      return gunzipSync(body, { maxOutputLength: largestAnswer });
    case 'deflate':
      return inflateSync(body, { maxOutputLength: largestAnswer });
    case 'br':
      return brotliDecompressSync(body, { maxOutputLength: largestAnswer });
    default:
      return body;
  }
}
