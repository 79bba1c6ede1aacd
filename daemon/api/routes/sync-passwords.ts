import { PasswordsUnsupportedError } from '../../../src/engine/index.ts';
import { EngineReplacedError } from '../../errors.ts';
import { endpoint } from '../endpoint.ts';
import { passwordRun } from '../shapes.ts';

export const syncPasswords = endpoint({
  name: 'syncPasswords',
  method: 'post',
  path: '/api/v1/passwords/sync',
  role: 'operator',
  summary: 'Takes the passwords that changed to the tenant now, beside whatever cycle runs',
  answer: { schema: passwordRun },
  errors: [PasswordsUnsupportedError, EngineReplacedError],
  async handle({ context, signal }) {
    return { body: await context.engine.syncPasswords(signal) };
  },
});
