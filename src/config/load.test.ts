import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfiguration, resolveSecret, SecretMissingError } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloudsync-config-'));
const file = join(folder, 'c.yaml');
writeFileSync(
  file,
  `version: 1
tenant: { id: contoso.test, cloud: sandbox }
forests: [{ name: contoso, domains: [{ name: corp.contoso.test, ldif: a.ldf }] }]
`,
);
writeFileSync(join(folder, 'secret.txt'), 'from a file\r\n');
const configuration = loadConfiguration(file);

describe('a secret', () => {
  test('comes from the environment, from a file beside the configuration, or from the host’s vault', () => {
    const secret = (
      ...[reference, vault]: [Parameters<typeof resolveSecret>[3], Parameters<typeof resolveSecret>[4]?]
    ) => resolveSecret(configuration, { NAME: 'from the environment' }, 'somebody', reference, vault);
    expect(secret({ env: 'NAME' })).toBe('from the environment');
    expect(secret({ file: 'secret.txt' })).toBe('from a file');
    expect(secret({ vault: 'corp' }, (name) => `${name} from the vault`)).toBe('corp from the vault');
  });

  test('that is not there is named by where it should be, and never shown', () => {
    const missing = (reference: Parameters<typeof resolveSecret>[3]) => () =>
      resolveSecret(configuration, { EMPTY: '' }, 'somebody', reference);
    expect(missing({ env: 'EMPTY' })).toThrow('The secret for somebody is not in the environment variable EMPTY.');
    expect(missing({ vault: 'corp' })).toThrow('The secret for somebody is not in the vault under corp.');
    expect(missing({ file: 'none.txt' })).toThrow(SecretMissingError);
  });
});
