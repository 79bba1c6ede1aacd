import { CycleUnknownError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { planSummary } from '../shapes.ts';
import { cyclePath } from './cycle-path.ts';

export const getPlan = endpoint({
  name: 'getPlan',
  method: 'get',
  path: '/api/v1/cycles/{cycle}/plan',
  role: 'reader',
  summary: 'The plan of a cycle in numbers: by kind, state, cause, forest, organizational unit and group',
  params: cyclePath,
  answer: { schema: planSummary },
  errors: [CycleUnknownError],
  async handle({ context, params }) {
    const plan = await context.engine.plan(params.cycle);
    if (plan === undefined) throw new CycleUnknownError(params.cycle);
    return { body: plan };
  },
});
