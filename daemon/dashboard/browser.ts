import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Proof } from './sessions.ts';

/** What the dashboard sends along with each call: the page's half of its session. */
export const sessionKeyHeader = 'cloudsync-session-key';

const files = ['document', 'script', 'style', 'image'];

/**
 * Of all that browsers send, what the dashboard is made of: its files, asked for by hand or by itself, and the calls of
 * its own page, which carry both halves of a session. `Sec-Fetch-*` and `Origin` are the browser's word: no page
 * can write them. A page of another port has the same site, never the same origin.
 */
export function isOfDashboard({
  method,
  url = '',
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): boolean {
  const { origin, referer, authorization } = headers;
  const site = headers['sec-fetch-site'];
  const destination = String(headers['sec-fetch-dest']);
  if (referer !== undefined || authorization !== undefined || isPreflight(headers)) return false;
  // Fetched ahead of a click that may never come, a link would be used up.
  if (headers['sec-purpose'] !== undefined) return false;
  if (origin !== undefined && origin !== `http://${headers.host}`) return false;
  if (url === '/dashboard' || url.startsWith('/dashboard/')) {
    if (method !== 'GET') return false;
    return site === 'none' ? destination === 'document' : site === 'same-origin' && files.includes(destination);
  }
  return (
    url.startsWith('/api/v1/') &&
    site === 'same-origin' &&
    destination === 'empty' &&
    (method === 'GET' || origin !== undefined) &&
    proofOf(headers) !== undefined
  );
}

function isPreflight(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name.startsWith('access-control-request-'));
}

/** Cookies know no ports: each daemon of a host has one by its own. */
export function cookieName(headers: IncomingHttpHeaders): string {
  return `cloudsync-${headers.host?.match(/:(\d{1,5})$/)?.[1] ?? '80'}`;
}

/** Both halves of a session, where a request has them. */
export function proofOf(headers: IncomingHttpHeaders): Proof | undefined {
  const key = headers[sessionKeyHeader];
  const name = cookieName(headers);
  const cookies = (headers.cookie ?? '').split(/; */).filter((pair) => pair.startsWith(`${name}=`));
  const [cookie] = cookies;
  if (typeof key !== 'string' || cookie === undefined || cookies.length > 1) return undefined;
  return { cookie: cookie.slice(name.length + 1), key };
}
