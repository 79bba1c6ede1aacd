import type { IncomingMessage } from 'node:http';
import { isOfDashboard } from '../dashboard/browser.ts';
import {
  type ApiError,
  BrowserRefusedError,
  ContentTypeRefusedError,
  HostRefusedError,
  InvalidRequestError,
  MethodRefusedError,
} from './errors.ts';

/** The part of a request that says who is asking and how. */
export type Asking = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>;

/**
 * What a browser sends along for a page. `sec-fetch-mode` is not among them: Node's own fetch sends it as well, and no
 * browser sends it without `sec-fetch-site`.
 */
const browserHeaders = [
  'origin',
  'referer',
  'sec-fetch-site',
  'sec-fetch-dest',
  'sec-fetch-user',
  'access-control-request-method',
  'access-control-request-headers',
  'access-control-request-private-network',
] as const;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
const port = /:\d{1,5}$/;

/** Whether a browser sent it: then a token proves nothing, and only the dashboard's session counts. */
export function isFromBrowser(headers: Asking['headers']): boolean {
  return browserHeaders.some((header) => headers[header] !== undefined);
}

export function hasBody(headers: Asking['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

/**
 * Refuses what no client of ours sends, before anything is routed or read: names this daemon does not have (DNS
 * rebinding), requests of web pages but the dashboard, bodies a form could send. There are no CORS headers to answer with.
 */
export function refusal({ method = '', url = '', headers, rawHeaders }: Asking, host: string): ApiError | undefined {
  if (!isOurs(headers.host, rawHeaders, host)) return new HostRefusedError();
  // A proxy's form of request would carry a second host.
  if (!url.startsWith('/') || url.startsWith('//')) return new HostRefusedError();
  const browsers = browserHeaders.find((header) => headers[header] !== undefined);
  if (browsers !== undefined && !isOfDashboard({ method, url, headers })) return new BrowserRefusedError(browsers);
  if (!methods.includes(method)) return new MethodRefusedError(methods);
  if (!hasBody(headers)) return undefined;
  if (method === 'GET' || method === 'HEAD') return new InvalidRequestError('body', `a ${method} takes none`);
  return isJson(headers['content-type'], headers['content-encoding']) ? undefined : new ContentTypeRefusedError();
}

function isOurs(given: string | undefined, rawHeaders: readonly string[], host: string): boolean {
  // Node keeps the first of several.
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  if (given === undefined || hosts.length !== 1) return false;
  const name = given.toLowerCase().replace(port, '');
  return ['127.0.0.1', 'localhost', '[::1]', host.includes(':') ? `[${host}]` : host].includes(name);
}

function isJson(type: string | undefined, encoding: string | undefined): boolean {
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return false;
  return /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type ?? '');
}
