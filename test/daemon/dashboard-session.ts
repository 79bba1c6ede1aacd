import { type Answer, type Sent, send, sendJson } from './http.ts';
import type { TestService } from './service.ts';

/** What a browser says of a page that was asked for by hand. */
export const byHand = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

export async function makeLink(
  { url, token }: Pick<TestService, 'url' | 'token'>,
  role: 'operator' | 'reader' = 'operator',
): Promise<string> {
  const answer = await sendJson(url, token, 'POST', '/api/v1/dashboard/links', { role });
  return new URL((JSON.parse(answer.text) as { url: string }).url).pathname;
}

/** A session of the dashboard, with the headers its own page sends. */
export interface PageSession {
  readonly cookie: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As the page would, but for what is said otherwise; `undefined` leaves a header out. */
  call(sent: Sent, otherwise?: Readonly<Record<string, string | undefined>>): Promise<Answer>;
}

export async function openSession(
  daemon: Pick<TestService, 'url' | 'token'>,
  role: 'operator' | 'reader' = 'operator',
): Promise<PageSession> {
  const { url } = daemon;
  const opened = await send(url, { path: await makeLink(daemon, role), headers: byHand });
  const [, cookie = ''] = opened.headers['set-cookie']?.[0]?.match(/^([^;]+);/) ?? [];
  const [, key = ''] = opened.headers.location?.match(/#key=(.+)$/) ?? [];
  const headers = {
    cookie,
    'cloudsync-session-key': key,
    origin: url,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
  };
  return {
    cookie,
    key,
    headers,
    call(sent, otherwise = {}) {
      const all = Object.entries({ ...headers, ...sent.headers, ...otherwise });
      return send(url, {
        ...sent,
        headers: Object.fromEntries(all.filter((pair) => pair[1] !== undefined)) as Record<string, string>,
      });
    },
  };
}
