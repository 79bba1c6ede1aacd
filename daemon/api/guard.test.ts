import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BrowserRefusedError,
  ContentTypeRefusedError,
  HostRefusedError,
  InvalidRequestError,
  MethodRefusedError,
} from './errors.ts';
import { type Asking, refusal } from './guard.ts';

function asking(more: Partial<Asking> & { readonly headers?: Asking['headers'] } = {}): Asking {
  const headers = { host: '127.0.0.1:7373', ...more.headers };
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
  return { method: 'GET', url: '/api/v1/status', rawHeaders, ...more, headers };
}

const refused = (more: Parameters<typeof asking>[0]) => refusal(asking(more), '127.0.0.1');

test('lets through what the module and curl send', () => {
  expect(refused({})).toBeUndefined();
  for (const host of ['localhost:7373', '[::1]:7373', '127.0.0.1', 'LOCALHOST:1']) {
    expect(refused({ headers: { host } })).toBeUndefined();
  }
  const json = { 'content-type': 'application/json; charset=utf-8', 'content-length': '2' };
  expect(refused({ method: 'POST', headers: json })).toBeUndefined();
  expect(refused({ method: 'POST', headers: { 'content-length': '0' } })).toBeUndefined();
});

test("lets through Node's own fetch, which calls its mode cors", () => {
  expect(refused({ headers: { 'sec-fetch-mode': 'cors' } })).toBeUndefined();
});

test('answers to no name but its own', () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.ipV4(), fc.webAuthority(), fc.string()), (host) => {
      fc.pre(!/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host));
      expect(refused({ headers: { host } })).toBeInstanceOf(HostRefusedError);
    }),
  );
});

test('answers to no request without a host, with two, or in the form for proxies', () => {
  expect(refusal({ ...asking(), headers: {}, rawHeaders: [] }, '127.0.0.1')).toBeInstanceOf(HostRefusedError);
  const twice = ['Host', '127.0.0.1:7373', 'host', 'evil.test'];
  expect(refusal({ ...asking(), rawHeaders: twice }, '127.0.0.1')).toBeInstanceOf(HostRefusedError);
  for (const url of ['http://127.0.0.1:7373/api/v1/status', '//evil.test/api/v1/status', '*', '']) {
    expect(refused({ url })).toBeInstanceOf(HostRefusedError);
  }
});

test('refuses whatever a browser says of the page behind a request', () => {
  for (const headers of [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:7373' },
    { referer: 'http://localhost:7373/' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-dest': 'image' },
    { 'access-control-request-method': 'POST' },
  ]) {
    expect(refused({ headers })).toBeInstanceOf(BrowserRefusedError);
  }
});

test('takes no body that a form could send', () => {
  for (const type of [
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonp',
    'text/json',
  ]) {
    const headers = { 'content-length': '2', ...(type === undefined ? {} : { 'content-type': type }) };
    expect(refused({ method: 'POST', headers })).toBeInstanceOf(ContentTypeRefusedError);
  }
  const zipped = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' };
  expect(refused({ method: 'POST', headers: zipped })).toBeInstanceOf(ContentTypeRefusedError);
  expect(refused({ headers: { 'content-length': '2', 'content-type': 'application/json' } })).toBeInstanceOf(
    InvalidRequestError,
  );
});

test('knows no method but those it routes', () => {
  for (const method of ['OPTIONS', 'TRACE', 'CONNECT', 'PATCH', 'PROPFIND', 'get']) {
    expect(refused({ method })).toBeInstanceOf(MethodRefusedError);
  }
});
