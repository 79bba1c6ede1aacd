import { z } from 'zod';
import { CycleUnknownError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { operationPage, operationStates } from '../shapes.ts';
import { cycleOf, cyclePath } from './cycle-path.ts';

export const listOperations = endpoint({
  name: 'listOperations',
  method: 'get',
  path: '/api/v1/cycles/{cycle}/operations',
  role: 'reader',
  summary: 'The plan of a cycle in order, and what became of each operation',
  params: cyclePath,
  query: paging.extend({
    state: z.enum(operationStates).optional(),
    type: z
      .string()
      .regex(/^[A-Za-z]{1,40}$/)
      .optional()
      .describe('create, update, adopt, disable, delete, restore, addMembers, removeMember, setManager, clearManager'),
    search: z.string().min(1).max(200).optional().describe("A part of the object's name or DN, or its anchor"),
    heldBy: z
      .string()
      .regex(/^[A-Za-z]{1,40}$/)
      .optional()
      .describe('The guard that holds it, or softMatch'),
  }),
  answer: { schema: operationPage },
  errors: [CycleUnknownError],
  async handle({ context, params, query: { cursor, limit, ...filter } }) {
    await cycleOf(context, params.cycle);
    return { body: await context.engine.operations(params.cycle, filter, cursor, limit) };
  },
});
