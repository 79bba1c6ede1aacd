import { InvalidSettingError } from '../../../src/config/index.ts';
import { CycleRunningError } from '../../../src/engine/index.ts';
import { configurationVersion } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { showConfiguration } from '../show-configuration.ts';

export const reloadConfiguration = endpoint({
  name: 'reloadConfiguration',
  method: 'post',
  path: '/api/v1/configuration/reload',
  role: 'operator',
  summary: 'Puts into force what the configuration file says now',
  answer: { schema: configurationVersion, headers: { ETag: 'Of the one now in force' } },
  errors: [CycleRunningError, InvalidSettingError],
  async handle({ context: { configurations, scheduler }, actor }) {
    const applied = await configurations.reload(actor);
    scheduler.wake();
    return showConfiguration(applied);
  },
});
