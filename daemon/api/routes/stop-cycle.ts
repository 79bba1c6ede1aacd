import { CycleUnknownError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { CycleNotRunningError } from '../errors.ts';
import { cycle } from '../shapes.ts';
import { cycleOf, cyclePath } from './cycle-path.ts';

export const stopCycle = endpoint({
  name: 'stopCycle',
  method: 'post',
  path: '/api/v1/cycles/{cycle}/stop',
  role: 'operator',
  summary: 'Asks a running cycle to end; what it has done stays done',
  params: cyclePath,
  answer: { status: 202, schema: cycle },
  errors: [CycleUnknownError, CycleNotRunningError],
  async handle({ context, params }) {
    const found = await cycleOf(context, params.cycle);
    if (!context.cycles.stop(params.cycle)) throw new CycleNotRunningError(params.cycle);
    return { body: found };
  },
});
