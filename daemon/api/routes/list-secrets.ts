import { secretPage } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';

export const listSecrets = endpoint({
  name: 'listSecrets',
  method: 'get',
  path: '/api/v1/secrets',
  role: 'operator',
  summary: 'The names of the secrets in the vault, and when each was set; never a secret itself',
  answer: { schema: secretPage },
  async handle({ context }) {
    return { body: { items: context.vault.list(), next: null } };
  },
});
