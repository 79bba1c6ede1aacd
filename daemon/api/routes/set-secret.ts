import { z } from 'zod';
import { secret } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';
import { secretPath } from './secret-path.ts';

export const setSecret = endpoint({
  name: 'setSecret',
  method: 'put',
  path: '/api/v1/secrets/{name}',
  role: 'operator',
  summary: 'Keeps a secret in the vault, encrypted; a configuration refers to it as { vault: NAME }',
  params: secretPath,
  takesSecret: true,
  body: named('SecretValue', z.strictObject({ value: z.string().min(1).max(100_000) })),
  answer: { schema: secret },
  async handle({ context: { vault, redactor, logs, now }, params: { name }, body: { value }, actor }) {
    const at = now();
    redactor.know(value);
    vault.set(name, value, at);
    logs.of('api')('info', 'secretSet', { name, actor });
    return { body: { name, at: at.toISOString() } };
  },
});
