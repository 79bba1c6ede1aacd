import { z } from 'zod';
import { asGraphAnswer, CycleRunningError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { IdempotencyKeyReusedError } from '../errors.ts';
import { idempotencyKey } from '../idempotent-answers.ts';
import { named } from '../named.ts';

const subject = z.object({
  objectId: z.string().min(1).describe('The distinguished name'),
  objectTypeName: z.string().optional(),
  links: z.object({ members: z.array(z.object({ objectId: z.string().min(1) })).max(100) }).optional(),
});

/** Microsoft Graph's own request and answer: what calls `synchronizationJob: provisionOnDemand` can call this. It writes. */
export const provisionOnDemand = endpoint({
  name: 'provisionOnDemand',
  method: 'post',
  path: '/api/v1/objects/provisionOnDemand',
  role: 'operator',
  summary: "Provisions one object on demand, in the shapes of Microsoft Graph's call of that name",
  body: named(
    'ProvisionOnDemand',
    z.object({
      parameters: z.array(z.object({ ruleId: z.string().optional(), subjects: z.array(subject).length(1) })).length(1),
    }),
  ),
  answer: { schema: named('ProvisionOnDemandAnswer', z.object({ key: z.string(), value: z.string() })) },
  headers: { 'Idempotency-Key': idempotencyKey },
  errors: [IdempotencyKeyReusedError, CycleRunningError],
  async handle({ context: { cycles, engine }, body: { parameters }, actor }) {
    const [chosen] = parameters.flatMap(({ subjects }) => subjects);
    const members = chosen?.links?.members.map(({ objectId }) => objectId);
    const query = { by: 'dn', value: chosen?.objectId ?? '' } as const;
    const result = await cycles.alone((signal) => engine.provision({ query, apply: true, members, actor }, signal));
    return { body: asGraphAnswer(result) };
  },
});
