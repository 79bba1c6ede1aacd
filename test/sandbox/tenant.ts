import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { type CsdlWatch, watchCsdl } from '../csdl/index.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The JSON; an empty object where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by the tests as they come
  readonly body: any;
}

export type Send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** A sandbox of its own, spoken to by plain HTTPS with none of our code between, its answers held to Graph's schema. */
export interface TestTenant extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly watch: CsdlWatch;
  readonly folder: string;
  /** To Graph, below `/v1.0` unless the path begins with a version or is a link, with a token. */
  readonly send: Send;
  /** Anywhere, with these headers alone. */
  readonly raw: (method: string, url: string, body?: string, headers?: Record<string, string>) => Promise<Answer>;
  /** As another application, holding these roles. */
  as(roles: readonly string[]): Promise<Send>;
  token(clientId: string, clientSecret: string): Promise<string>;
  readonly root: string;
  /** Creates one and gives back its id. */
  user(more?: Record<string, unknown>): Promise<string>;
  group(more?: Record<string, unknown>): Promise<string>;
}

export const domain = 'contoso.test';
let made = 0;

export function newUser(more: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  return {
    accountEnabled: true,
    displayName: `User ${made}`,
    mailNickname: `user${made}`,
    userPrincipalName: `user${made}@${domain}`,
    passwordProfile: { password: `Aa1-${randomBytes(12).toString('hex')}` },
    ...more,
  };
}

export function newGroup(more: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  return {
    displayName: `Group ${made}`,
    mailNickname: `group${made}`,
    mailEnabled: false,
    securityEnabled: true,
    ...more,
  };
}

export async function openTenant(options: Partial<SandboxOptions> = {}): Promise<TestTenant> {
  await using disposables = new AsyncDisposableStack();
  const folder = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'cloudsync-sandbox-'));
  if (options.dataDirectory === undefined) disposables.defer(() => rmSync(folder, { recursive: true, force: true }));
  const watch = watchCsdl({ requests: false });
  const sandbox = disposables.use(
    await startSandbox({
      listen: { host: '127.0.0.1', port: 0 },
      dataDirectory: folder,
      domains: [domain],
      validate: watch.see,
      ...options,
    }),
  );
  const agent = new Agent({ keepAlive: true, ca: readFileSync(sandbox.ca) });
  disposables.defer(() => agent.destroy());

  function raw(method: string, url: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(new URL(url, sandbox.graphUrl), { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = /\bjson\b/.test(response.headers['content-type'] ?? '');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            get body() {
              return isJson && text !== '' ? JSON.parse(text) : {};
            },
          });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async function token(clientId: string, clientSecret: string): Promise<string> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${sandbox.graphUrl}/.default`,
    });
    const answer = await raw('POST', `/${sandbox.tenantId}/oauth2/v2.0/token`, form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    return answer.body.access_token;
  }

  function sender(bearer: string): Send {
    return (method, path, body, headers = {}) => {
      const url = /^(https:|\/(v1\.0|beta)\/)/.test(path) ? path : `/v1.0${path}`;
      return raw(method, url, body === undefined ? undefined : JSON.stringify(body), {
        authorization: `Bearer ${bearer}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      });
    };
  }

  const send = sender(await token(sandbox.clientId, sandbox.clientSecret));
  async function create(path: string, body: Record<string, unknown>): Promise<string> {
    const answer = await send('POST', path, body);
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
    return answer.body.id;
  }
  const kept = disposables.move();
  return {
    sandbox,
    watch,
    folder,
    send,
    raw,
    token,
    root: `${sandbox.graphUrl}/v1.0`,
    async as(roles) {
      const { clientId, clientSecret } = sandbox.addApplication('narrow', roles);
      return sender(await token(clientId, clientSecret));
    },
    user: (more) => create('/users', newUser(more)),
    group: (more) => create('/groups', newGroup(more)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Every page of a list. */
export async function pages(send: Send, path: string, headers?: Record<string, string>): Promise<Answer[]> {
  const found: Answer[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const answer: Answer = await send('GET', next, undefined, headers);
    if (answer.status !== 200) throw new Error(`GET ${next}: ${answer.status} ${answer.text}`);
    found.push(answer);
    next = answer.body['@odata.nextLink'];
  }
  return found;
}

export const advanced = { consistencylevel: 'eventual' };
