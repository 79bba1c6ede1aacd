import { configurationVersion } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { ConfigurationVersionError } from '../errors.ts';
import { showConfiguration } from '../show-configuration.ts';
import { configurationPath, versionOf } from './configuration-path.ts';

export const getConfigurationVersion = endpoint({
  name: 'getConfigurationVersion',
  method: 'get',
  path: '/api/v1/configuration/versions/{version}',
  role: 'reader',
  summary: 'A configuration that was in force',
  params: configurationPath,
  answer: { schema: configurationVersion, headers: { ETag: 'Of this version' } },
  errors: [ConfigurationVersionError],
  async handle({ context, params }) {
    return showConfiguration(versionOf(context, params.version));
  },
});
