import { z } from 'zod';
import { objectKinds } from '../../../src/model/index.ts';
import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { objectPage } from '../shapes.ts';

export const listFailingObjects = endpoint({
  name: 'listFailingObjects',
  method: 'get',
  path: '/api/v1/objects/failing',
  role: 'reader',
  summary:
    'Identities that are held or that the tenant refused, with their errors. Narrowed down, a page may be short of its limit and not be the last',
  query: paging.extend({
    code: z
      .string()
      .regex(/^CS\d{4}$/)
      .optional()
      .describe('Of the error'),
    kind: z.enum(objectKinds).optional(),
  }),
  answer: { schema: objectPage },
  async handle({ context, query: { cursor, limit, ...filter } }) {
    return { body: await context.engine.failing(filter, cursor, limit) };
  },
});
