import { z } from 'zod';
import { ObjectUnknownError } from '../../../src/engine/index.ts';
import { status } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';
import { showStatus } from '../show-status.ts';

export const clearQuarantine = endpoint({
  name: 'clearQuarantine',
  method: 'post',
  path: '/api/v1/quarantine/clear',
  role: 'operator',
  summary: 'Ends waiting: the next cycle tries the tenant, the connectors or the refused objects again',
  body: named(
    'ClearQuarantine',
    z.discriminatedUnion('scope', [
      z.strictObject({ scope: z.enum(['all', 'tenant', 'objects']) }),
      z.strictObject({ scope: z.literal('connector'), connector: z.string().min(1) }),
    ]),
  ),
  answer: { schema: status },
  errors: [ObjectUnknownError],
  async handle({ context, body, actor }) {
    await context.engine.clearQuarantine(body, actor);
    context.scheduler.wake();
    return { body: await showStatus(context) };
  },
});
