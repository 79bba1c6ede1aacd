import { type LoadedConfiguration, resolveSecret, type SecretReference } from '../src/config/index.ts';
import type { Redactor } from './logs/redact.ts';
import type { SecretVault } from './vault/vault.ts';

/** Tells the redactor every secret the configuration refers to and all of the vault, as far as they are there. */
export function knowSecrets(
  redactor: Redactor,
  configuration: LoadedConfiguration,
  env: Readonly<Record<string, string | undefined>>,
  vault: SecretVault,
): void {
  for (const reference of [...references(configuration.document), ...kept(vault)]) {
    try {
      redactor.know(resolveSecret(configuration, env, 'a secret', reference, (name) => vault.get(name)));
    } catch {
      // Who needs it says so; here it only cannot be written down.
    }
  }
}

function kept(vault: SecretVault): readonly SecretReference[] {
  try {
    return vault.list().map(({ name }) => ({ vault: name }));
  } catch {
    return [];
  }
}

/** Secret references anywhere in the document: `{ env }`, `{ file }` or `{ vault }` and nothing else. */
function* references(value: unknown): Generator<SecretReference> {
  if (typeof value !== 'object' || value === null) return;
  const entries = Object.entries(value);
  const [[key, place] = []] = entries;
  if (entries.length === 1 && typeof place === 'string') {
    if (key === 'env') yield { env: place };
    if (key === 'file') yield { file: place };
    if (key === 'vault') yield { vault: place };
  }
  for (const [, inner] of entries) yield* references(inner);
}
