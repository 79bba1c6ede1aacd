import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { logEntryPage } from '../shapes.ts';

const word = z.string().regex(/^[A-Za-z]{1,40}$/);

export const listProvisioningLog = endpoint({
  name: 'listProvisioningLog',
  method: 'get',
  path: '/api/v1/provisioning-log',
  role: 'reader',
  summary: 'Everything that was done or decided, newest first',
  query: paging.extend({
    cycle: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
    action: word.optional(),
    status: word.optional(),
    anchor: z.string().max(100).optional(),
    from: z.iso.datetime().optional().describe('Inclusive'),
    to: z.iso.datetime().optional().describe('Exclusive'),
  }),
  answer: { schema: logEntryPage },
  async handle({ context, query: { cursor, limit, ...filter } }) {
    return { body: await context.engine.log(filter, cursor, limit) };
  },
});
