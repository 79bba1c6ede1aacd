import { status } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { showStatus } from '../show-status.ts';

export const getStatus = endpoint({
  name: 'getStatus',
  method: 'get',
  path: '/api/v1/status',
  role: 'reader',
  summary: 'The daemon, its tenant, forests, objects, schedule, and the cycle that runs',
  answer: { schema: status },
  async handle({ context }) {
    return { body: await showStatus(context) };
  },
});
