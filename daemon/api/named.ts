import { z } from 'zod';

/** The shapes the OpenAPI document gives a name. */
export const registry = z.registry<{ id: string }>();

/** Names a shape for the document. */
export function named<T extends z.ZodType>(id: string, schema: T): T {
  registry.add(schema, { id });
  return schema;
}

/** A page of a list. */
export function pageOf<T extends z.ZodType>(id: string, item: T) {
  return named(
    id,
    z.object({
      items: z.array(item),
      next: z.string().nullable().describe('Give it back as `cursor` for the next page; null on the last'),
    }),
  );
}
