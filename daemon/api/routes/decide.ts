import { z } from 'zod';
import { CycleRunningError, HeldDigestError, NotHeldError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';

export const decide = endpoint({
  name: 'decide',
  method: 'post',
  path: '/api/v1/held/decision',
  role: 'operator',
  summary: 'Approves or denies what is held, by the digest it was shown with (heldDigest of the cycle)',
  bodyLimit: 64 * 1024 * 1024,
  body: named(
    'Decision',
    z.strictObject({
      verdict: z.enum(['approve', 'deny']),
      digest: z.string(),
      heldBy: z.string().optional().describe('Only what this guard holds'),
      operations: z.array(z.number().int().positive()).min(1).optional().describe('Only these, by id'),
      digests: z
        .array(z.string().regex(/^[0-9a-f]{32}$/))
        .min(1)
        .optional()
        .describe('Only these, by their own digest: it stays the same from cycle to cycle, as their id does not'),
    }),
  ),
  answer: { schema: named('Decided', z.object({ count: z.number().int().describe('Operations decided on') })) },
  errors: [HeldDigestError, NotHeldError, CycleRunningError],
  async handle({ context, body, actor }) {
    return { body: await context.engine.decide({ ...body, actor }) };
  },
});
