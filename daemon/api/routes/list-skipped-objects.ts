import { z } from 'zod';
import { objectKinds } from '../../../src/model/index.ts';
import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { objectPage } from '../shapes.ts';

export const listSkippedObjects = endpoint({
  name: 'listSkippedObjects',
  method: 'get',
  path: '/api/v1/objects/skipped',
  role: 'reader',
  summary:
    'Source objects that take no part, with their reasons. Narrowed down, a page may be short of its limit and not be the last',
  query: paging.extend({
    kind: z.enum(objectKinds).optional(),
    reason: z
      .string()
      .regex(/^[A-Za-z]{1,60}$/)
      .optional()
      .describe("The reason's code"),
  }),
  answer: { schema: objectPage },
  async handle({ context, query: { cursor, limit, ...filter } }) {
    return { body: await context.engine.skipped(filter, cursor, limit) };
  },
});
