import { CloudSyncError, type ErrorCode } from '../model/index.ts';

/** One thing that was looked at before there is trouble with it. */
export interface Finding {
  /** `port`, `tls`, `signIn`, `clock`, `replicationRight`, `permission`... */
  readonly check: string;
  /** The domain controller, domain, tenant or file it is about. */
  readonly subject: string;
  readonly state: 'passed' | 'warning' | 'failed';
  /** What was found, and why it is as it is. */
  readonly message: string;
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null;
  readonly code: ErrorCode | null;
}

export function passed(check: string, subject: string, message: string): Finding {
  return { check, subject, state: 'passed', message, remedy: null, code: null };
}

export function warning(check: string, subject: string, message: string, remedy: string): Finding {
  return { check, subject, state: 'warning', message, remedy, code: null };
}

/** What an error says; one that was not foreseen is thrown on. */
export function failed(check: string, subject: string, error: unknown): Finding {
  if (!(error instanceof CloudSyncError)) throw error;
  const { message, remedy, code } = error.report();
  return { check, subject, state: 'failed', message, remedy, code };
}
