import { z } from 'zod';
import { objectStates } from '../../../src/engine/index.ts';
import { objectKinds } from '../../../src/model/index.ts';
import { objectQueries } from '../../object-name.ts';
import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { objectName, objectPage, requireForm } from '../shapes.ts';

export const listObjects = endpoint({
  name: 'listObjects',
  method: 'get',
  path: '/api/v1/objects',
  role: 'reader',
  summary:
    'Objects, and all that is known of each: the identities, then the source objects that are none. A page may be short of its limit and not be the last',
  query: paging
    .extend({
      ...objectName.partial().shape,
      cursor: z
        .string()
        .regex(/^\d\.\d{1,15}(\.[\w-]{1,8192})?$/, 'not a cursor of this list')
        .optional()
        .describe('`next` of the page before'),
      text: z
        .string()
        .min(1)
        .max(4096)
        .optional()
        .describe(
          'Any of its names as a whole; else what its display name, user principal name, mail address or DN begins with',
        ),
      kind: z.enum(objectKinds).optional(),
      forest: z.string().max(255).optional().describe('As the configuration calls it'),
      domain: z.string().max(255).optional().describe('As the configuration calls it'),
      state: z.enum(objectStates).optional(),
    })
    .superRefine(({ by, value, text }, context) => {
      if (by !== undefined && value !== undefined && text === undefined) requireForm({ by, value }, context);
      else if (by !== undefined || value !== undefined)
        context.addIssue({ code: 'custom', path: ['by'], message: 'by and value go together, and not with text' });
    }),
  answer: { schema: objectPage },
  async handle({ context, query: { by, value, cursor, limit, ...filter } }) {
    const { text } = filter;
    const named = by === undefined || value === undefined ? undefined : [{ by, value }];
    const names = named ?? (text === undefined ? undefined : objectQueries(text));
    return { body: await context.engine.objects({ ...filter, names }, cursor, limit) };
  },
});
