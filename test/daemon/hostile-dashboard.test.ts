import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleDashboard } from '../../build/dashboard.ts';
import { byHand, makeLink, openSession, type PageSession } from './dashboard-session.ts';
import { send, sendJson } from './http.ts';
import { expectRefused } from './refused.ts';
import { startTestService, type TestService } from './service.ts';

/** The dashboard lets its own page in. What other pages, ports, users and programs try on that door. */

let daemon: TestService;
beforeAll(async () => {
  await bundleDashboard();
  daemon = await startTestService({ tenant: 'nobody' });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const status = '/api/v1/status';
const json = { 'content-type': 'application/json' };

describe("the dashboard's session", () => {
  let operator: PageSession;
  let reader: PageSession;
  beforeAll(async () => {
    operator = await openSession(daemon);
    reader = await openSession(daemon, 'reader');
  });

  const cycle = { method: 'POST', path: '/api/v1/suspend', body: '{}', headers: { ...json, 'content-length': '2' } };

  test('lets its own page in', async () => {
    expect((await operator.call({ path: status })).status).toBe(200);
    expect((await operator.call({ path: status }, { origin: undefined })).status).toBe(200);
    expect((await operator.call(cycle)).status).toBe(200);
    expect((await operator.call({ method: 'POST', path: '/api/v1/resume' })).status).toBe(200);
  });

  for (const [what, otherwise] of [
    ['a page of another site', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', { origin: 'http://127.0.0.1:9999', 'sec-fetch-site': 'same-site' }],
    ['a page that hides where it is', { origin: 'null' }],
    ['a page that says it is the same origin, which it is not', { origin: 'http://localhost:1' }],
    ['an address bar', { 'sec-fetch-site': 'none' }],
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['a script element', { 'sec-fetch-dest': 'script' }],
    ['an image', { 'sec-fetch-dest': 'image' }],
    ['a page that names itself', { referer: 'http://127.0.0.1/' }],
    ['a browser that says nothing of the site', { 'sec-fetch-site': undefined }],
    ['a preflight', { 'access-control-request-method': 'POST' }],
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
    ["a page without the page's half", { 'cloudsync-session-key': undefined }],
    ['a page without the cookie', { cookie: undefined }],
    ['a page that has a token as well', { authorization: 'Bearer x' }],
  ] as const) {
    test(`lets ${what} neither look nor act`, async () => {
      expectRefused(await operator.call({ path: status }, otherwise), 'CS7102', 403);
      expectRefused(await operator.call(cycle, otherwise), 'CS7102', 403);
    });
  }

  test('acts only where the browser says which page asks', async () => {
    expectRefused(await operator.call(cycle, { origin: undefined }), 'CS7102', 403);
  });

  test('is nothing without the half that goes with the other', async () => {
    const port = new URL(daemon.url).port;
    for (const otherwise of [
      { 'cloudsync-session-key': reader.key },
      { 'cloudsync-session-key': 'x' },
      { 'cloudsync-session-key': '' },
      { cookie: reader.cookie },
      { cookie: `cloudsync-${port}=x` },
      { cookie: `cloudsync-${port}=` },
    ]) {
      expectRefused(await operator.call({ path: status }, otherwise), 'CS7132', 401);
    }
    for (const cookie of [operator.cookie.replace(port, '1'), `${operator.cookie}; ${reader.cookie}`]) {
      expectRefused(await operator.call({ path: status }, { cookie }), 'CS7102', 403);
    }
  });

  test('is no token: a program that has stolen it gets nothing', async () => {
    const { cookie, key } = operator;
    expectRefused(
      await send(daemon.url, { path: status, headers: { cookie, 'cloudsync-session-key': key } }),
      'CS7103',
      401,
    );
    expectRefused(await send(daemon.url, { path: status, headers: { authorization: `Bearer ${key}` } }), 'CS7103', 401);
    const bare = cookie.split('=')[1];
    expectRefused(
      await send(daemon.url, { path: status, headers: { authorization: `Bearer ${bare}` } }),
      'CS7103',
      401,
    );
  });

  test('is not reached under a name that leads here by DNS', async () => {
    for (const headers of [{ host: 'evil.test' }, { host: 'evil.test', origin: 'http://evil.test' }]) {
      expectRefused(await operator.call({ path: status }, headers), 'CS7101', 403);
    }
  });

  test('takes no body that a form could send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', undefined]) {
      expectRefused(await operator.call(cycle, { 'content-type': type }), 'CS7107', 415);
    }
  });

  test('of a reader changes nothing', async () => {
    expect((await reader.call({ path: status })).status).toBe(200);
    expectRefused(await reader.call(cycle), 'CS7104', 403);
    const decision = { ...cycle, path: '/api/v1/held/decision' };
    expectRefused(await reader.call(decision), 'CS7104', 403);
  });

  test('does what the dashboard shows and no more, an operator’s as well', async () => {
    for (const [method, path] of [
      ['POST', '/api/v1/dashboard/links'],
      ['PUT', '/api/v1/configuration'],
      ['POST', '/api/v1/configuration/reload'],
      ['GET', '/api/v1/secrets'],
      ['PUT', '/api/v1/secrets/x'],
      ['DELETE', '/api/v1/secrets/x'],
      ['POST', '/api/v1/objects/provision'],
    ] as const) {
      expectRefused(await operator.call(method === 'GET' ? { path } : { ...cycle, method, path }), 'CS7133', 403);
    }
    expectRefused(await operator.call({ path: '/metrics' }), 'CS7102', 403);
    expectRefused(await operator.call({ path: '/nothing' }), 'CS7102', 403);
    expectRefused(await operator.call({ path: '/api/v1/nothing' }), 'CS7105', 404);
  });

  test('is worth nothing once it was ended', async () => {
    const third = await openSession(daemon);
    expect((await third.call({ method: 'DELETE', path: '/api/v1/session' })).status).toBe(200);
    expectRefused(await third.call({ path: status }), 'CS7132', 401);
    expect((await operator.call({ path: status })).status).toBe(200);
  });

  test('takes with it the streams it had opened', async () => {
    const third = await openSession(daemon);
    const stream = third.call({ path: '/api/v1/log/events' }).catch((error: Error) => error.message);
    await third.call({ method: 'DELETE', path: '/api/v1/session' });
    expect(await stream).toBeDefined();
  });
});

