import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkConfiguration } from './check.ts';
import type { Configuration, SecretReference } from './document.ts';
import {
  ConfigurationSyntaxError,
  ConfigurationUnreadableError,
  FileMissingError,
  type Named,
  type Place,
  SecretMissingError,
} from './errors.ts';

/** A configuration that is right in itself, and where it came from. */
export interface LoadedConfiguration {
  readonly document: Configuration;
  /** As it was read: the file may be another by now. */
  readonly text: string;
  readonly file: string;
  /** Paths in the document are taken from here. */
  readonly folder: string;
  /** SHA-256 of the text, hex. */
  readonly digest: string;
}

/** Reads the text of a configuration file. What is no UTF-8 would put other characters into the tenant than were meant. */
export function readConfiguration(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolve(file));
  } catch (error) {
    throw new ConfigurationUnreadableError(file, error);
  }
  if (!isUtf8(bytes)) {
    throw new ConfigurationSyntaxError(
      file,
      placeOfOther(bytes),
      'the file is not in UTF-8 from here on',
      'Save it as UTF-8; editors and PowerShell often write Latin-1 or UTF-16 instead.',
    );
  }
  return bytes.toString('utf8');
}

/** Where the first byte is that UTF-8 does not have there. */
function placeOfOther(bytes: Buffer): Place {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    const text = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(text) || end < 0) return { line, column: text.toString('utf8').indexOf('\ufffd') + 1 };
    start = end + 1;
    line += 1;
  }
}

/** Reads and checks a configuration file; the first thing wrong with it is thrown. */
export function loadConfiguration(file: string): LoadedConfiguration {
  const path = resolve(file);
  const text = readConfiguration(file);
  const { document, errors } = checkConfiguration(file, text);
  if (document === undefined) throw errors[0];
  const digest = createHash('sha256').update(text).digest('hex');
  return { document, text, file: path, folder: dirname(path), digest };
}

/** A path of the document as one of the file system. */
export function resolvePath({ folder }: Pick<LoadedConfiguration, 'folder'>, path: string): string {
  return resolve(folder, path);
}

/** Reads a text file the document names by `setting`. */
export function resolveFile(configuration: LoadedConfiguration, setting: string, path: string): string {
  return resolveBytes(configuration, setting, path).toString('utf8');
}

/** Reads a file the document names by `setting`. */
export function resolveBytes(configuration: LoadedConfiguration, setting: string, path: string): Buffer {
  const full = resolvePath(configuration, path);
  try {
    return readFileSync(full);
  } catch (error) {
    throw new FileMissingError(setting, full, error);
  }
}

/** Secrets kept by the host, by name. */
export type Vault = (name: string) => string | undefined;

/** Fetches the secret a reference stands for; `what` names it in errors, which never hold the secret. */
export function resolveSecret(
  configuration: Pick<LoadedConfiguration, 'folder'>,
  env: Readonly<Record<string, string | undefined>>,
  what: string,
  reference: SecretReference,
  vault?: Vault,
  named?: Named,
): string {
  if ('vault' in reference) {
    const value = vault?.(reference.vault);
    if (value === undefined || value === '')
      throw new SecretMissingError(what, `the vault under ${reference.vault}`, undefined, named);
    return value;
  }
  if ('env' in reference) {
    const value = env[reference.env];
    if (value === undefined || value === '')
      throw new SecretMissingError(what, `the environment variable ${reference.env}`, undefined, named);
    return value;
  }
  const file = resolvePath(configuration, reference.file);
  try {
    const value = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (value === '') throw new Error('it is empty');
    return value;
  } catch (error) {
    throw new SecretMissingError(what, file, error, named);
  }
}
