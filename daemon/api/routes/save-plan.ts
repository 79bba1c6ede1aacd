import { z } from 'zod';
import { CycleUnknownError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';
import { cycle } from '../shapes.ts';
import { cyclePath } from './cycle-path.ts';

export const savePlan = endpoint({
  name: 'savePlan',
  method: 'put',
  path: '/api/v1/cycles/{cycle}/saved',
  role: 'operator',
  summary: 'Keeps the plan of a preview to be applied later, or lets go of it',
  params: cyclePath,
  body: named('SavePlan', z.strictObject({ saved: z.boolean() })),
  answer: { schema: cycle },
  errors: [CycleUnknownError],
  async handle({ context, params, body, actor }) {
    return { body: await context.engine.savePlan(params.cycle, body.saved, actor) };
  },
});
