import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlockList } from 'node:net';
import type { Log } from '../../src/model/index.ts';
import { AddressRefusedError, PortTakenError } from '../errors.ts';
import { apiApplication, headers } from './application.ts';
import type { ApiContext } from './endpoint.ts';
import { HeadersTooLargeError, NotHttpError, RequestTimeoutError } from './errors.ts';
import { problemOf } from './problem.ts';
import type { Tokens } from './tokens.ts';

export interface ApiServerOptions {
  readonly context: ApiContext;
  readonly tokens: Tokens;
  readonly host: string;
  readonly port: number;
  readonly patience?: Patience;
  readonly log: Log;
}

/** A client has this long to send its request, in milliseconds; an answer may take as long as it does. */
export interface Patience {
  readonly head: number;
  readonly whole: number;
  /** How often it is looked at. */
  readonly every: number;
}

export interface ApiServer extends AsyncDisposable {
  /** `http://127.0.0.1:7373` */
  readonly url: string;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Nothing but this machine is ever listened to. */
export function needLoopback({ host, port }: { readonly host: string; readonly port: number }): void {
  if (host === 'localhost' || loopback.check(host, host.includes(':') ? 'ipv6' : 'ipv4')) return;
  throw new AddressRefusedError(
    `${host}:${port}`,
    'it is not a loopback address, and the API is for this machine alone',
  );
}

const usualPatience: Patience = { head: 10_000, whole: 30_000, every: 5000 };
const headerSize = 16 * 1024;

export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { context, tokens, host, port, patience = usualPatience, log } = options;
  needLoopback({ host, port });
  const stopping = new AbortController();
  const handle = apiApplication({ context, tokens, host, log, stopping: stopping.signal });
  const server = createServer(
    {
      headersTimeout: patience.head,
      requestTimeout: patience.whole,
      connectionsCheckingInterval: patience.every,
      keepAliveTimeout: 5000,
      maxHeaderSize: headerSize,
      requireHostHeader: false,
    },
    handle,
  );
  server.maxConnections = 256;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const request = randomUUID();
    log('debug', 'clientError', { request, reason: error.code });
    // After an answer another one would be taken for the answer to something that was never asked.
    if (socket.writable && 'bytesWritten' in socket && socket.bytesWritten === 0)
      socket.end(refusalOf(error.code, request));
    else socket.destroy();
  });
  await listen(server, host, port);
  const { address, port: bound, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      // What is being answered gets its answer; whoever keeps the line open longer is cut off.
      const patience = setTimeout(() => server.closeAllConnections(), 2000);
      await closed;
      clearTimeout(patience);
    },
  };
}

/** What no route ever sees is refused as a problem all the same, written by hand: there is no response to write it with. */
function refusalOf(code: string | undefined, request: string): string {
  const error =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? new RequestTimeoutError()
      : code === 'HPE_HEADER_OVERFLOW'
        ? new HeadersTooLargeError(headerSize)
        : new NotHttpError();
  const body = JSON.stringify(problemOf(error, request));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') throw new PortTakenError(host, port, error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new AddressRefusedError(`${host}:${port}`, reason, error);
  }
}
