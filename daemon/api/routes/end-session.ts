import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';

export const endSession = endpoint({
  name: 'endSession',
  method: 'delete',
  path: '/api/v1/session',
  role: 'reader',
  summary: "Ends the dashboard's session that asks; a token has none to end",
  answer: { schema: named('SessionEnded', z.object({ ended: z.boolean() })) },
  async handle({ context: { dashboard }, asker: { session } }) {
    if (session !== undefined) dashboard.sessions.end(session);
    return { body: { ended: session !== undefined } };
  },
});
