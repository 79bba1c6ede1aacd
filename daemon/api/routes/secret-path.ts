import { z } from 'zod';
import { secretName } from '../../vault/vault.ts';

/** The path of one secret of the vault. */
export const secretPath = z.strictObject({
  name: z.string().regex(secretName, 'letters, digits, . _ - and at most 100').describe('As in { vault: NAME }'),
});
