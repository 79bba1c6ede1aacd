import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';

export const getHealth = endpoint({
  name: 'getHealth',
  method: 'get',
  path: '/healthz',
  role: 'anyone',
  summary: 'Is the daemon up and its state readable?',
  answer: { schema: named('Health', z.object({ status: z.enum(['ok']) })) },
  async handle({ context }) {
    await context.engine.cycles({}, undefined, 1);
    return { body: { status: 'ok' as const } };
  },
});
