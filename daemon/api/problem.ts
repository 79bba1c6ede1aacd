import {
  CycleRunningError,
  CycleUnknownError,
  HeldDigestError,
  NotHeldError,
  NothingToUndoError,
  ObjectUnknownError,
  PasswordsUnsupportedError,
  PlanMovedError,
  QuarantinedError,
  UnexpectedError,
} from '../../src/engine/index.ts';
import { CloudSyncError, type ErrorClass, type ErrorCode } from '../../src/model/index.ts';
import { EngineReplacedError, UnforeseenError } from '../errors.ts';
import { ApiError, InternalError } from './errors.ts';

/** A cycle is running; a plan, a hold or an undo that the world has overtaken; in quarantine; a target that cannot. */
const conflicts: readonly ErrorClass[] = [
  CycleRunningError,
  PlanMovedError,
  HeldDigestError,
  NotHeldError,
  QuarantinedError,
  PasswordsUnsupportedError,
  NothingToUndoError,
  EngineReplacedError,
];
const unknown: readonly ErrorClass[] = [CycleUnknownError, ObjectUnknownError];

/** What the engine's own errors are in HTTP. */
const statusByCode: ReadonlyMap<ErrorCode, number> = new Map([
  ...conflicts.map(({ code }) => [code, 409] as const),
  ...unknown.map(({ code }) => [code, 404] as const),
]);
/** By the room a code comes from: a configuration or expression that is wrong, a directory or tenant that failed. */
const statusByRoom: Readonly<Record<string, number>> = { '1': 422, '2': 502, '3': 422, '4': 502, '9': 502 };
/** What another thread could not name. */
const unforeseen: ReadonlySet<ErrorCode> = new Set([UnexpectedError.code, UnforeseenError.code]);

export function statusOf(code: ErrorCode): number {
  return statusByCode.get(code) ?? statusByRoom[code.charAt(2)] ?? 500;
}

/** The status a cause is answered with. */
export function statusOfClass(cause: ErrorClass & { readonly status?: number }): number {
  return cause.status ?? statusOf(cause.code);
}

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
    status: error instanceof ApiError ? error.status : statusOf(code),
    detail: message,
    instance: requestId,
    code,
    remedy,
    retry,
    ...(object === undefined ? {} : { object }),
    ...(attribute === undefined ? {} : { attribute }),
  };
}
