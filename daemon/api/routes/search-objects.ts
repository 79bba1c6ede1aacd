import { z } from 'zod';
import { objectQueries } from '../../object-name.ts';
import { endpoint } from '../endpoint.ts';
import { objectPage } from '../shapes.ts';

export const searchObjects = endpoint({
  name: 'searchObjects',
  method: 'get',
  path: '/api/v1/objects/search',
  role: 'reader',
  summary:
    'Objects by any of their names, or whose display name, user principal name, mail address or DN begins with the text',
  query: z.strictObject({
    text: z.string().min(1).max(4096),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe('At most so many'),
  }),
  answer: { schema: objectPage },
  async handle({ context: { engine }, query: { text, limit } }) {
    for (const query of objectQueries(text)) {
      const found = await engine.object(query);
      if (found !== undefined) return { body: { items: [found], next: null } };
    }
    return { body: { items: await engine.search(text, limit), next: null } };
  },
});
