import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import type { Log } from '../../src/model/index.ts';
import { ApiError, LinkRefusedError, RouteNotFoundError } from '../api/errors.ts';
import { isFromBrowser } from '../api/guard.ts';
import { assets } from './assets.ts';
import { cookieName } from './browser.ts';
import type { Dashboard } from './dashboard.ts';

/** The page loads what this daemon serves and nothing else, runs no text as code, and shows in no frame. */
const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    ...['script', 'style', 'connect', 'img'].map((kind) => `${kind}-src 'self'`),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** The dashboard's files and the door to it: for browsers alone, which the guard has looked at. */
export function dashboardPages({ links, sessions }: Dashboard, log: Log): RequestHandler {
  const router = Router({ caseSensitive: true, strict: true });
  router.use((request, response, next) => {
    if (!isFromBrowser(request.headers)) return next('router');
    response.set(headers);
    next();
  });
  router.get('/open/:code', (request, response) => {
    const proof = links.use(request.params.code, (holder) => {
      log('info', 'dashboardOpened', { role: holder.role, actor: holder.actor });
      return sessions.open(holder);
    });
    if (proof === undefined) {
      log('warn', 'dashboardLinkRefused', {});
      throw new LinkRefusedError();
    }
    const { cookie, key } = proof;
    const name = cookieName(request.headers);
    response.set('Set-Cookie', `${name}=${cookie}; Path=/api/v1; HttpOnly; SameSite=Strict`);
    // What follows the # stays in the browser.
    response.set('Location', `/dashboard/#key=${key}`).status(303).end();
  });
  router.get('/', (request, response) => {
    if (request.originalUrl === '/dashboard') response.set('Location', '/dashboard/').status(303).end();
    else response.type('html').send(assets['index.html']());
  });
  for (const [name, type] of [
    ['dashboard.js', 'text/javascript'],
    ['dashboard.css', 'text/css'],
    ['icon.svg', 'image/svg+xml'],
  ] as const) {
    router.get(`/${name}`, (_request, response) => void response.type(type).send(assets[name]()));
  }
  router.use((request) => {
    throw new RouteNotFoundError(request.method);
  });
  router.use(asPage);
  return router;
}

/** Somebody looks at it: a refusal is a page as well. */
const asPage: ErrorRequestHandler = (thrown: unknown, request, response, next) => {
  if (!(thrown instanceof ApiError) || request.get('sec-fetch-dest') !== 'document') return next(thrown);
  const { code, message, remedy } = thrown.report();
  response
    .status(thrown.status)
    .type('html')
    .send(refusalPage(code, message, remedy));
};

function refusalPage(...[code, message, remedy]: readonly [string, string, string]): string {
  const [shownCode, shownMessage, shownRemedy] = [code, message, remedy].map((text) =>
    text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>CloudSync</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="/dashboard/icon.svg"><link rel="stylesheet" href="/dashboard/dashboard.css"></head>
<body><main class="refused"><h1>CloudSync</h1><p>${shownMessage}</p><p>${shownRemedy}</p><p><small>${shownCode}</small></p></main></body>
</html>
`;
}
