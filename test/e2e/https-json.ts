import { readFileSync } from 'node:fs';
import { request } from 'node:https';

interface Access {
  readonly graphUrl: string;
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly ca: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function call(url: URL, method: string, headers: Record<string, string>, ca: Buffer, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ca }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Reads a tenant by plain HTTPS, with none of our own code between: what a test believes. */
export function httpsJson(access: Access): <T>(path: string, method?: string, body?: unknown) => Promise<T> {
  const ca = readFileSync(access.ca);
  let token: Promise<string> | undefined;

  async function signIn(): Promise<string> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: access.clientId,
      client_secret: access.clientSecret,
      scope: `${new URL(access.graphUrl).origin}/.default`,
    });
    const url = new URL(`/${access.tenantId}/oauth2/v2.0/token`, access.authority);
    const answer = await call(
      url,
      'POST',
      { 'content-type': 'application/x-www-form-urlencoded' },
      ca,
      form.toString(),
    );
    return (JSON.parse(answer.body) as { access_token: string }).access_token;
  }

  return async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
    token ??= signIn();
    const headers: Record<string, string> = { authorization: `Bearer ${await token}`, consistencylevel: 'eventual' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const answer = await call(
      new URL(path, access.graphUrl),
      method,
      headers,
      ca,
      body === undefined ? undefined : JSON.stringify(body),
    );
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return (answer.body === '' ? undefined : JSON.parse(answer.body)) as T;
  };
}
