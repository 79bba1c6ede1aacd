import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Identity } from './certificates.ts';
import { ListenError, PortTakenError } from './errors.ts';
import type { Served } from './graph/index.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';

export interface ServerContext {
  readonly listen: { readonly host: string; readonly port: number };
  readonly identity: Identity;
  /** Milliseconds by which the `Date` header is off. */
  skew(): number;
  hangMilliseconds(): number;
  answer(request: HttpRequest, remoteAddress: string): Served;
  /** Hears of programmer's errors; the client gets a 500. */
  failed(error: unknown): void;
}

/** On every answer, so that nobody takes the sandbox for a tenant. */
const sandboxHeader = 'x-cloudsync-sandbox';

const mostBytes = 8 * 1024 * 1024;

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  useIdentity(identity: Identity): void;
}

export async function serveHttps(context: ServerContext): Promise<RunningServer> {
  const { host, port } = context.listen;
  const server = createServer(
    {
      key: context.identity.key,
      cert: context.identity.certificate,
      minVersion: 'TLSv1.2',
      // Longer than clients keep their connections: they close first, and none is cut under a request.
      keepAliveTimeout: 120_000,
      requestTimeout: 120_000,
    },
    (request, response) => {
      receive(context, request, response).catch((error: unknown) => {
        context.failed(error);
        response.destroy();
      });
    },
  );
  await listening(server, host, port);
  const address = server.address();
  return {
    port: isAddressInfo(address) ? address.port : port,
    useIdentity({ key, certificate }): void {
      server.setSecureContext({ key, cert: certificate, minVersion: 'TLSv1.2' });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

async function listening(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw taken ? new PortTakenError(host, port, error) : new ListenError(host, port, error);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function receive(context: ServerContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  const at = url.indexOf('?');
  let body: Buffer | undefined;
  try {
    body = request.method === 'GET' ? Buffer.alloc(0) : await bodyOf(request);
  } catch {
    // The client went away in the middle.
    return;
  }
  if (body === undefined) {
    send(context, response, { status: 413, headers: { connection: 'close' }, body: '' });
    return;
  }
  const served = context.answer(
    {
      method: request.method ?? 'GET',
      path: at < 0 ? url : url.slice(0, at),
      query: at < 0 ? '' : url.slice(at + 1),
      headers: request.headers,
      body: body.toString('utf8'),
      bytes: body,
      origin: `https://${request.headers.host ?? 'localhost'}`,
    },
    request.socket.remoteAddress ?? '',
  );
  if ('answer' in served) {
    send(context, response, served.answer);
    return;
  }
  if (served.lost === 'reset') {
    request.socket.destroy();
    return;
  }
  const cut = setTimeout(() => request.socket.destroy(), context.hangMilliseconds());
  request.socket.once('close', () => clearTimeout(cut));
}

function send(context: ServerContext, response: ServerResponse, { status, headers, body, bytes }: HttpAnswer): void {
  const content = bytes ?? body;
  const skew = context.skew();
  response.writeHead(status, {
    ...headers,
    server: 'CloudSync-Sandbox',
    [sandboxHeader]: 'true',
    ...(skew === 0 ? {} : { date: new Date(Date.now() + skew).toUTCString() }),
    ...(status === 204 || status === 304 ? {} : { 'content-length': Buffer.byteLength(content) }),
  });
  response.end(content);
}
