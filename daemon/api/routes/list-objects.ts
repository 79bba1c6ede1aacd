import { endpoint } from '../endpoint.ts';
import { objectPage, objectQuery } from '../shapes.ts';

export const listObjects = endpoint({
  name: 'listObjects',
  method: 'get',
  path: '/api/v1/objects',
  role: 'reader',
  summary: 'The object with a name, and all that is known of it: an empty page when there is none',
  query: objectQuery,
  answer: { schema: objectPage },
  async handle({ context, query }) {
    const found = await context.engine.object(query);
    return { body: { items: found === undefined ? [] : [found], next: null } };
  },
});
