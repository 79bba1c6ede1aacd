import { z } from 'zod';

/** What a client sends, before it is written as HTTP. */
export interface Call {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An OpenAPI document as a client reads it, and its schemas as validators. */
const json = z.record(z.string(), z.unknown());

const operation = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: json })).default([]),
  requestBody: z
    .object({
      description: z.string(),
      required: z.boolean(),
      content: z.object({ 'application/json': z.object({ schema: json }) }),
    })
    .optional(),
  responses: z.record(
    z.string(),
    z.object({
      headers: z.record(z.string(), z.unknown()).default({}),
      content: z
        .record(z.string(), z.object({ schema: json, 'x-events': z.record(z.string(), json).optional() }))
        .default({}),
    }),
  ),
});

const documentShape = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), json) }),
});

export interface Operation extends z.infer<typeof operation> {
  readonly method: string;
  readonly path: string;
}

export class Contract {
  readonly operations: readonly Operation[];
  readonly #definitions: unknown;

  constructor(text: string) {
    const { paths, components } = documentShape.parse(JSON.parse(text));
    this.operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => ({ ...one, method: method.toUpperCase(), path })),
    );
    this.#definitions = tightened(relocated(components.schemas));
  }

  of(operationId: string): Operation {
    const found = this.operations.find((one) => one.operationId === operationId);
    if (found === undefined) throw new Error(`the document has no operation ${operationId}`);
    return found;
  }

  /** What of a call the document does not tell a client to send. */
  problemsOfCall({ parameters, requestBody }: Operation, { params = {}, query = {}, headers = {}, body }: Call) {
    const given = { path: params, query, header: headers };
    const wrong = Object.entries(given).flatMap(([place, values]) => {
      const described = parameters.filter((one) => one.in === place);
      const missing = described.filter(({ name, required }) => required && !(name in values));
      return [
        ...missing.map(({ name }) => `${place}.${name} is missing`),
        ...Object.entries(values).flatMap(([name, value]) => {
          const parameter = described.find((one) => one.name === name);
          if (parameter === undefined) return [`${place}.${name} is not in the document`];
          return this.problems(parameter.schema, value).map((problem) => `${place}.${name} ${problem}`);
        }),
      ];
    });
    if (requestBody === undefined) return [...wrong, ...(body === undefined ? [] : ['it takes no body'])];
    if (body === undefined) return [...wrong, ...(requestBody.required ? ['the body is missing'] : [])];
    return [...wrong, ...this.problems(requestBody.content['application/json'].schema, body)];
  }

  /** What is wrong with a value by a schema of the document; nothing when it is right. */
  problems(schema: unknown, value: unknown): readonly string[] {
    // The schema is the document's own word; zod checks that it understands it.
    const whole = { ...json.parse(tightened(relocated(schema))), $defs: this.#definitions };
    const result = z.fromJSONSchema(whole as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value);
    return result.success
      ? []
      : result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  }
}

/** zod looks for definitions under $defs. */
function relocated(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'));
}

/** A field the document does not name is one no client knows of: in an answer it is a mistake. */
function tightened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(tightened);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, tightened(value)]));
  return 'properties' in inner && !('additionalProperties' in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}
