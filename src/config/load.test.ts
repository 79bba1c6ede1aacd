import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ConfigurationSyntaxError,
  checkConfiguration,
  checkReferences,
  loadConfiguration,
  resolveSecret,
  SecretMissingError,
} from './index.ts';

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
    writeFileSync(join(folder, 'empty.txt'), '\n');
    expect(missing({ file: 'empty.txt' })).toThrow(SecretMissingError);
  });
});

test('a file that is not in UTF-8 is refused where it ceases to be', () => {
  const latin1 = join(folder, 'latin1.yaml');
  writeFileSync(latin1, Buffer.from('version: 1\n# ok é\ntenant: { id: "Zoé" }\n', 'latin1'));
  expect(() => loadConfiguration(latin1)).toThrow(/latin1\.yaml:2:6: the file is not in UTF-8 from here on/);
  writeFileSync(latin1, Buffer.from('\uFEFFversion: 1\n', 'utf16le'));
  expect(() => loadConfiguration(latin1)).toThrow(ConfigurationSyntaxError);
});

test('what the document names and the machine does not have is told with its place', () => {
  const text = `version: 1
tenant:
  id: contoso.test
  credential: { clientId: app, certificate: app.pem, passphrase: { vault: app } }
forests:
  - name: contoso
    domains:
      - { name: a.test, ldif: a.ldf }
      - name: b.test
        bind: { user: svc, password: { env: PASSWORD } }
        tls: { ca: . }
`;
  const check = (env: Record<string, string>, vault?: (name: string) => string | undefined) =>
    checkReferences({ file: 'c.yaml', text, document: parsed(text), folder }, { env, vault }).map(
      ({ code, message }) => `${code} ${message}`,
    );
  const there = check({ PASSWORD: 'x' }, () => 'y');
  expect(there).toEqual([
    expect.stringMatching(/^CS1006 c\.yaml:4:32: tenant\.credential\.certificate names .*app\.pem, .*ENOENT/),
    expect.stringMatching(/^CS1006 c\.yaml:8:25: forests\[0\]\.domains\[0\]\.ldif names .*a\.ldf, .*ENOENT/),
    expect.stringMatching(/^CS1006 c\.yaml:11:16: forests\[0\]\.domains\[1\]\.tls\.ca names .*: it is not a file\.$/),
  ]);
  writeFileSync(join(folder, 'app.pem'), 'certificate');
  writeFileSync(join(folder, 'a.ldf'), '');
  expect(check({})).toEqual([
    'CS1005 c.yaml:4:54: the secret for tenant.credential.passphrase is not in the vault under app.',
    expect.stringMatching(/^CS1006 c\.yaml:8:25: .*: it is empty\.$/),
    'CS1005 c.yaml:10:28: the secret for forests[0].domains[1].bind.password is not in the environment variable PASSWORD.',
    expect.stringMatching(/^CS1006 c\.yaml:11:16:/),
  ]);
});

function parsed(text: string) {
  const { document, errors } = checkConfiguration('c.yaml', text);
  if (document === undefined) throw errors[0];
  return document;
}
