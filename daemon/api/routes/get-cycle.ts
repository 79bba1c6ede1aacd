import { CycleUnknownError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { cycle } from '../shapes.ts';
import { cycleOf, cyclePath } from './cycle-path.ts';

export const getCycle = endpoint({
  name: 'getCycle',
  method: 'get',
  path: '/api/v1/cycles/{cycle}',
  role: 'reader',
  summary: 'One cycle, with its counts and how it ended',
  params: cyclePath,
  answer: { schema: cycle },
  errors: [CycleUnknownError],
  async handle({ context, params }) {
    return { body: await cycleOf(context, params.cycle) };
  },
});
