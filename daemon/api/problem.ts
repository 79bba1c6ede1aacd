import { CloudSyncError, type ErrorCode } from '../../src/model/index.ts';
import { ApiError, InternalError } from './errors.ts';

/** What an engine's error is in HTTP, where it is not the daemon's own fault. */
const statusByCode: ReadonlyMap<ErrorCode, number> = new Map([['CS6001', 409]]);
/** What another thread could not name. */
const unforeseen: ReadonlySet<ErrorCode> = new Set(['CS6099', 'CS7099']);

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly retry: string;
  readonly object?: string;
  readonly attribute?: string;
}

/** The error to answer with in place of any thrown thing; what was not foreseen stays inside. */
export function answerable(error: unknown, requestId: string): CloudSyncError {
  return error instanceof CloudSyncError && !unforeseen.has(error.code) ? error : new InternalError(requestId);
}

/** The error as an RFC 9457 problem document. */
export function problemOf(error: CloudSyncError, requestId: string): Problem {
  const { code, title, message, remedy, retry, object, attribute } = error.report();
  return {
    type: `urn:cloudsync:error:${code}`,
    title,
    status: error instanceof ApiError ? error.status : (statusByCode.get(code) ?? 500),
    detail: message,
    instance: requestId,
    code,
    remedy,
    retry,
    ...(object === undefined ? {} : { object }),
    ...(attribute === undefined ? {} : { attribute }),
  };
}