describe("the dashboard's files", () => {
  const file = (headers: Record<string, string>, path = '/dashboard/') => send(daemon.url, { path, headers });

  test('are for somebody who asks by hand, under a policy that lets nothing else in', async () => {
    const answer = await file(byHand);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = answer.headers['content-security-policy'];
    expect(policy).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'",
    );
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:|http/);
    expect(answer.text).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=/);
  });

  for (const [what, headers] of [
    ['a page of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'script' }],
    ['a link on a page of another site', { ...byHand, 'sec-fetch-site': 'cross-site' }],
    ['a frame', { ...byHand, 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-origin' }],
    ['an object', { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'object' }],
    ['a worker', { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'serviceworker' }],
  ] as const) {
    test(`are not for ${what}`, async () => {
      for (const path of ['/dashboard/', '/dashboard/dashboard.js', '/dashboard/icon.svg']) {
        expectRefused(await file(headers, path), 'CS7102', 403);
      }
    });
  }

  test('are no way to other files', async () => {
    for (const path of [
      '/dashboard/../daemon.json',
      '/dashboard/%2e%2e/%2e%2e/package.json',
      '/dashboard/index.html',
      '/dashboard/dashboard.js/..',
      '/dashboard/dashboard.js.map',
      '/dashboard//etc/passwd',
      '/dashboard/open/',
      '/dashboard/constructor',
    ]) {
      const answer = await file(byHand, path);
      expect([400, 404], path).toContain(answer.status);
      expect(answer.text).not.toMatch(/root:|tokenFile|node_modules/);
    }
  });

  test('are not for programs, which need the token for whatever there is', async () => {
    expectRefused(await file({}), 'CS7103', 401);
    expectRefused(await send(daemon.url, { path: '/dashboard/', token: daemon.token }), 'CS7105', 404);
  });
});

describe('a link to the dashboard', () => {
  test('is used up by nobody but a person', async () => {
    const path = await makeLink(daemon);
    for (const headers of [
      { ...byHand, 'sec-fetch-site': 'cross-site' },
      { ...byHand, 'sec-fetch-dest': 'iframe' },
      { ...byHand, 'sec-purpose': 'prefetch;prerender' },
      { ...byHand, referer: 'https://mail.test/' },
    ]) {
      expectRefused(await send(daemon.url, { path, headers }), 'CS7102', 403);
    }
    expectRefused(await send(daemon.url, { path, headers: { ...byHand, host: 'evil.test' } }), 'CS7101', 403);
    expect((await send(daemon.url, { method: 'HEAD', path, headers: byHand })).status).toBe(403);
    expectRefused(await send(daemon.url, { method: 'POST', path, headers: byHand }), 'CS7102', 403);
    expectRefused(await send(daemon.url, { path }), 'CS7103', 401);
    const opened = await send(daemon.url, { path, headers: byHand });
    expect(opened.status).toBe(303);
    expect(opened.headers['set-cookie']).toEqual([
      expect.stringMatching(/^cloudsync-\d+=[\w-]{43}; Path=\/api\/v1; HttpOnly; SameSite=Strict$/),
    ]);
    expect(opened.headers.location).toMatch(/^\/dashboard\/#key=[\w-]{43}$/);
  });

  test('that was made up opens nothing', async () => {
    for (const code of ['x', 'x'.repeat(43), '%00', 'x'.repeat(8000)]) {
      const answer = await send(daemon.url, { path: `/dashboard/open/${code}`, headers: byHand });
      expect(answer.status).toBe(410);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  test('is not made for more than the token may', async () => {
    const path = '/api/v1/dashboard/links';
    const answer = await sendJson(daemon.url, daemon.readerToken, 'POST', path, { role: 'operator' });
    expectRefused(answer, 'CS7104', 403);
    const { text } = await sendJson(daemon.url, daemon.readerToken, 'POST', path, {});
    const link = new URL((JSON.parse(text) as { url: string }).url).pathname;
    expect((await send(daemon.url, { path: link, headers: byHand })).status).toBe(303);
    expect(daemon.lines.some((line) => /"dashboardOpened".*"role":"reader"/.test(line))).toBe(true);
  });
});

test('none of it brought a defect to light, or a secret into the log', () => {
  const log = daemon.lines.join('\n');
  expect(daemon.lines.filter((line) => /"(requestFailed|threadEnded)"|^died/.test(line))).toEqual([]);
  expect(log).not.toMatch(/dashboard\/open\/|Set-Cookie/i);
});
