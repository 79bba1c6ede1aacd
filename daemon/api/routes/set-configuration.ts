import { z } from 'zod';
import { InvalidSettingError } from '../../../src/config/index.ts';
import { CycleRunningError } from '../../../src/engine/index.ts';
import { configurationVersion } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { ConfigurationChangedError, ConfigurationFileChangedError, IfMatchMissingError } from '../errors.ts';
import { matcherOf } from '../if-match.ts';
import { named } from '../named.ts';
import { showConfiguration } from '../show-configuration.ts';

export const setConfiguration = endpoint({
  name: 'setConfiguration',
  method: 'put',
  path: '/api/v1/configuration',
  role: 'operator',
  summary:
    'Puts another configuration into force, and into its file, if it is right and the one it replaces has not changed',
  body: named('NewConfiguration', z.strictObject({ text: z.string().describe('YAML or JSON') })),
  headers: { 'If-Match': 'The ETag of the configuration it replaces' },
  answer: { schema: configurationVersion, headers: { ETag: 'Of the one now in force' } },
  errors: [
    IfMatchMissingError,
    ConfigurationChangedError,
    ConfigurationFileChangedError,
    CycleRunningError,
    InvalidSettingError,
  ],
  async handle({ context: { configurations, scheduler }, body, header, actor }) {
    const applied = await configurations.replace(body.text, matcherOf(header('if-match')), actor);
    scheduler.wake();
    return showConfiguration(applied);
  },
});
