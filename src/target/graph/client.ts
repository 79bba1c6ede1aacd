import { randomUUID } from 'node:crypto';
import {
  Client,
  type Context,
  type Middleware,
  type MiddlewareOptions,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import { BadAnswerError } from '../errors.ts';
import type { Fetch } from '../https-fetch.ts';
import type { SignIn } from '../sign-in.ts';
import { parseJsonExactly } from './json.ts';

export type GraphVersion = 'v1.0' | 'beta';

export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the version's root, percent-encoded: `/users/{id}`. */
  readonly path: string;
  readonly version?: GraphVersion;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** What the tenant said, whatever its status. */
export interface GraphAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  /** Parsed JSON; nothing when there is no body, or an error's body is not JSON. */
  readonly body: unknown;
  readonly requestId: string | undefined;
}

/**
 * One request and its answer through Microsoft's own client. It throws only when there is no answer of the tenant:
 * unreachable, lost, or something else in its place.
 */
export interface GraphClient {
  send(request: GraphRequest, signal: AbortSignal): Promise<GraphAnswer>;
  /** Follows a link the tenant gave, which must lead to the same origin: tokens go nowhere else. */
  follow(link: string, signal: AbortSignal): Promise<GraphAnswer>;
}

/** Carries an error past the client's own error handling, which keeps only its text. */
class Exchange implements MiddlewareOptions {
  failure: unknown;
}

function urlOf({ request }: Context): string {
  return typeof request === 'string' ? request : request.url;
}

/** Adds the token, and a fresh one when the tenant finds the first expired: a 401 had no effect, so sending again is safe. */
class SignInHandler implements Middleware {
  readonly #signIn: SignIn;
  readonly #origin: string;
  #next: Middleware | undefined;

  constructor(signIn: SignIn, origin: string) {
    this.#signIn = signIn;
    this.#origin = origin;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    try {
      const { origin } = new URL(urlOf(context));
      if (origin !== this.#origin) throw new BadAnswerError(this.#origin, `it leads on to ${origin}`);
      await this.#attempt(context, false);
      if (context.response?.status === 401) await this.#attempt(context, true);
    } catch (error) {
      const exchange = context.middlewareControl?.getMiddlewareOptions(Exchange);
      if (exchange instanceof Exchange) exchange.failure = error;
      throw error;
    }
  }

  async #attempt(context: Context, fresh: boolean): Promise<void> {
    const token = await this.#signIn.token(fresh);
    const headers = new Headers(context.options?.headers);
    headers.set('authorization', `Bearer ${token.value}`);
    context.options = { ...context.options, headers };
    await this.#next?.execute(context);
  }
}

class SendHandler implements Middleware {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  async execute(context: Context): Promise<void> {
    context.response = await this.#fetch(urlOf(context), context.options ?? {});
  }
}

export function graphClient(origin: string, signIn: SignIn, fetch: Fetch): GraphClient {
  const client = Client.initWithMiddleware({
    baseUrl: `${origin}/`,
    middleware: [new SignInHandler(signIn, origin), new SendHandler(fetch)],
  });

  async function exchange({ method, path, version, headers, body }: GraphRequest, signal: AbortSignal) {
    const carried = new Exchange();
    const clientRequestId = randomUUID();
    const request = client
      .api(path)
      .responseType(ResponseType.RAW)
      .option('signal', signal)
      .headers({ 'client-request-id': clientRequestId, ...headers })
      .middlewareOptions([carried]);
    if (version !== undefined) request.version(version);
    let response: Response;
    try {
      response = await call(request, method, body);
    } catch (error) {
      throw carried.failure ?? error;
    }
    return await toAnswer(path, response, clientRequestId);
  }

  return {
    send: ({ version = 'v1.0', ...request }, signal) => exchange({ version, ...request }, signal),
    follow: (link, signal) => exchange({ method: 'GET', path: link }, signal),
  };
}

type Call = ReturnType<Client['api']>;

function call(request: Call, method: GraphRequest['method'], body: GraphRequest['body']): Promise<Response> {
  switch (method) {
    case 'GET':
      return request.get();
    case 'POST':
      return request.post(body);
    case 'PATCH':
      return request.patch(body);
    case 'PUT':
      return request.put(body);
    case 'DELETE':
      return request.delete();
    default:
      return method satisfies never;
  }
}

async function toAnswer(path: string, response: Response, clientRequestId: string): Promise<GraphAnswer> {
  const { status, headers } = response;
  const shown = path.replace(/\?.*/, '');
  if (status >= 300 && status < 400)
    throw new BadAnswerError(shown, `${status} redirects to ${headers.get('location') ?? 'nowhere'}`);
  const text = await response.text();
  const json = text === '' ? undefined : parseJson(text);
  // Gateways on the way answer 5xx with a page of their own: the status says all there is to know.
  if (text !== '' && json === undefined && status < 500)
    throw new BadAnswerError(
      shown,
      `${status} with ${headers.get('content-type') ?? 'no content type'} in place of JSON`,
    );
  return {
    status,
    header: (name) => headers.get(name) ?? undefined,
    body: json,
    requestId: headers.get('request-id') ?? clientRequestId,
  };
}

function parseJson(text: string): unknown {
  try {
    return parseJsonExactly(text);
  } catch {
    return undefined;
  }
}
