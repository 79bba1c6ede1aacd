import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOfDashboard } from './browser.ts';

const host = '127.0.0.1:7373';
const page = {
  host,
  cookie: 'cloudsync-7373=cookie',
  'cloudsync-session-key': 'key',
  origin: `http://${host}`,
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
};

const byPage = (headers: object, method = 'POST', url = '/api/v1/cycles') =>
  isOfDashboard({ method, url, headers: { ...page, ...headers } });

test('knows the calls of its own page', () => {
  expect(byPage({})).toBe(true);
  expect(byPage({ origin: undefined }, 'GET')).toBe(true);
  expect(byPage({ cookie: 'a=b; cloudsync-7373=cookie; cloudsync-80=c' })).toBe(true);
});

test('takes no other origin for its own, whatever the rest says', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom('null', `https://${host}`, 'http://127.0.0.1')),
      (origin) => {
        fc.pre(origin !== page.origin);
        expect(byPage({ origin })).toBe(false);
      },
    ),
  );
});

test('takes the word of a browser as it is written, and nothing like it', () => {
  fc.assert(
    fc.property(fc.constantFrom('sec-fetch-site', 'sec-fetch-dest'), fc.string(), (header, value) => {
      fc.pre(value !== page[header]);
      expect(byPage({ [header]: value })).toBe(false);
    }),
  );
});

test('lets its page call the API and nothing beside it', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'), (url, method) => {
      fc.pre(!url.startsWith('/api/v1/'));
      expect(byPage({}, method, url)).toBe(false);
    }),
  );
});
