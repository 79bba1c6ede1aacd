import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

/** Where in the configuration document, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where the setting is that names a file or a secret. */
export interface Named {
  readonly file: string;
  readonly place: Place;
}

/** Root of what can be wrong with a configuration. */
export abstract class ConfigurationError extends CloudSyncError {}

const at = (file: string, { line, column }: Place): string => `${file}:${line}:${column}`;

export class ConfigurationUnreadableError extends ConfigurationError {
  static readonly code: ErrorCode = 'CS1001';
  static readonly title = 'configuration cannot be read';
  static readonly retry: Retry = 'never';

  constructor(file: string, cause: unknown) {
    super({
      message: `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Name the configuration file with --config, and check the rights on it.',
      object: file,
      cause,
    });
  }
}

export class ConfigurationSyntaxError extends ConfigurationError {
  static readonly code: ErrorCode = 'CS1002';
  static readonly title = 'configuration is not YAML or JSON';
  static readonly retry: Retry = 'never';

  constructor(
    file: string,
    place: Place,
    reason: string,
    remedy = 'Correct the document at that place; indentation and quotes are the usual causes.',
  ) {
    super({
      message: `${at(file, place)}: ${reason}.`,
      remedy,
      object: file,
    });
  }
}

export class UnknownKeyError extends ConfigurationError {
  static readonly code: ErrorCode = 'CS1003';
  static readonly title = 'unknown key in the configuration';
  static readonly retry: Retry = 'never';

  constructor(file: string, place: Place, path: string, nearest: string | undefined, known: readonly string[]) {
    const meant = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
    super({
      message: `${at(file, place)}: there is no key "${path}"${meant === '' ? '.' : meant}`,
      remedy: known.length === 0 ? 'Remove it.' : `Use one of ${known.join(', ')}.`,
      object: file,
      attribute: path,
    });
  }
}

export class InvalidSettingError extends ConfigurationError {
  static readonly code: ErrorCode = 'CS1004';
  static readonly title = 'invalid setting in the configuration';
  static readonly retry: Retry = 'never';

  constructor(file: string, place: Place, path: string, reason: string, remedy = 'Correct the setting.') {
    super({
      message: `${at(file, place)}: ${path === '' ? 'the document' : path}: ${reason}${reason.endsWith('?') ? '' : '.'}`,
      remedy,
      object: file,
      attribute: path,
    });
  }
}

export class SecretMissingError extends ConfigurationError {
  static readonly code: ErrorCode = 'CS1005';
  static readonly title = 'secret is not there';
  static readonly retry: Retry = 'never';

  constructor(what: string, where: string, cause?: unknown, named?: Named) {
    super({
      message: `${named === undefined ? 'The' : `${at(named.file, named.place)}: the`} secret for ${what} is not in ${where}.`,
      remedy: 'Put it there, readable by the account CloudSync runs as.',
      object: what,
      cause,
    });
  }
}

export class FileMissingError extends ConfigurationError {
  static readonly code: ErrorCode = 'CS1006';
  static readonly title = 'file named in the configuration cannot be read';
  static readonly retry: Retry = 'never';

  constructor(setting: string, file: string, cause: unknown, named?: Named) {
    super({
      message: `${named === undefined ? '' : `${at(named.file, named.place)}: `}${setting} names ${file}, which cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Check the path; it is taken from the folder of the configuration file.',
      object: file,
      attribute: setting,
      cause,
    });
  }
}

/** A mapping, filter, join or precedence that cannot be; the cause tells which by a code of its own. */
export class RefusedRuleError extends ConfigurationError {
  static readonly code: ErrorCode = 'CS1007';
  static readonly title = 'rule in the configuration that cannot be';
  static readonly retry: Retry = 'never';

  constructor(file: string, place: Place, cause: CloudSyncError) {
    super({
      message: `${at(file, place)}: ${cause.message}`,
      remedy: cause.remedy,
      object: file,
      attribute: cause.attribute,
      cause,
    });
  }
}
