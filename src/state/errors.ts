import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

export class StateCorruptError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS5001';
  static readonly title = 'state is damaged';
  static readonly retry: Retry = 'never';

  constructor(file: string, cause: unknown) {
    super({
      message: `The state file ${file} is not a sound database${cause instanceof Error ? `: ${cause.message.split('\n')[0]}` : ''}.`,
      remedy:
        'Restore a backup, or move the file away: the state is rebuilt from the directory and the tenant by anchor.',
      object: file,
      cause,
    });
  }
}

export class StateTooNewError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS5002';
  static readonly title = 'state is of a newer version';
  static readonly retry: Retry = 'never';

  constructor(file: string, found: number, known: number) {
    super({
      message: `The state file ${file} has schema version ${found}; this program knows up to ${known}.`,
      remedy: 'Run the newer program, or restore a backup made before the upgrade.',
      object: file,
    });
  }
}

export class StateUnavailableError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS5003';
  static readonly title = 'state cannot be opened';
  static readonly retry: Retry = 'later';

  constructor(file: string, cause: unknown) {
    super({
      message: `The state file ${file} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Check that the data folder exists, is writable by this account and is not used by another program.',
      object: file,
      cause,
    });
  }
}

export class DiskFullError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS5004';
  static readonly title = 'disk is full';
  static readonly retry: Retry = 'later';

  constructor(file: string, cause: unknown) {
    super({
      message: `There is no room left to write ${file}; the last transaction was undone.`,
      remedy: 'Make room on the disk; the next cycle goes on where this one stopped.',
      object: file,
      cause,
    });
  }
}
