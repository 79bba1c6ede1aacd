import { z } from 'zod';

/** An OpenAPI document as a client reads it, and its schemas as validators. */
const json = z.record(z.string(), z.unknown());

const operation = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: json })).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: json })) }).optional(),
  responses: z.record(
    z.string(),
    z.object({
      headers: z.record(z.string(), z.unknown()).default({}),
      content: z.record(z.string(), z.object({ schema: json, 'x-events': z.record(z.string(), json).optional() })),
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
