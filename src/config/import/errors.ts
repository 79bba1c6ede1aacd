import type { ErrorCode, Retry } from '../../model/index.ts';
import { ConfigurationError } from '../errors.ts';

export class UnknownExportError extends ConfigurationError {
  static readonly code: ErrorCode = 'CS1008';
  static readonly title = 'configuration to import is not understood';
  static readonly retry: Retry = 'never';

  constructor(file: string, reason: string) {
    super({
      message: `${file} cannot be imported: ${reason}.`,
      remedy:
        'Give the settings file of Entra Connect’s wizard, the XML files of Get-ADSyncServerConfiguration, or the schema of a Cloud Sync job from Microsoft Graph.',
      object: file,
    });
  }
}
