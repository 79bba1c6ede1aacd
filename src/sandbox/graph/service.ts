import { randomUUID } from 'node:crypto';
import type { Counters } from '../counters.ts';
import { DirectoryRefusal, ObjectQuotaReached, ValueTaken } from '../directory/index.ts';
import type { Exchange } from '../exchange.ts';
import { type Faults, faultSource, type Strike } from '../faults.ts';
import { type HttpAnswer, type HttpRequest, header } from '../http.ts';
import type { Caller, Tokens } from '../sign-in/index.ts';
import type { GraphAnswer } from './answer.ts';
import { answerBatch, type BatchItem, parseBatch } from './batch.ts';
import type { GraphContext } from './context.ts';
import { entities } from './entities/index.ts';
import { mangled } from './mangled.ts';
import { holdsRole } from './protection.ts';
import { costOf, quotaKeeper } from './quota.ts';
import { GraphRefusal, refusalBody, refuse } from './refusals.ts';
import { type JsonObject, parseRequest, type RawRequest } from './request.ts';
import { router } from './route.ts';
import { routes } from './routes.ts';

export interface GraphServiceContext extends GraphContext {
  readonly tokens: Tokens;
  readonly counters: Counters;
  /** Is a token's audience this service? */
  isGraph(audience: string): boolean;
  readonly validate: ((exchange: Exchange) => void) | undefined;
}

/** An answer, or what becomes of the connection in its place. */
export type Served = { readonly answer: HttpAnswer } | { readonly lost: 'reset' | 'hang' };

const contentType =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

