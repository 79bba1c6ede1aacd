import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

/** Root of what writing or reading a tenant can come to. */
export abstract class TargetError extends CloudSyncError {}

export class ReadTokenLostError extends TargetError {
  static readonly code: ErrorCode = 'CS4001';
  static readonly title = 'tenant no longer knows where the last read ended';
  static readonly retry: Retry = 'later';

  constructor(tenant: string, cause?: unknown) {
    super({
      message: `${tenant} no longer resumes from where it was last read.`,
      remedy: 'Nothing to do: the tenant is read in full.',
      object: tenant,
      cause,
    });
  }
}

export class TargetUnavailableHereError extends TargetError {
  static readonly code: ErrorCode = 'CS4002';
  static readonly title = 'target is not available';
  static readonly retry: Retry = 'never';

  constructor(target: string) {
    super({
      message: `This version cannot write by the target ${target}.`,
      remedy: 'Set tenant.target to graph.',
      object: target,
    });
  }
}
