import { z } from 'zod';
import type { ErrorClass } from '../../src/model/index.ts';
import { version } from '../version.ts';
import { problem } from './daemon-shapes.ts';
import type { Endpoint } from './endpoint.ts';
import {
  BodyTooLargeError,
  BrowserRefusedError,
  ContentTypeRefusedError,
  HostRefusedError,
  InternalError,
  InvalidRequestError,
  ReaderRefusedError,
  SecretInTextError,
  StoppingError,
  TokenRefusedError,
  TooManyStreamsError,
} from './errors.ts';
import { registry } from './named.ts';
import { statusOfClass } from './problem.ts';

type Json = Record<string, unknown>;

const uri = (id: string): string => `#/components/schemas/${id}`;

/** The schema by its name where it has one, else as it is. */
function reference(schema: z.ZodType): Json {
  const id = registry.get(schema)?.id;
  return id === undefined ? plain(z.toJSONSchema(schema, { io: 'input' })) : { $ref: uri(id) };
}

function plain({ $schema, $id, ...schema }: Json): Json {
  return schema;
}

/** The statuses a route may answer with besides its own, and the causes behind each. */
export function refusals({
  role,
  body,
  takesSecret,
  answer,
  errors,
}: Endpoint): ReadonlyMap<number, readonly ErrorClass[]> {
  const all: readonly ErrorClass[] = [
    HostRefusedError,
    BrowserRefusedError,
    InvalidRequestError,
    ...(role === 'anyone' ? [] : [TokenRefusedError]),
    ...(role === 'operator' ? [ReaderRefusedError] : []),
    ...(body === undefined ? [] : [ContentTypeRefusedError, BodyTooLargeError]),
    ...(body === undefined || role !== 'operator' || takesSecret ? [] : [SecretInTextError]),
    ...(answer.type === 'text/event-stream' ? [TooManyStreamsError] : []),
    ...errors,
    StoppingError,
    InternalError,
  ];
  return Map.groupBy(all, statusOfClass);
}

function operationOf(endpoint: Endpoint): Json {
  const { name, method, role, summary, params, query, body, bodyLimit, headers, answer } = endpoint;
  const isConditional = method === 'get' && Object.hasOwn(answer.headers, 'ETag');
  const parameters = [
    ...parametersOf('path', params),
    ...parametersOf('query', query),
    ...Object.entries({
      ...headers,
      ...(isConditional ? { 'If-None-Match': 'The ETag of what the client has: it is not sent again' } : {}),
      ...(role === 'anyone' ? {} : { 'CloudSync-Actor': 'Who asks, for the log: 1 to 200 printable ASCII characters' }),
    }).map(([header, description]) => ({
      name: header,
      in: 'header',
      description,
      required: false,
      schema: { type: 'string' },
    })),
  ];
  const responses = Object.fromEntries([
    [String(answer.status), answerOf(endpoint)],
    ...(isConditional ? [['304', { description: 'The client has it', headers: headersOf(endpoint) }] as const] : []),
    ...[...refusals(endpoint)].map(([status, causes]) => [
      String(status),
      {
        description: causes.map(({ code, title }) => `${code}: ${title}`).join('; '),
        content: { 'application/problem+json': { schema: reference(problem) } },
      },
    ]),
  ]);
  return {
    operationId: name,
    summary,
    security: role === 'anyone' ? [] : [{ [role]: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            description: `At most ${bodyLimit / 1024 / 1024} MiB`,
            required: true,
            content: { 'application/json': { schema: reference(body) } },
          },
        }),
    responses,
  };
}

function answerOf({ answer, summary }: Endpoint): Json {
  return {
    description: summary,
    headers: headersOf({ answer }),
    content: { [answer.type]: contentOf(answer.schema) },
  };
}

function headersOf({ answer }: Pick<Endpoint, 'answer'>): Json {
  const shown = Object.entries(answer.headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return Object.fromEntries(shown);
}

/** OpenAPI 3.1 has no word for the events of a stream: they stand under one of our own. */
function contentOf(schema: Endpoint['answer']['schema']): Json {
  if (schema instanceof z.ZodType) return { schema: reference(schema) };
  return {
    schema: { type: 'string' },
    'x-events': Object.fromEntries(Object.entries(schema).map(([event, data]) => [event, reference(data)])),
  };
}

function parametersOf(place: 'path' | 'query', schema: z.ZodObject): readonly Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = plain(property as Json);
    return {
      name,
      in: place,
      ...(description === undefined ? {} : { description }),
      required: place === 'path' || required.includes(name),
      schema: rest,
    };
  });
}

/** The API's description, made of the very schemas that validate. */
export function openApiDocument(endpoints: readonly Endpoint[]): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints)
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint) };
  const { schemas } = z.toJSONSchema(registry, { uri, io: 'input' });
  return {
    openapi: '3.1.0',
    info: {
      title: 'CloudSync',
      version,
      description:
        'The API of the CloudSync daemon, on loopback alone. daemon.json in the data folder names its url and the token files.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema as Json)])),
      securitySchemes: {
        operator: { type: 'http', scheme: 'bearer', description: 'The content of `token`' },
        reader: { type: 'http', scheme: 'bearer', description: 'The content of `reader-token`, or of `token`' },
      },
    },
  };
}
