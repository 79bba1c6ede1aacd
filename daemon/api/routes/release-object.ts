import { ObjectUnknownError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';
import { object, objectName, requireForm } from '../shapes.ts';

export const releaseObject = endpoint({
  name: 'releaseObject',
  method: 'post',
  path: '/api/v1/objects/release',
  role: 'operator',
  summary: 'Lets an object that was denied, undone or refused follow the directory again with the next cycle',
  body: named('ReleaseObject', objectName.extend({}).superRefine(requireForm)),
  answer: { schema: object },
  errors: [ObjectUnknownError],
  async handle({ context, body, actor }) {
    return { body: await context.engine.release(body, actor) };
  },
});
