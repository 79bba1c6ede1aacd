import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkConfiguration } from './check.ts';
import type { Configuration, SecretReference } from './document.ts';
import { ConfigurationUnreadableError, FileMissingError, SecretMissingError } from './errors.ts';

/** A configuration that is right in itself, and where it came from. */
export interface LoadedConfiguration {
  readonly document: Configuration;
  readonly file: string;
  /** Paths in the document are taken from here. */
  readonly folder: string;
  /** SHA-256 of the text, hex. */
  readonly digest: string;
}

/** Reads and checks a configuration file; the first thing wrong with it is thrown. */
export function loadConfiguration(file: string): LoadedConfiguration {
  const path = resolve(file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationUnreadableError(file, error);
  }
  const { document, errors } = checkConfiguration(file, text);
  if (document === undefined) throw errors[0];
  return { document, file: path, folder: dirname(path), digest: createHash('sha256').update(text).digest('hex') };
}

/** A path of the document as one of the file system. */
export function resolvePath({ folder }: LoadedConfiguration, path: string): string {
  return resolve(folder, path);
}

/** Reads a text file the document names by `setting`. */
export function resolveFile(configuration: LoadedConfiguration, setting: string, path: string): string {
  const full = resolvePath(configuration, path);
  try {
    return readFileSync(full, 'utf8');
  } catch (error) {
    throw new FileMissingError(setting, full, error);
  }
}

/** Secrets kept by the host, by name. */
export type Vault = (name: string) => string | undefined;

/** Fetches the secret a reference stands for; `what` names it in errors, which never hold the secret. */
export function resolveSecret(
  configuration: LoadedConfiguration,
  env: Readonly<Record<string, string | undefined>>,
  what: string,
  reference: SecretReference,
  vault?: Vault,
): string {
  if ('vault' in reference) {
    const value = vault?.(reference.vault);
    if (value === undefined || value === '') throw new SecretMissingError(what, `the vault under ${reference.vault}`);
    return value;
  }
  if ('env' in reference) {
    const value = env[reference.env];
    if (value === undefined || value === '')
      throw new SecretMissingError(what, `the environment variable ${reference.env}`);
    return value;
  }
  const file = resolvePath(configuration, reference.file);
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new SecretMissingError(what, file, error);
  }
}
