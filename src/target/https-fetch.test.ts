import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeIdentity } from '../../test/tls/index.ts';
import { AnswerLostError, TenantCertificateError, TenantUnreachableError } from './errors.ts';
import { httpsFetch } from './https-fetch.ts';

const authority = makeIdentity({ commonName: 'Test authority' });
const identity = makeIdentity({ commonName: 'a server', addresses: ['127.0.0.1'], authority });
let server: Server;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;

beforeAll(async () => {
  server = createServer({ key: identity.key, cert: identity.certificate }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString('utf8')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('sends method, headers and body, and gives back status, headers and body', async () => {
  answer = (request, response, body) =>
    response
      .writeHead(201, { 'content-type': 'application/json', 'x-saw': `${request.method} ${request.headers['x-one']}` })
      .end(body);
  using fetch = httpsFetch({ ca: authority.certificate });
  const response = await fetch(`${origin}/x?y=z`, { method: 'POST', headers: { 'X-One': 'a' }, body: '{"ü":1}' });
  expect(response.status).toBe(201);
  expect(response.headers.get('x-saw')).toBe('POST a');
  expect(await response.json()).toEqual({ ü: 1 });
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const)('an answer in %s is read', async (encoding, compress) => {
  answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(compress('plain text'));
  using fetch = httpsFetch({ ca: authority.certificate });
  expect(await (await fetch(origin, {})).text()).toBe('plain text');
});

test('a redirect is an answer, and not followed', async () => {
  answer = (_, response) => response.writeHead(302, { location: 'https://elsewhere.test/' }).end();
  using fetch = httpsFetch({ ca: authority.certificate });
  expect((await fetch(origin, {})).status).toBe(302);
});

test('an authority nobody named is not trusted, and nothing was sent', async () => {
  let seen = 0;
  answer = (_, response) => {
    seen += 1;
    response.end();
  };
  using fetch = httpsFetch({ ca: makeIdentity({ commonName: 'Another authority' }).certificate });
  expect(await failure(fetch(origin, {}))).toBeInstanceOf(TenantCertificateError);
  expect(seen).toBe(0);
});

test('a certificate for another name is not trusted', async () => {
  answer = (_, response) => void response.end();
  using fetch = httpsFetch({ ca: authority.certificate });
  expect(await failure(fetch(origin.replace('127.0.0.1', 'localhost'), {}))).toBeInstanceOf(TenantCertificateError);
});

test('a port nobody listens on is unreachable: nothing was sent', async () => {
  const closed = createTcpServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  closed.close();
  await once(closed, 'close');
  using fetch = httpsFetch({ ca: authority.certificate });
  const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  expect(await failure(fetch(url, {}))).toBeInstanceOf(TenantUnreachableError);
});

test('something that does not speak TLS is unreachable: nothing was sent', async () => {
  const plain = createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH\r\n')).listen(
    0,
    '127.0.0.1',
  );
  await once(plain, 'listening');
  const address = plain.address();
  using fetch = httpsFetch({ ca: authority.certificate });
  const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  expect(await failure(fetch(url, {}))).toBeInstanceOf(TenantUnreachableError);
  plain.close();
});

test('a connection cut after the request loses the answer', async () => {
  answer = (request) => void request.socket.destroy();
  using fetch = httpsFetch({ ca: authority.certificate });
  expect(await failure(fetch(origin, { method: 'POST', body: '{}' }))).toBeInstanceOf(AnswerLostError);
});

test('a connection cut in the middle of the answer loses it', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setImmediate(() => response.socket?.destroy());
  };
  using fetch = httpsFetch({ ca: authority.certificate });
  expect(await failure(fetch(origin, {}))).toBeInstanceOf(AnswerLostError);
});

test('an answer that never comes is lost after the time-out', async () => {
  answer = () => undefined;
  using fetch = httpsFetch({ ca: authority.certificate, timeout: 100 });
  expect(await failure(fetch(origin, {}))).toBeInstanceOf(AnswerLostError);
});

test('aborted before it is sent, it is the reason that comes back; aborted after, the answer is lost', async () => {
  const reason = new Error('stopped');
  using fetch = httpsFetch({ ca: authority.certificate });
  expect(await failure(fetch(origin, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  const controller = new AbortController();
  answer = () => controller.abort(reason);
  expect(await failure(fetch(origin, { method: 'POST', body: '{}', signal: controller.signal }))).toBeInstanceOf(
    AnswerLostError,
  );
});

test('connections are kept for the next request', async () => {
  const sockets = new Set<unknown>();
  answer = (request, response) => {
    sockets.add(request.socket);
    response.end('x');
  };
  using fetch = httpsFetch({ ca: authority.certificate });
  for (let i = 0; i < 5; i += 1) await (await fetch(origin, {})).text();
  expect(sockets.size).toBe(1);
});
