import { session } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';

export const getSession = endpoint({
  name: 'getSession',
  method: 'get',
  path: '/api/v1/session',
  role: 'reader',
  summary: 'Who asks, and what they may do',
  answer: { schema: session },
  async handle({ asker: { role, actor, session } }) {
    return { body: { role, actor, endsAt: session?.endsAt.toISOString() ?? null } };
  },
});
