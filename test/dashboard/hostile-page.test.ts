import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send, sendJson } from '../daemon/http.ts';
import { openPage, startWorld, type World } from './world.ts';

/**
 * Pages of other servers on this machine, in the very browser in which an operator has the dashboard open: what they ask
 * for reaches the daemon with the operator's cookie wherever a browser sends it.
 */

let world: World;
let evil: Server;
let evilUrl: string;
/** Cookies the other server was sent. */
const stolen: string[] = [];
beforeAll(async () => {
  world = await startWorld();
  evil = createServer((request, response) => {
    if (request.headers.cookie !== undefined) stolen.push(request.headers.cookie);
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title>');
  }).listen(0, '127.0.0.1');
  await once(evil, 'listening');
  evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
});
afterAll(async () => {
  evil.closeAllConnections();
  evil.close();
  await world[Symbol.asyncDispose]();
});

/**
 * An operator's browser, on a page of somebody else; what came of each request that page made of the daemon. Most answers
 * the browser keeps back itself, since the daemon gives them to nobody else.
 */
async function onEvilPage(
  work: (page: Page) => Promise<void>,
  from = evilUrl,
): Promise<readonly (number | 'kept back')[]> {
  await using opened = await openPage(world);
  await opened.page.close();
  const page = await opened.context.newPage();
  const answers: (number | 'kept back')[] = [];
  opened.context.on('response', (response) => {
    if (response.url().startsWith(world.url)) answers.push(response.status());
  });
  opened.context.on('requestfailed', (request) => {
    if (request.url().startsWith(world.url)) answers.push('kept back');
  });
  await page.goto(from);
  await work(page);
  const { suspended } = JSON.parse((await sendJson(world.url, world.token, 'GET', '/api/v1/schedule')).text);
  expect(suspended).toBeNull();
  return answers;
}

describe('a page of another port', () => {
  test('reads nothing and changes nothing by any call it can make', async () => {
    const answers = await onEvilPage(async (page) => {
      const told = await page.evaluate(async (daemon) => {
        const ask = (path: string, how: RequestInit): Promise<string> =>
          fetch(`${daemon}${path}`, { credentials: 'include', ...how }).then(
            async (response) => `${response.type} ${response.status} ${await response.text()}`,
            () => 'refused',
          );
        const body = '{}';
        return await Promise.all([
          ask('/api/v1/status', {}),
          ask('/api/v1/status', { mode: 'no-cors' }),
          ask('/api/v1/status', { headers: { 'cloudsync-session-key': 'x' } }),
          ask('/api/v1/suspend', { method: 'POST', mode: 'no-cors', body }),
          ask('/api/v1/suspend', { method: 'POST', mode: 'no-cors', body, headers: { 'content-type': 'text/plain' } }),
          ask('/api/v1/suspend', { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
          ask('/dashboard/', { mode: 'no-cors' }),
        ]);
      }, world.url);
      for (const answer of told) expect(answer).toMatch(/^refused$|^opaque 0 $/);
    });
    expect(answers.length).toBeGreaterThan(3);
    expect(answers.filter((answer) => answer !== 403 && answer !== 'kept back')).toEqual([]);
  });

  test('embeds nothing: no script, image, style, frame or form', async () => {
    const answers = await onEvilPage(async (page) => {
      const loaded = await page.evaluate(async (daemon) => {
        const tried = [
          ['script', 'src', '/dashboard/dashboard.js'],
          ['img', 'src', '/dashboard/icon.svg'],
          ['link', 'href', '/dashboard/dashboard.css'],
        ].map(([tag = '', attribute = '', path]) => {
          const element = document.createElement(tag);
          if (tag === 'link') element.setAttribute('rel', 'stylesheet');
          element.setAttribute(attribute, `${daemon}${path}`);
          const { promise, resolve } = Promise.withResolvers<string>();
          element.addEventListener('load', () => resolve(`${tag} loaded`));
          element.addEventListener('error', () => resolve('refused'));
          document.head.append(element);
          return promise;
        });
        const frame = document.createElement('iframe');
        frame.name = 'inside';
        frame.src = `${daemon}/dashboard/`;
        document.body.append(frame);
        const framed = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
        await framed;
        const form = document.createElement('form');
        Object.assign(form, {
          method: 'post',
          action: `${daemon}/api/v1/suspend`,
          target: 'inside',
          enctype: 'text/plain',
        });
        document.body.append(form);
        const posted = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
        form.submit();
        await posted;
        return await Promise.all(tried);
      }, world.url);
      expect(loaded).toEqual(['refused', 'refused', 'refused']);
      for (const frame of page.frames().slice(1)) expect(await frame.content()).not.toMatch(/dashboard\.js|CS7/);
    });
    expect(answers.length).toBeGreaterThan(3);
    expect(answers.filter((answer) => answer !== 403 && answer !== 'kept back')).toEqual([]);
  });

  test('uses up no link, and opens no dashboard, by sending the browser there', async () => {
    const link = await world.link();
    for (const target of [link, `${world.url}/dashboard/`]) {
      const answers = await onEvilPage(async (page) => {
        const arrived = page.waitForURL(target);
        await page.evaluate((to) => {
          location.href = to;
        }, target);
        await arrived;
        expect(await page.content()).toContain('CS7102');
      });
      expect(answers[0]).toBe(403);
    }
    const context = await world.browser.newContext();
    const page = await context.newPage();
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await context.close();
  });

  test('gets the cookie, as cookies know no ports, and can do nothing with it', async () => {
    stolen.length = 0;
    await onEvilPage(async (page) => void (await page.goto(`${evilUrl}/api/v1/gimme`)));
    const [cookie = ''] = stolen;
    expect(cookie).toMatch(/^cloudsync-\d+=[\w-]{43}$/);
    const asPage = {
      cookie,
      origin: world.url,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
    };
    const path = '/api/v1/status';
    expect((await send(world.url, { path, headers: { cookie } })).status).toBe(401);
    expect((await send(world.url, { path, headers: asPage })).status).toBe(403);
    const guessed = { ...asPage, 'cloudsync-session-key': cookie.split('=')[1] ?? '' };
    expect((await send(world.url, { path, headers: guessed })).status).toBe(401);
  });
});

test('a name that leads here by DNS is refused before anything else', async () => {
  await using opened = await openPage(world);
  const { port } = new URL(world.url);
  for (const path of ['/dashboard/', '/api/v1/status', '/']) {
    const answer = await opened.page.goto(`http://rebound.test:${port}${path}`);
    expect(answer?.status()).toBe(403);
    expect(await answer?.text()).toContain('CS7101');
  }
});
