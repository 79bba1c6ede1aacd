import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlockList } from 'node:net';
import type { Log } from '../../src/engine/index.ts';
import { AddressRefusedError, PortTakenError } from '../errors.ts';
import { apiApplication } from './application.ts';
import type { ApiContext } from './endpoint.ts';
import type { Tokens } from './tokens.ts';

export interface ApiServerOptions {
  readonly context: ApiContext;
  readonly tokens: Tokens;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
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

/** A client has this long to send its request, in milliseconds; an answer may take as long as it does. */
const headersWithin = 10_000;
const requestWithin = 30_000;

export async function startApiServer({ context, tokens, host, port, log }: ApiServerOptions): Promise<ApiServer> {
  needLoopback({ host, port });
  const stopping = new AbortController();
  const handle = apiApplication({ context, tokens, host, log, stopping: stopping.signal });
  const server = createServer(
    {
      headersTimeout: headersWithin,
      requestTimeout: requestWithin,
      connectionsCheckingInterval: 5000,
      keepAliveTimeout: 5000,
      maxHeaderSize: 16 * 1024,
      requireHostHeader: false,
    },
    handle,
  );
  server.maxConnections = 256;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    log('debug', 'clientError', { request: randomUUID(), reason: error.code });
    const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
    // After an answer another one would be taken for the answer to something that was never asked.
    if (socket.writable && 'bytesWritten' in socket && socket.bytesWritten === 0)
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
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
