import { faultCodes } from '../../wire/index.ts';
import type { TargetError } from '../errors.ts';
import type { Fault } from './answer.ts';
import {
  ClientTooOldError,
  PasswordSyncInactiveError,
  ServiceFaultError,
  ServiceInternalError,
  SyncAccessDeniedError,
  SyncInactiveError,
} from './errors.ts';

type OtherFault = Extract<Fault, { type: 'fault' }>;

export interface FaultContext {
  readonly operation: string;
  readonly clientId: string;
  readonly tenant: string;
  readonly build: string;
}

/** Did the service ask for patience? */
export function isBusy({ code }: OtherFault): boolean {
  return Number(code) === faultCodes.busy;
}

export function isInternal({ code }: OtherFault): boolean {
  return Number(code) === faultCodes.internalError;
}

/** By the code where it has one; by Microsoft's own words, as documented, where it has not. */
export function faultError(fault: OtherFault, context: FaultContext): TargetError {
  const { code, description } = fault;
  if (Number(code) === faultCodes.passwordSyncInactive) return new PasswordSyncInactiveError(context.tenant);
  if (isInternal(fault)) return new ServiceInternalError(context.operation, description);
  if (/access .*denied/i.test(description)) return new SyncAccessDeniedError(context.clientId, description);
  if (/not yet activated/i.test(description)) return new SyncInactiveError(context.tenant);
  if (/version|build/i.test(description) && /not supported|no longer|upgrade|deprecated/i.test(description))
    return new ClientTooOldError(context.build, description);
  return new ServiceFaultError(context.operation, code, description);
}
