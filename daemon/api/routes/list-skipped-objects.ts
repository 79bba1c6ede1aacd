import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { objectPage } from '../shapes.ts';

export const listSkippedObjects = endpoint({
  name: 'listSkippedObjects',
  method: 'get',
  path: '/api/v1/objects/skipped',
  role: 'reader',
  summary: 'Source objects that take no part, with their reasons',
  query: paging,
  answer: { schema: objectPage },
  async handle({ context, query }) {
    return { body: await context.engine.skipped(query.cursor, query.limit) };
  },
});
