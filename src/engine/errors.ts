import { CloudSyncError, type ErrorCode, type ErrorReport, type Retry } from '../model/index.ts';

export class CycleRunningError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6001';
  static readonly title = 'a cycle is running';
  static readonly retry: Retry = 'later';

  /** Without a number: a cycle that has just begun, or work that is none and needs the engine to itself. */
  constructor(cycle?: number) {
    super({
      message:
        cycle === undefined
          ? 'A cycle is beginning, or a configuration is being assessed or put into force; there is one at a time.'
          : `Cycle ${cycle} is still running; there is one at a time.`,
      remedy: cycle === undefined ? 'Try again in a moment.' : 'Wait for it to end, or stop it first.',
      object: cycle === undefined ? undefined : String(cycle),
    });
  }
}

export class CycleStoppedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6002';
  static readonly title = 'cycle was stopped';
  static readonly retry: Retry = 'later';

  constructor(cycle: number) {
    super({
      message: `Cycle ${cycle} was stopped before its end.`,
      remedy: 'Start another; it goes on from what this one has done.',
      object: String(cycle),
    });
  }
}

export class CycleInterruptedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6003';
  static readonly title = 'the process ended during a cycle';
  static readonly retry: Retry = 'later';

  constructor() {
    super({
      message: 'The process ended before the cycle or operation did.',
      remedy: 'Nothing to do: the next cycle looks up what was in flight and goes on.',
    });
  }
}

export class PlanMovedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6015';
  static readonly title = 'plan is out of date';
  static readonly retry: Retry = 'never';

  constructor(cycle: number, differences: readonly string[]) {
    super({
      message: `The plan of cycle ${cycle} is no longer what a cycle would do: ${differences.join('; ')}.`,
      remedy: 'Make a new plan, look at it, and apply that one.',
      object: String(cycle),
    });
  }
}

export class HeldDigestError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6016';
  static readonly title = 'what is held has changed';
  static readonly retry: Retry = 'never';

  constructor(given: string, held: string | null) {
    super({
      message:
        held === null
          ? `Nothing is held; ${given} may have been approved already, or its cause has gone away.`
          : `${given} is not what is held now; that has the digest ${held}.`,
      remedy: 'Look at what is held now and decide on that.',
      object: given,
    });
  }
}

/** A decision is carried out as it was given or not at all. */
export class NotHeldError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6033';
  static readonly title = 'not among what is held';
  static readonly retry: Retry = 'never';

  constructor(what: string, digest: string) {
    super({
      message: `${what} is not among what is held with the digest ${digest}; nothing was decided.`,
      remedy: 'Look at what is held now and name operations or guards of that.',
      object: what,
    });
  }
}

export class CycleUnknownError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6017';
  static readonly title = 'no such cycle';
  static readonly retry: Retry = 'never';

  constructor(cycle: number) {
    super({
      message: `There is no cycle ${cycle}, or nothing is kept of it any more.`,
      remedy: 'List the cycles and name one of them.',
      object: String(cycle),
    });
  }
}

export class FailureThresholdError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6030';
  static readonly title = 'too much failed in the tenant';
  static readonly retry: Retry = 'after';

  constructor(tenant: string, reason: string) {
    super({
      message: `Tenant ${tenant} refused too much in one cycle: ${reason}.`,
      remedy: 'Look at the failing objects; correct what they have in common, then clear the quarantine.',
      object: tenant,
    });
  }
}

/** It has failed too often, and is tried more rarely. */
export class QuarantinedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6020';
  static readonly title = 'in quarantine';
  static readonly retry: Retry = 'after';

  constructor(what: string, until: string, last: ErrorReport | null) {
    super({
      message: `${what} is in quarantine until ${until}${last === null ? '.' : `: ${last.message}`}`,
      remedy: `${last === null ? '' : `${last.remedy} `}Then clear the quarantine, or start a cycle by hand.`,
      object: what,
    });
  }
}

export class PasswordsUnsupportedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6029';
  static readonly title = 'target takes no passwords';
  static readonly retry: Retry = 'never';

  constructor(target: string) {
    super({
      message: `The target ${target} takes no password hashes.`,
      remedy: 'Set tenant.target to syncApi, or passwords.sync to false.',
      object: target,
      attribute: 'passwords.sync',
    });
  }
}

export class NothingToUndoError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6019';
  static readonly title = 'nothing to undo';
  static readonly retry: Retry = 'never';

  constructor(cycle: number) {
    super({
      message: `Cycle ${cycle} has changed nothing that is still as it left it.`,
      remedy: 'Look at the cycle in the provisioning log.',
      object: String(cycle),
    });
  }
}

export class ScopeRootMissingError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6005';
  static readonly title = 'scope root not found';
  static readonly retry: Retry = 'later';

  constructor(forest: string, dn: string) {
    super({
      message: `The scope of forest ${forest} names ${dn}, and the directory shows no such object.`,
      remedy:
        'Correct the DN in the configuration, or give the account the right to read it; until then nothing of this forest changes.',
      object: dn,
    });
  }
}

/** A source that stops without a word: what it did not show is not gone. */
export class ReadUnfinishedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6027';
  static readonly title = 'directory read did not come to its end';
  static readonly retry: Retry = 'later';

  constructor(connector: string) {
    super({
      message: `The read of ${connector} stopped before its end; what it did not show counts as unchanged.`,
      remedy: 'Nothing to do: the next cycle reads again. If it stays so, look at the domain controller.',
      object: connector,
    });
  }
}

export class TenantMismatchError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6010';
  static readonly title = 'state belongs to another tenant';
  static readonly retry: Retry = 'never';

  constructor(expected: string, found: string) {
    super({
      message: `The state was made with tenant ${expected}; the configuration now leads to ${found}.`,
      remedy: 'Use a data folder of its own for each tenant.',
      object: found,
    });
  }
}

export class DirectoryUnreadableError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6013';
  static readonly title = 'no directory could be read';
  static readonly retry: Retry = 'later';

  constructor(errors: readonly { connector: string; error: ErrorReport }[]) {
    const [first] = errors;
    super({
      message: first === undefined ? 'No directory could be read.' : `${first.connector}: ${first.error.message}`,
      remedy: first === undefined ? 'Configure a domain.' : first.error.remedy,
      object: first?.connector,
    });
  }
}

export class UnexpectedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6099';
  static readonly title = 'unexpected error';
  static readonly retry: Retry = 'later';

  constructor(cause: unknown) {
    super({
      message: `Something unforeseen went wrong: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Look at the log for the details and report it.',
      cause,
    });
  }
}

/** What is stored and shown of any thrown thing. */
export function reportOf(error: unknown): ErrorReport {
  return (error instanceof CloudSyncError ? error : new UnexpectedError(error)).report();
}
