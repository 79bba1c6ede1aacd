import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { dialects, runCase } from '../../../src/rules/index.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';

export const testExpression = endpoint({
  name: 'testExpression',
  method: 'post',
  path: '/api/v1/expressions/test',
  role: 'reader',
  summary: 'Evaluates a mapping expression on attributes given with it; changes nothing',
  body: named(
    'ExpressionTest',
    z.strictObject({
      expression: z.string().max(100_000),
      dialect: z.enum(dialects).default('provisioning'),
      inputs: z.record(z.string(), z.unknown()).default({}).describe('Attributes by name; parameters as %Name%'),
    }),
  ),
  answer: {
    schema: named(
      'ExpressionAnswer',
      z.union([
        z.object({ result: z.unknown() }),
        z.object({ ignored: z.literal(true).describe('The attribute does not flow this time') }),
        z.object({ error: z.string(), code: z.string().optional() }),
      ]),
    ),
  },
  async handle({ context, body }) {
    const { id: _, ...answer } = runCase(
      { id: '', ...body },
      { now: context.now, random: (bound) => randomInt(bound) },
    );
    return { body: answer };
  },
});
