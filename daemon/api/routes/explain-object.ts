import { ObjectUnknownError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { explanation, objectQuery } from '../shapes.ts';

export const explainObject = endpoint({
  name: 'explainObject',
  method: 'get',
  path: '/api/v1/objects/explanation',
  role: 'reader',
  summary: 'Why an object is as it is, what the next cycle would do with it, and what was done so far',
  query: objectQuery,
  answer: { schema: explanation },
  errors: [ObjectUnknownError],
  async handle({ context, query }) {
    const found = await context.engine.explain(query);
    if (found === undefined) throw new ObjectUnknownError(query.value);
    return { body: found };
  },
});
