import { InvalidSettingError } from '../../../src/config/index.ts';
import { CycleRunningError } from '../../../src/engine/index.ts';
import { configurationVersion } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import {
  ConfigurationChangedError,
  ConfigurationFileChangedError,
  ConfigurationVersionError,
  IfMatchMissingError,
} from '../errors.ts';
import { matcherOf } from '../if-match.ts';
import { showConfiguration } from '../show-configuration.ts';
import { configurationPath, versionOf } from './configuration-path.ts';

export const restoreConfiguration = endpoint({
  name: 'restoreConfiguration',
  method: 'post',
  path: '/api/v1/configuration/versions/{version}/restore',
  role: 'operator',
  summary: 'Puts a former configuration into force again, as a new version',
  params: configurationPath,
  headers: { 'If-Match': 'The ETag of the configuration it replaces' },
  answer: { schema: configurationVersion, headers: { ETag: 'Of the one now in force' } },
  errors: [
    ConfigurationVersionError,
    IfMatchMissingError,
    ConfigurationChangedError,
    ConfigurationFileChangedError,
    CycleRunningError,
    InvalidSettingError,
  ],
  async handle({ context, params, header, actor }) {
    const { configurations, scheduler } = context;
    const { text } = versionOf(context, params.version);
    const applied = await configurations.replace(text, matcherOf(header('if-match')), actor);
    scheduler.wake();
    return showConfiguration(applied);
  },
});
