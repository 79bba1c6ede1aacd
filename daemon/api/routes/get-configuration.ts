import { configurationVersion } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { showConfiguration } from '../show-configuration.ts';

export const getConfiguration = endpoint({
  name: 'getConfiguration',
  method: 'get',
  path: '/api/v1/configuration',
  role: 'reader',
  summary: 'The configuration in force',
  answer: { schema: configurationVersion, headers: { ETag: 'What a change sends as If-Match' } },
  async handle({ context }) {
    return showConfiguration(context.configurations.applied);
  },
});
