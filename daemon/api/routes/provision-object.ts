import { z } from 'zod';
import { CycleRunningError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { IdempotencyKeyReusedError } from '../errors.ts';
import { idempotencyKey } from '../idempotent-answers.ts';
import { named } from '../named.ts';
import { objectName, onDemandResult, requireForm } from '../shapes.ts';

export const provisionObject = endpoint({
  name: 'provisionObject',
  method: 'post',
  path: '/api/v1/objects/provision',
  role: 'operator',
  summary: 'Takes one object all the way from the directory to the tenant, step by step; dry unless asked to apply',
  body: named(
    'ProvisionObject',
    objectName
      .extend({
        apply: z.boolean().default(false),
        members: z.array(z.string().min(1)).max(100).optional().describe('Of a group: the members to take along'),
      })
      .superRefine(requireForm),
  ),
  answer: { schema: onDemandResult },
  headers: { 'Idempotency-Key': idempotencyKey },
  errors: [IdempotencyKeyReusedError, CycleRunningError],
  async handle({ context, body: { by, value, apply, members }, actor }) {
    const { cycles, engine } = context;
    const request = { query: { by, value }, apply, members, actor };
    return { body: await cycles.alone((signal) => engine.provision(request, signal)) };
  },
});
