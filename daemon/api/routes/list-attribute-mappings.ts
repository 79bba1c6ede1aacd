import { z } from 'zod';
import { profileOf, supportOf } from '../../../src/engine/index.ts';
import { objectKinds } from '../../../src/model/index.ts';
import { attributeMappings } from '../../../src/rules/index.ts';
import { attributeMappingPage } from '../agent-shapes.ts';
import { endpoint } from '../endpoint.ts';

export const listAttributeMappings = endpoint({
  name: 'listAttributeMappings',
  method: 'get',
  path: '/api/v1/attribute-mappings',
  role: 'reader',
  summary: 'Every attribute mapping in force, of the defaults and of the configuration, by class and target attribute',
  query: z.strictObject({
    kind: z.enum(objectKinds).optional().describe('Only of this class of objects'),
    target: z.string().min(1).max(256).optional().describe('Only for this attribute of the tenant'),
    source: z.string().min(1).max(256).optional().describe('Only those that look at this attribute of AD'),
    forest: z.string().min(1).max(256).optional().describe('Only those this forest may give a value by'),
  }),
  answer: { schema: attributeMappingPage },
  async handle({ context: { configurations }, query: { kind, target, source, forest } }) {
    const { document } = configurations.loaded;
    const isSame = (wanted: string | undefined) => (name: string) =>
      wanted === undefined || name.toLowerCase() === wanted.toLowerCase();
    const items = attributeMappings(document, supportOf(profileOf(document))).filter(
      (mapping) =>
        (kind === undefined || mapping.kind === kind) &&
        isSame(target)(mapping.target) &&
        (source === undefined || mapping.attributes.some(isSame(source))) &&
        (forest === undefined || mapping.precedence.some((one) => isSame(forest)(one.forest))),
    );
    return { body: { items, next: null } };
  },
});
