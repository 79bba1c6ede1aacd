import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send, sendJson, sendRaw } from './http.ts';
import { expectRefused } from './refused.ts';
import { startTestService, type TestService } from './service.ts';

/** What a web page, a program of another user or a broken client may try. */

let daemon: TestService;
beforeAll(async () => {
  daemon = await startTestService({ tenant: 'nobody' });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const status = '/api/v1/status';
const json = { 'content-type': 'application/json' };

describe('DNS rebinding', () => {
  for (const host of [
    'evil.test',
    'evil.test:7373',
    '169.254.169.254',
    '127.0.0.1.evil.test',
    'localhost.evil.test',
    '127.0.0.1@evil.test',
    '[::1].evil.test',
    '0.0.0.0',
    'localhost, evil.test',
    '127.1',
    '2130706433',
    '[::ffff:127.0.0.1]',
  ]) {
    test(`refuses the host "${host}" whatever else is right`, async () => {
      expectRefused(await send(daemon.url, { path: status, token: daemon.token, headers: { host } }), 'CS7101', 403);
    });
  }

  test('refuses a request line that names another host', async () => {
    const { host } = new URL(daemon.url);
    const answer = await sendRaw(
      daemon.url,
      `GET http://evil.test${status} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${daemon.token}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('refuses two hosts, an empty one, and none', async () => {
    const { host } = new URL(daemon.url);
    for (const lines of [`Host: ${host}\r\nHost: evil.test\r\n`, 'Host:\r\n', '']) {
      const answer = await sendRaw(
        daemon.url,
        `GET ${status} HTTP/1.1\r\n${lines}Authorization: Bearer ${daemon.token}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 (403|400) /);
    }
  });

  test('does so on every path, also where no token is needed', async () => {
    for (const path of ['/', '/healthz', '/metrics', '/nothing', '/api/v1/openapi.json']) {
      expectRefused(await send(daemon.url, { path, headers: { host: 'evil.test' } }), 'CS7101', 403);
    }
  });
});

describe('requests of web pages', () => {
  for (const [name, value] of [
    ['origin', 'https://evil.test'],
    ['origin', 'null'],
    ['origin', 'http://localhost'],
    ['referer', 'https://evil.test/page'],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-origin'],
    ['sec-fetch-dest', 'image'],
  ] as const) {
    test(`refuses ${name}: ${value}, even with the token`, async () => {
      const answer = await send(daemon.url, { path: status, token: daemon.token, headers: { [name]: value } });
      expectRefused(answer, 'CS7102', 403);
    });
  }

  test('answers no preflight', async () => {
    const answer = await send(daemon.url, {
      method: 'OPTIONS',
      path: '/api/v1/cycles',
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
    });
    expectRefused(answer, 'CS7102', 403);
    expectRefused(
      await send(daemon.url, { method: 'OPTIONS', path: '/api/v1/cycles', token: daemon.token }),
      'CS7106',
      405,
    );
  });

  for (const type of [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/xml',
    '',
  ]) {
    test(`takes no body of the type "${type}"`, async () => {
      const body = '{"type":"delta"}';
      const headers = { 'content-length': String(body.length), ...(type === '' ? {} : { 'content-type': type }) };
      const answer = await send(daemon.url, {
        method: 'POST',
        path: '/api/v1/cycles',
        token: daemon.token,
        headers,
        body,
      });
      expectRefused(answer, 'CS7107', 415);
    });
  }
});

describe('the token', () => {
  test('is needed everywhere but for the health check', async () => {
    expect((await send(daemon.url, { path: '/healthz' })).status).toBe(200);
    for (const path of [status, '/metrics', '/api/v1/openapi.json', '/api/v1/log', '/', '/nothing']) {
      const answer = await send(daemon.url, { path });
      expectRefused(answer, 'CS7103', 401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  test('is taken from the header alone, as it is', async () => {
    const { token } = daemon;
    for (const headers of [
      { authorization: token },
      { authorization: `Basic ${Buffer.from(`:${token}`).toString('base64')}` },
      { authorization: `Bearer ${token}x` },
      { authorization: `Bearer ${token.slice(0, -1)}` },
      { authorization: `Bearer ${token.toUpperCase()}` },
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${token} ${token}` },
      { cookie: `token=${token}` },
      { 'x-api-key': token },
    ]) {
      expectRefused(await send(daemon.url, { path: status, headers }), 'CS7103', 401);
    }
    expectRefused(await send(daemon.url, { path: `${status}?token=${token}&access_token=${token}` }), 'CS7103', 401);
  });

  test('of a reader changes nothing', async () => {
    const { readerToken: token, url } = daemon;
    expect((await send(url, { path: status, token })).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/api/v1/cycles', { type: 'full' }],
      ['POST', '/api/v1/cycles/1/stop', undefined],
      ['PUT', '/api/v1/schedule', { delta: '1s' }],
      ['POST', '/api/v1/suspend', {}],
      ['POST', '/api/v1/resume', undefined],
      ['PUT', '/api/v1/configuration', { text: '' }],
      ['POST', '/api/v1/held/decision', { verdict: 'approve', digest: 'x' }],
      ['POST', '/api/v1/quarantine/clear', { scope: 'all' }],
      ['POST', '/api/v1/objects/provision', { by: 'dn', value: 'x', apply: true }],
    ] as const) {
      expectRefused(await sendJson(url, token, method, path, body), 'CS7104', 403);
    }
    const { items } = JSON.parse((await send(url, { path: '/api/v1/cycles', token })).text) as { items: unknown[] };
    expect(items).toEqual([]);
  });

  test('of a former start is worth nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cloudsync-former-'));
    const { token, readerToken } = await (async () => {
      await using former = await startTestService({ tenant: 'nobody', folder });
      expect((await send(former.url, { path: status, token: former.token })).status).toBe(200);
      return former;
    })();
    await using again = await startTestService({ tenant: 'nobody', folder });
    for (const old of [token, readerToken]) {
      expectRefused(await send(again.url, { path: status, token: old }), 'CS7103', 401);
    }
    expect((await send(again.url, { path: status, token: again.token })).status).toBe(200);
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('bodies', () => {
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    send(daemon.url, {
      method: 'POST',
      path: '/api/v1/expressions/test',
      token: daemon.token,
      headers: { ...json, 'content-length': String(Buffer.byteLength(body)), ...headers },
      body,
    });

  test('that are too large are refused before they are read', async () => {
    expectRefused(await post(Buffer.alloc(1024 * 1024 + 1, 0x20)), 'CS7108', 413);
    const claimed = await sendRaw(
      daemon.url,
      `POST /api/v1/expressions/test HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${daemon.token}\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n{`,
    );
    expect(claimed).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const endless = await sendRaw(
      daemon.url,
      `POST /api/v1/expressions/test HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${daemon.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk.repeat(17)}`,
    );
    expect(endless).toMatch(/^HTTP\/1\.1 413 /);
  });

  for (const body of [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '1',
    '{"expression":',
    '{"expression":"[a]"}x',
    `{"__proto__":{"a":1}}`,
    '{"expression":1}',
    '{"expression":"[a]","more":1}',
    '[[[[[[[[',
    `{"a":${'['.repeat(50_000)}`,
  ]) {
    test(`that are not what the route takes are refused: ${body.slice(0, 30)}`, async () => {
      expectRefused(await post(body), 'CS7109', 400);
    });
  }

  test('with bytes that are no text, and packed ones, are refused', async () => {
    expect((await post(Buffer.from([0xff, 0xfe, 0x7b, 0x7d]))).status).toBe(400);
    expectRefused(await post(Buffer.from('1f8b', 'hex'), { 'content-encoding': 'gzip' }), 'CS7107', 415);
  });

  test('do not pollute prototypes', async () => {
    await post(
      '{"expression":"[a]","inputs":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}',
    );
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('paths and queries', () => {
  for (const path of [
    '/api/v1/../v1/status/../../../etc/passwd',
    '/api/v1/%2e%2e/%2e%2e/etc/passwd',
    '/api/v1/status%00',
    '/api/v1/status/',
    '/API/V1/status',
    '/api/v1/cycles/%',
    '/api/v1/cycles/1%2f2',
    '/api//v1/status',
    '/api/v1/constructor',
    '/api/v1/__proto__',
  ]) {
    test(`finds nothing at ${path}`, async () => {
      const answer = await send(daemon.url, { path, token: daemon.token });
      expect([400, 404]).toContain(answer.status);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.text).not.toMatch(/root:|node_modules|\bat .*:\d+/);
    });
  }

  for (const path of [
    '/api/v1/cycles/0',
    '/api/v1/cycles/-1',
    '/api/v1/cycles/1e400',
    '/api/v1/cycles/NaN',
    '/api/v1/cycles/9007199254740993',
    "/api/v1/cycles/1'%20OR%201=1",
    '/api/v1/cycles?limit=0',
    '/api/v1/cycles?limit=100000',
    '/api/v1/cycles?limit=1&limit=2',
    '/api/v1/cycles?cursor=x',
    "/api/v1/cycles?cursor=1'--",
    '/api/v1/cycles?__proto__[a]=1',
    '/api/v1/cycles?unknown=1',
    '/api/v1/objects?by=dn',
    '/api/v1/objects?by=password&value=x',
    `/api/v1/objects?by=dn&value=${'x'.repeat(5000)}`,
    '/api/v1/log?level=secret',
    '/api/v1/provisioning-log?from=yesterday',
  ]) {
    test(`refuses ${path.slice(0, 60)}`, async () => {
      expectRefused(await send(daemon.url, { path, token: daemon.token }), 'CS7109', 400);
    });
  }

  test('lets no value of a query become more than a value', async () => {
    for (const value of [
      "' OR 1=1 --",
      '*)(objectClass=*',
      '%00',
      '\u0000',
      '🤖',
      '../../etc/passwd',
      '{"$ne":null}',
    ]) {
      const path = `/api/v1/objects?by=userPrincipalName&value=${encodeURIComponent(value)}`;
      const answer = await send(daemon.url, { path, token: daemon.token });
      expect(JSON.parse(answer.text)).toEqual({ items: [], next: null });
    }
  });
});

describe('broken HTTP', () => {
  for (const bytes of [
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    `GET ${status} HTTP/1.1\r\nHost: localhost\r\n${'x-a: b\r\n'.repeat(5000)}\r\n`,
    `POST ${status} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `POST ${status} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`,
    `GET ${status} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a\r\n b\r\nConnection: close\r\n\r\n`,
    `GET ${status} HTTP/1.1\nHost: localhost\n\n`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    Buffer.from([0x16, 0x03, 0x01, 0x00, 0xa5, 0x01, 0x00, 0x00, 0xa1, 0x03, 0x03]),
  ]) {
    test(`is answered with a refusal or not at all: ${JSON.stringify(bytes.toString('latin1').slice(0, 50))}`, async () => {
      const answer = await sendRaw(daemon.url, bytes);
      expect(answer).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
      expect(answer).not.toMatch(/\bat .*:\d+|node_modules/);
      expect((await send(daemon.url, { path: '/healthz' })).status).toBe(200);
    });
  }

  for (const [what, bytes, status, code] of [
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\nHost: localhost\r\nx-a: ${'b'.repeat(20_000)}\r\n\r\n`,
      431,
      'CS7121',
    ],
    ['what is not HTTP', 'GARBAGE\r\n\r\n', 400, 'CS7120'],
  ] as const) {
    test(`is told as a problem: ${what}`, async () => {
      const [head = '', body = ''] = (await sendRaw(daemon.url, bytes)).split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(head).toContain('Content-Type: application/problem+json');
      expect(head).toContain("Content-Security-Policy: default-src 'none'");
      expect(head).toContain(`Content-Length: ${body.length}`);
      expect(JSON.parse(body)).toMatchObject({ code, status, remedy: expect.any(String) as unknown });
    });
  }

  test('that never ends holds up nobody else', async () => {
    const { port } = new URL(daemon.url);
    const slow = Array.from({ length: 50 }, () => connect(Number(port), '127.0.0.1'));
    for (const socket of slow) {
      socket.on('error', () => {});
      socket.write('GET /healthz HTTP/1.1\r\nHost: loc');
    }
    expect((await send(daemon.url, { path: '/healthz' })).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });
});

describe('a request that comes too slowly', () => {
  let patient: TestService;
  beforeAll(async () => {
    patient = await startTestService({ tenant: 'nobody', patience: { head: 300, whole: 600, every: 50 } });
  });
  afterAll(() => patient[Symbol.asyncDispose]());

  const lines = 'Host: localhost\r\nContent-Type: application/json\r\n';
  for (const [what, head, body] of [
    ['head', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ', undefined],
    ['body', `POST /api/v1/expressions/test HTTP/1.1\r\n${lines}Content-Length: 1000\r\n`, '{'],
    [
      'body in pieces',
      `POST /api/v1/expressions/test HTTP/1.1\r\n${lines}Transfer-Encoding: chunked\r\n`,
      '1\r\n{\r\n',
    ],
  ] as const) {
    test(`is refused in time, and closed: its ${what}`, async () => {
      const { port } = new URL(patient.url);
      const socket = connect(Number(port), '127.0.0.1');
      let answer = '';
      socket.setEncoding('latin1').on('data', (text: string) => {
        answer += text;
      });
      const closed = once(socket, 'close');
      const started = performance.now();
      socket.write(body === undefined ? head : `${head}Authorization: Bearer ${patient.token}\r\n\r\n`);
      // A byte now and then keeps no line open.
      const drip = setInterval(() => socket.write(body ?? 'x'), 100);
      socket.on('error', () => clearInterval(drip));
      await closed;
      clearInterval(drip);
      expect(performance.now() - started).toBeLessThan(5000);
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      const [, told = ''] = answer.split('\r\n\r\n');
      expect(JSON.parse(told)).toMatchObject({ code: 'CS7122', status: 408 });
      expect((await send(patient.url, { path: '/healthz' })).status).toBe(200);
      expect(patient.lines.filter((line) => /"(requestFailed|threadEnded)"|^died/.test(line))).toEqual([]);
    });
  }
});

test('none of it brought a defect to light, a token into the log, or the daemon down', () => {
  const log = daemon.lines.join('\n');
  expect(daemon.lines.filter((line) => /"(requestFailed|threadEnded)"|^died/.test(line))).toEqual([]);
  for (const secret of [daemon.token, daemon.readerToken]) expect(log).not.toContain(secret);
  // Of each kind that was turned away the log tells.
  for (const code of ['CS7101', 'CS7102', 'CS7103', 'CS7104']) expect(log).toContain(`"code":"${code}"`);
});
