import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';

export const verifyProvisioningLog = endpoint({
  name: 'verifyProvisioningLog',
  method: 'get',
  path: '/api/v1/provisioning-log/verification',
  role: 'reader',
  summary: "Follows the log's chain of digests from its first entry to its last",
  answer: {
    schema: named(
      'LogVerification',
      z.object({ broken: z.number().int().nullable().describe('The first entry that was changed; null: none was') }),
    ),
  },
  async handle({ context }) {
    return { body: await context.engine.verifyLog() };
  },
});
