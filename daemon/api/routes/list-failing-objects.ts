import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { objectPage } from '../shapes.ts';

export const listFailingObjects = endpoint({
  name: 'listFailingObjects',
  method: 'get',
  path: '/api/v1/objects/failing',
  role: 'reader',
  summary: 'Identities that are held or that the tenant refused, with their errors',
  query: paging,
  answer: { schema: objectPage },
  async handle({ context, query }) {
    return { body: await context.engine.failing(query.cursor, query.limit) };
  },
});
