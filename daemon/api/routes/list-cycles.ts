import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { cyclePage } from '../shapes.ts';

export const listCycles = endpoint({
  name: 'listCycles',
  method: 'get',
  path: '/api/v1/cycles',
  role: 'reader',
  summary: 'Cycles, newest first',
  query: paging,
  answer: { schema: cyclePage },
  async handle({ context, query }) {
    return { body: await context.engine.cycles(query.cursor, query.limit) };
  },
});
