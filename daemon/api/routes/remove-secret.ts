import { secretPage } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { SecretUnknownError } from '../errors.ts';
import { secretPath } from './secret-path.ts';

export const removeSecret = endpoint({
  name: 'removeSecret',
  method: 'delete',
  path: '/api/v1/secrets/{name}',
  role: 'operator',
  summary: 'Lets go of a secret of the vault; answers with those that are left',
  params: secretPath,
  answer: { schema: secretPage },
  errors: [SecretUnknownError],
  async handle({ context: { vault, logs }, params: { name }, actor }) {
    if (!vault.remove(name)) throw new SecretUnknownError(name);
    logs.of('api')('info', 'secretRemoved', { name, actor });
    return { body: { items: vault.list(), next: null } };
  },
});