interface Identifiers {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** Microsoft Graph over the tenant's directory. */
export function graphService(context: GraphServiceContext): (request: HttpRequest) => Served {
  const match = router(routes);
  const faults: Faults = faultSource(context.profile);
  const { counters, clock } = context;
  const quota = quotaKeeper(context.tenantId, clock, context.profile, () =>
    context.directory.objects.count('user', 'live'),
  );

  function authenticate(request: HttpRequest): Caller {
    const [, token] = /^bearer\s+(\S+)$/i.exec(header(request.headers, 'authorization') ?? '') ?? [];
    if (token === undefined) throw refuse.tokenMissing();
    const checked = context.tokens.check(token);
    if ('problem' in checked) throw refuse.tokenBad(checked.problem);
    if (!context.isGraph(checked.caller.audience)) {
      throw refuse.tokenBad('Access token validation failure. Invalid audience.');
    }
    return checked.caller;
  }

  /** A request or an item: routed, charged, permitted, carried out. */
  function perform(raw: RawRequest): GraphAnswer {
    const strike = faults.onAnswer(raw);
    if (strike !== undefined) counters.faults += 1;
    if (strike?.when === 'before') throw struck(strike);
    const request = parseRequest(raw);
    const { route, parameters } = match(request);
    const cost = costOf(request, route);
    counters.writes += cost.writes;
    const headers = quota.charge(request.caller.appId, cost);
    try {
      if (!holdsRole(request, context, route.permissions)) throw refuse.noPermission();
      const answer = route.handle(request, parameters, context);
      counters.written += cost.writes;
      if (strike !== undefined) throw struck(strike);
      return { ...answer, headers: { ...headers, ...answer.headers } };
    } catch (error) {
      throw withHeaders(asRefusal(error), headers);
    }
  }

  /** The same with refusals as answers. */
  function settled(raw: RawRequest, ids: Identifiers): GraphAnswer {
    let answer: GraphAnswer;
    try {
      answer = perform(raw);
    } catch (error) {
      const refusal = asRefusal(error);
      if (refusal.status === 429) counters.throttled += 1;
      answer = refused(refusal, ids);
    }
    context.validate?.({
      version: raw.version,
      method: raw.method,
      target: raw.target,
      requestHeaders: raw.headers,
      requestBody: raw.body,
      status: answer.status,
      responseHeaders: answer.headers ?? {},
      responseBody: answer.body,
    });
    return answer;
  }

  function refused(refusal: GraphRefusal, { requestId, clientRequestId }: Identifiers): GraphAnswer {
    return {
      status: refusal.status,
      headers: refusal.headers,
      body: refusalBody(refusal, requestId, clientRequestId, clock.now()),
    };
  }

  function serve(request: HttpRequest, ids: Identifiers): { answer: GraphAnswer; lost?: Strike } {
    const [, version = '', path = '/'] = /^\/(v1\.0|beta)(\/.*)?$/i.exec(request.path) ?? [];
    const isBeta = version.toLowerCase() === 'beta';
    const target = request.query === '' ? path : `${path}?${request.query}`;
    const isBatch = request.method === 'POST' && path.toLowerCase() === '/$batch';
    let raw: RawRequest;
    let items: readonly BatchItem[] = [];
    try {
      const caller = authenticate(request);
      raw = {
        method: request.method,
        origin: request.origin,
        version: isBeta ? 'beta' : 'v1.0',
        target,
        headers: plainHeaders(request),
        body: bodyOf(request),
        caller,
      };
      if (isBatch) items = parseBatch(raw.body);
    } catch (error) {
      return { answer: refused(asRefusal(error), ids) };
    }
    const targets = isBatch ? [{ method: 'POST', target: '/$batch' }, ...items] : [raw];
    const lost = faults.onConnection(targets);
    if (lost !== undefined) counters.faults += 1;
    if (lost?.when === 'before') return { answer: { status: 204 }, lost };
    counters.items += items.length;
    const answer = isBatch ? answerBatch(items, raw, context, (item) => settled(item, ids)) : settled(raw, ids);
    return lost === undefined ? { answer } : { answer, lost };
  }

  return (request) => {
    counters.requests += 1;
    const requestId = randomUUID();
    const ids = { requestId, clientRequestId: header(request.headers, 'client-request-id') ?? requestId };
    const { answer, lost } = serve(request, ids);
    const http = asHttp(answer, ids);
    if (lost === undefined) return { answer: http };
    return lost.kind === 'reset' || lost.kind === 'hang' ? { lost: lost.kind } : { answer: mangled(lost.kind, http) };
  };
}

function asRefusal(error: unknown): GraphRefusal {
  if (error instanceof GraphRefusal) return error;
  if (error instanceof ValueTaken) {
    return refuse.duplicate(error.property, { resource: entities[error.other.kind].resource, id: error.other.id });
  }
  if (error instanceof ObjectQuotaReached) return refuse.objectQuota(error.limit);
  if (error instanceof DirectoryRefusal) return refuse.badQuery(error.message);
  throw error;
}

function withHeaders(refusal: GraphRefusal, headers: Readonly<Record<string, string>>): GraphRefusal {
  const { status, code, message, details } = refusal;
  return new GraphRefusal(status, code, message, details, { ...headers, ...refusal.headers });
}

function struck({ kind, retryAfterSeconds }: Strike): GraphRefusal {
  switch (kind) {
    case 'throttled':
      return refuse.throttled(retryAfterSeconds ?? 10);
    case 'gatewayTimeout':
      return refuse.gatewayTimeout();
    case 'internalError':
      return refuse.internalError();
    default:
      return refuse.unavailable(retryAfterSeconds);
  }
}

function plainHeaders(request: HttpRequest): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && name !== 'authorization') headers[name] = value;
  }
  return headers;
}

function bodyOf(request: HttpRequest): JsonObject | undefined | unknown {
  if (request.body === '' || request.method === 'GET' || request.method === 'DELETE') return undefined;
  const type = header(request.headers, 'content-type');
  if (type === undefined) throw refuse.notJsonType();
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) throw refuse.notJson();
  try {
    return JSON.parse(request.body);
  } catch {
    throw refuse.notJson();
  }
}

function asHttp(answer: GraphAnswer, { requestId, clientRequestId }: Identifiers): HttpAnswer {
  const { status, body, headers } = answer;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    body: text,
    headers: {
      ...(body === undefined ? {} : { 'content-type': contentType }),
      'odata-version': '4.0',
      'cache-control': 'no-cache',
      'request-id': requestId,
      'client-request-id': clientRequestId,
      'x-ms-ags-diagnostic':
        '{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"SANDBOX"}}',
      ...headers,
    },
  };
}
