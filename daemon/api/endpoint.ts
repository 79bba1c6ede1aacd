import { z } from 'zod';
import type { Engine } from '../../src/engine/index.ts';
import type { ErrorClass } from '../../src/model/index.ts';
import type { ConfigurationInForce } from '../configurations/in-force.ts';
import type { Cycles } from '../cycles.ts';
import type { Dashboard } from '../dashboard/dashboard.ts';
import type { Session } from '../dashboard/sessions.ts';
import type { LastContacts } from '../last-contacts.ts';
import type { Logs } from '../logs/logs.ts';
import type { Redactor } from '../logs/redact.ts';
import type { Metrics } from '../metrics.ts';
import type { ScheduleSettings } from '../schedule.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SecretVault } from '../vault/vault.ts';
import { InvalidRequestError } from './errors.ts';
import type { IdempotentAnswers } from './idempotent-answers.ts';
import type { Role } from './tokens.ts';

/** What the routes work with, built once when the daemon opens. */
export interface ApiContext {
  readonly engine: Engine;
  readonly contacts: LastContacts;
  readonly cycles: Cycles;
  readonly scheduler: Scheduler;
  readonly settings: ScheduleSettings;
  readonly logs: Logs;
  readonly metrics: Metrics;
  readonly answers: IdempotentAnswers;
  readonly vault: SecretVault;
  readonly redactor: Redactor;
  readonly configurations: ConfigurationInForce;
  readonly dashboard: Dashboard;
  readonly dataDirectory: string;
  readonly startedAt: Date;
  readonly now: () => Date;
}

/** Who asks: by a token, or by the dashboard's session. */
export interface Asker {
  readonly role: Role;
  /** For the log: as the client says, which only somebody with the token can. */
  readonly actor: string;
  readonly session: Session | undefined;
}

export interface Request<P, Q, B> {
  readonly context: ApiContext;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly asker: Asker;
  readonly actor: string;
  /** `undefined` where the header is not there. */
  header(name: string): string | undefined;
  /** Aborts when the client goes away or the daemon stops. */
  readonly signal: AbortSignal;
}

export interface Answer<T> {
  readonly body: T;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One server-sent event. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
  readonly id?: string | undefined;
}

export type Method = 'get' | 'post' | 'put' | 'delete';

/** One route, as the server runs it and the OpenAPI document shows it. */
export interface Endpoint {
  readonly name: string;
  readonly method: Method;
  /** With `{names}` as in OpenAPI. */
  readonly path: string;
  /** `anyone` needs no token. */
  readonly role: Role | 'anyone';
  readonly summary: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | undefined;
  /** The most bytes of it. */
  readonly bodyLimit: number;
  /** The body is a secret; any other that holds one is refused. */
  readonly takesSecret: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: {
    readonly status: number;
    readonly type: 'application/json' | 'text/plain' | 'text/event-stream';
    /** Of the JSON; of each event's data by its name. */
    readonly schema: z.ZodType | Readonly<Record<string, z.ZodType>>;
    /** Response headers of its own. */
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Beyond those every route may answer with. */
  readonly errors: readonly ErrorClass[];
  readonly handle: (
    request: Request<unknown, unknown, unknown>,
  ) => Promise<Answer<unknown>> | AsyncIterable<StreamEvent>;
}

/** Routes show what is not theirs to change. */
export type Shown<T> = T extends readonly (infer U)[]
  ? readonly Shown<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Shown<T[K]> }
    : T;

const none = z.strictObject({});
const usualBody = 1024 * 1024;

interface Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly role: Role | 'anyone';
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyLimit?: number;
  readonly takesSecret?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly ErrorClass[];
}

interface JsonDefinition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>
  extends Definition<P, Q, B> {
  readonly answer: {
    readonly status?: number;
    readonly schema: A;
    readonly headers?: Readonly<Record<string, string>>;
  };
  handle(request: Request<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer<Shown<z.output<A>>>>;
}

interface TextDefinition extends Definition<z.ZodObject, z.ZodObject, z.ZodType> {
  handle(request: Request<unknown, unknown, unknown>): Promise<Answer<string>>;
}

interface StreamDefinition<P extends z.ZodObject, Q extends z.ZodObject> extends Definition<P, Q, z.ZodType> {
  /** The shape of each event's data. */
  readonly events: Readonly<Record<string, z.ZodType>>;
  handle(request: Request<z.output<P>, z.output<Q>, unknown>): AsyncIterable<StreamEvent>;
}

/** A route that answers with JSON. */
export function endpoint<
  P extends z.ZodObject = typeof none,
  Q extends z.ZodObject = typeof none,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodType = z.ZodType,
>(definition: JsonDefinition<P, Q, B, A>): Endpoint {
  const { status = 200, schema, headers = {} } = definition.answer;
  return withDefaults(definition, { status, type: 'application/json', schema, headers }, (request) => {
    const handle = () => definition.handle(read(definition, request));
    const key = request.header('idempotency-key');
    if (key === undefined || !Object.hasOwn(definition.headers ?? {}, 'Idempotency-Key')) return handle();
    const { context, params, query, body, actor } = request;
    return context.answers.once(key, [definition.name, params, query, body, actor], handle);
  });
}

/** A route that answers with text. */
export function textEndpoint(definition: TextDefinition): Endpoint {
  return withDefaults(definition, { status: 200, type: 'text/plain', schema: z.string(), headers: {} }, (request) =>
    definition.handle(read(definition, request)),
  );
}

/** A route that answers with server-sent events until it has told everything or the client leaves. */
export function streamEndpoint<P extends z.ZodObject = typeof none, Q extends z.ZodObject = typeof none>(
  definition: StreamDefinition<P, Q>,
): Endpoint {
  return withDefaults(
    definition,
    { status: 200, type: 'text/event-stream', schema: definition.events, headers: {} },
    (request) => definition.handle(read(definition, request)),
  );
}

function withDefaults<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  {
    params,
    query,
    bodyLimit = usualBody,
    takesSecret = false,
    headers = {},
    errors = [],
    ...rest
  }: Definition<P, Q, B>,
  answer: Endpoint['answer'],
  handle: Endpoint['handle'],
): Endpoint {
  const { name, method, path, role, summary, body } = rest;
  const input = { params: params ?? none, query: query ?? none, body, bodyLimit, takesSecret, headers };
  return { name, method, path, role, summary, ...input, answer, errors, handle };
}

/** Parses what the client sent into what the route's own schemas say. */
function read<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  { params, query, body }: Pick<Definition<P, Q, B>, 'params' | 'query' | 'body'>,
  request: Request<unknown, unknown, unknown>,
): Request<z.output<P>, z.output<Q>, z.output<B>> {
  return {
    ...request,
    params: parsed('path', params ?? none, request.params) as z.output<P>,
    query: parsed('query', query ?? none, request.query) as z.output<Q>,
    body: (body === undefined ? undefined : parsed('body', body, request.body)) as z.output<B>,
  };
}

function parsed(where: string, schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [where, ...(issue?.path ?? []).map(String)].join('.');
  throw new InvalidRequestError(path, (issue?.message ?? 'not valid').replace(/\.$/, ''));
}
