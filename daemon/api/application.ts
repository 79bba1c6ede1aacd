import { randomUUID } from 'node:crypto';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Log } from '../../src/model/index.ts';
import { CloudSyncError } from '../../src/model/index.ts';
import { dashboardPages } from '../dashboard/pages.ts';
import { describeApi } from './describe-api.ts';
import type { ApiContext, Endpoint } from './endpoint.ts';
import {
  InternalError,
  InvalidRequestError,
  MethodRefusedError,
  RouteNotFoundError,
  SecretInTextError,
  StoppingError,
  TokenRefusedError,
} from './errors.ts';
import { hasBody, refusal } from './guard.ts';
import { answerable, problemOf } from './problem.ts';
import { readJson } from './read-json.ts';
import { RefusalLog } from './refusal-log.ts';
import { routes } from './routes/index.ts';
import { Streams } from './streams.ts';
import type { Tokens } from './tokens.ts';
import { WhoAsks } from './who-asks.ts';

export interface ApplicationOptions {
  readonly context: ApiContext;
  readonly tokens: Tokens;
  /** The address listened on, one of the names the daemon answers to. */
  readonly host: string;
  readonly log: Log;
  readonly stopping: AbortSignal;
}

/** With every answer. */
export const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** The routes behind their guards: who may ask at all comes first, then who it is, then what for. */
export function apiApplication({ context, tokens, host, log, stopping }: ApplicationOptions): Express {
  const application = express();
  const streams = new Streams();
  application
    .disable('x-powered-by')
    .disable('etag')
    .set('query parser', 'simple')
    .set('case sensitive routing', true)
    .set('strict routing', true);

  application.use((request, response, next) => {
    response.set(headers).set('X-Request-Id', randomUUID());
    const refused = refusal(request, host);
    if (refused !== undefined) throw refused;
    if (stopping.aborted) throw new StoppingError();
    next();
  });

  application.use('/dashboard', dashboardPages(context.dashboard, log));
  const who = new WhoAsks(context.dashboard, tokens);
  const all = [...routes, describeApi];
  for (const [path, endpoints] of Map.groupBy(all, ({ path }) => path)) {
    const route = application.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    const allowed = endpoints.map(({ method }) => method.toUpperCase());
    const refuse: RequestHandler = (request) => {
      who.mayRead(request);
      throw new MethodRefusedError(allowed);
    };
    // Express would answer it as a GET: a stream without a body never ends.
    route.head(refuse);
    for (const endpoint of endpoints) route[endpoint.method](answer(endpoint, context, who, streams, stopping));
    route.all(refuse);
  }
  application.use((request) => {
    who.mayRead(request);
    throw new RouteNotFoundError(request.method);
  });
  application.use(problems(log, new RefusalLog(log, context.now)));
  return application;
}

function answer(
  endpoint: Endpoint,
  context: ApiContext,
  who: WhoAsks,
  streams: Streams,
  stopping: AbortSignal,
): RequestHandler {
  return async (request, response) => {
    const asker = who.may(endpoint, request);
    const left = new AbortController();
    response.once('close', () => left.abort());
    const ending = [left.signal, stopping, ...(asker.session === undefined ? [] : [asker.session.ended])];
    const signal = AbortSignal.any(ending);
    if (endpoint.answer.type !== 'text/event-stream') measure(endpoint, context, request, response);
    const asked = {
      context,
      params: request.params,
      query: request.query,
      body: await bodyOf(endpoint, context, request),
      asker,
      actor: asker.actor,
      header: (name: string) => request.get(name),
      signal,
    };
    const { type, status } = endpoint.answer;
    const shown = shownBy(endpoint, context);
    const answered = endpoint.handle(asked);
    if (Symbol.asyncIterator in answered) {
      await streams.send(response, answered, shown, signal);
      return;
    }
    const { body, headers } = await answered;
    response.status(status).set(headers ?? {});
    if (type === 'application/json') response.type('json').send(shown(body));
    else response.send(body);
  };
}

async function bodyOf({ body, bodyLimit, role, takesSecret }: Endpoint, { redactor }: ApiContext, request: Request) {
  if (body === undefined) return undefined;
  const given = await readJson(request, bodyLimit);
  // A reader could try out secrets so, and nothing of theirs is kept.
  if (role === 'operator' && !takesSecret && redactor.holds(JSON.stringify(given))) throw new SecretInTextError();
  return given;
}

/** As JSON. What is kept is shown without secrets; what a reader has sent comes back as it is, lest it tells them apart. */
function shownBy({ method, role }: Endpoint, { redactor }: ApiContext): (value: unknown) => string {
  return method === 'get' || role === 'operator' ? (value) => redactor.json(value) : (value) => JSON.stringify(value);
}

function measure({ path }: Endpoint, { metrics }: ApiContext, request: Request, response: Response): void {
  const started = performance.now();
  response.once('finish', () => {
    metrics.requested(path, request.method, response.statusCode, (performance.now() - started) / 1000);
  });
}

/** Every refusal and failure as a problem document; what was not foreseen is logged here, once. */
function problems(log: Log, refusals: RefusalLog): ErrorRequestHandler {
  return (thrown: unknown, request: Request, response: Response, _next) => {
    const requestId = response.get('X-Request-Id') ?? '';
    const error = answerable(asRefusal(thrown), requestId);
    refusals.note(error, requestId, request);
    if (error instanceof InternalError && thrown instanceof Error) {
      log('error', 'requestFailed', {
        request: requestId,
        method: request.method,
        path: request.path,
        stack: thrown.stack,
      });
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = problemOf(error, requestId);
    if (error instanceof TokenRefusedError) response.set('WWW-Authenticate', 'Bearer');
    if (error instanceof MethodRefusedError) response.set('Allow', error.allowed.join(', '));
    // The rest of a body nobody reads would be taken for the next request.
    if (hasBody(request.headers) && !request.complete) response.set('Connection', 'close');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** What express throws at a path it cannot decode, in our own words. */
function asRefusal(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('status' in thrown)) return thrown;
  const isRefusal = typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500;
  return isRefusal && !(thrown instanceof CloudSyncError)
    ? new InvalidRequestError('path', 'it cannot be decoded')
    : thrown;
}
