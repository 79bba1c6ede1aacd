import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { cyclePage, cycleStates, cycleTypes } from '../shapes.ts';

const flag = z.enum(['true', 'false']).transform((word) => word === 'true');

export const listCycles = endpoint({
  name: 'listCycles',
  method: 'get',
  path: '/api/v1/cycles',
  role: 'reader',
  summary: 'Cycles, newest first. Narrowed down, a page may be short of its limit and not be the last',
  query: paging.extend({
    state: z.enum(cycleStates).optional(),
    type: z.enum(cycleTypes).optional(),
    preview: flag.optional().describe('Planned only, or not'),
    saved: flag.optional().describe('A plan kept to be applied later, or not'),
  }),
  answer: { schema: cyclePage },
  async handle({ context, query: { cursor, limit, ...filter } }) {
    return { body: await context.engine.cycles(filter, cursor, limit) };
  },
});
