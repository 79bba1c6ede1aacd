import { z } from 'zod';
import { configurationErrors } from '../../configurations/check.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';
import { errorReport } from '../shapes.ts';

export const checkConfiguration = endpoint({
  name: 'checkConfiguration',
  method: 'post',
  path: '/api/v1/configuration/check',
  role: 'reader',
  summary:
    'Says with line and column what is wrong with a configuration document, to operators also which named files and secrets are not there; changes nothing',
  body: named('ConfigurationText', z.strictObject({ text: z.string().describe('YAML or JSON') })),
  answer: { schema: named('ConfigurationCheck', z.object({ valid: z.boolean(), errors: z.array(errorReport) })) },
  async handle({ context, body, asker }) {
    // Whether a file or a variable is there is nothing for those who may only look at the daemon.
    const mayLookAround = asker.role === 'operator';
    const errors = mayLookAround
      ? context.configurations.problems(body.text)
      : configurationErrors('configuration', body.text);
    return { body: { valid: errors.length === 0, errors: errors.map((error) => error.report()) } };
  },
});
