import { z } from 'zod';
import { InvalidSettingError } from '../../../src/config/index.ts';
import { CycleRunningError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';
import { assessment } from '../shapes.ts';

export const assessConfiguration = endpoint({
  name: 'assessConfiguration',
  method: 'post',
  path: '/api/v1/configuration/assess',
  role: 'operator',
  summary:
    'What another configuration would do to the tenant, from what was last read; changes nothing and asks nobody',
  body: named('AssessConfiguration', z.strictObject({ text: z.string().describe('YAML or JSON') })),
  answer: { schema: assessment },
  errors: [CycleRunningError, InvalidSettingError],
  async handle({ context: { configurations, cycles, engine }, body: { text } }) {
    const configuration = configurations.parse(text);
    return { body: await cycles.alone((signal) => engine.assess(configuration, signal)) };
  },
});
