import { CloudSyncError, type ErrorCode, type ErrorReport, type Retry } from '../model/index.ts';

export class CycleRunningError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6001';
  static readonly title = 'a cycle is running';
  static readonly retry: Retry = 'later';

  constructor(cycle: number) {
    super({
      message: `Cycle ${cycle} is still running; there is one at a time.`,
      remedy: 'Wait for it to end, or stop it first.',
      object: String(cycle),
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

/** What a guard counted. */
export interface GuardFacts {
  readonly count: number;
  readonly of: number;
  readonly limit: number;
  /** The forest it is about; all together without one. */
  readonly forest: string | undefined;
  /** The group or attribute, where it is about one. */
  readonly subject: string;
}

/** Root of what the guards hold a cycle for. */
export abstract class GuardError extends CloudSyncError {
  constructor(what: string, setting: string, { count, of, limit, forest, subject }: GuardFacts) {
    super({
      message: `The cycle would ${what} ${count} of ${of}${forest === undefined ? '' : ` in forest ${forest}`}; the threshold is ${limit}.`,
      remedy: `Look at the held operations: approve them if they are meant, else correct the directory or the scope; safety.${setting} sets the threshold.`,
      ...(subject === '' ? {} : { object: subject }),
    });
  }
}

export class DeleteThresholdError extends GuardError {
  static readonly code: ErrorCode = 'CS6004';
  static readonly title = 'accidental-delete threshold';
  static readonly retry: Retry = 'later';

  constructor(facts: GuardFacts) {
    super('delete', 'deletes', facts);
  }
}

export class ScopeLossGuardError extends GuardError {
  static readonly code: ErrorCode = 'CS6021';
  static readonly title = 'too many objects leave the scope';
  static readonly retry: Retry = 'later';

  constructor(facts: GuardFacts) {
    super('delete, because they leave the scope,', 'scopeLosses', facts);
  }
}

export class DisableGuardError extends GuardError {
  static readonly code: ErrorCode = 'CS6022';
  static readonly title = 'too many accounts are disabled';
  static readonly retry: Retry = 'later';

  constructor(facts: GuardFacts) {
    super('disable', 'disables', facts);
  }
}

export class RenameGuardError extends GuardError {
  static readonly code: ErrorCode = 'CS6023';
  static readonly title = 'too many objects are renamed';
  static readonly retry: Retry = 'later';

  constructor(facts: GuardFacts) {
    super('change the userPrincipalName or mail of', 'renames', facts);
  }
}

export class AttributeChangeGuardError extends GuardError {
  static readonly code: ErrorCode = 'CS6024';
  static readonly title = 'one attribute changes on too many objects';
  static readonly retry: Retry = 'later';

  constructor(facts: GuardFacts) {
    super(`change ${facts.subject} of`, 'attributeChanges', facts);
  }
}

export class GroupRemovalGuardError extends GuardError {
  static readonly code: ErrorCode = 'CS6025';
  static readonly title = 'a group loses too many members';
  static readonly retry: Retry = 'later';

  constructor(facts: GuardFacts) {
    super(`remove from ${facts.subject} the members`, 'memberRemovalsPerGroup', facts);
  }
}

export class MemberRemovalGuardError extends GuardError {
  static readonly code: ErrorCode = 'CS6026';
  static readonly title = 'too many memberships are removed';
  static readonly retry: Retry = 'later';

  constructor(facts: GuardFacts) {
    super('remove the memberships', 'memberRemovals', facts);
  }
}

/** Only where the configuration wants such changes reported rather than repaired. */
export class TenantDriftError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6028';
  static readonly title = 'changed in the tenant';
  static readonly retry: Retry = 'later';

  constructor(object: string, attributes: readonly string[]) {
    super({
      message: `Somebody changed ${attributes.join(', ')} of ${object} in the tenant, and drift is set to report.`,
      remedy: 'Set drift to repair, provision the object on demand, or carry the change into the directory.',
      object,
      attribute: attributes[0],
    });
  }
}

export class ManagerRemovalGuardError extends GuardError {
  static readonly code: ErrorCode = 'CS6032';
  static readonly title = 'too many managers are cleared';
  static readonly retry: Retry = 'later';

  constructor(facts: GuardFacts) {
    super('clear the managers of', 'managerRemovals', facts);
  }
}

/** A person has set the object aside: by denying an operation, or by undoing a cycle. */
export class PinnedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6014';
  static readonly title = 'object is left as it is';
  static readonly retry: Retry = 'later';

  constructor(object: string, pin: { readonly actor: string; readonly at: string; readonly reason: string }) {
    super({
      message: `${object} is left as the tenant has it: ${pin.reason} (${pin.actor}, ${pin.at}).`,
      remedy: 'Release it to let it follow the directory again, or correct the directory.',
      object,
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

export class ObjectUnknownError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6018';
  static readonly title = 'no such object';
  static readonly retry: Retry = 'never';

  constructor(object: string) {
    super({
      message: `Neither the state nor the directories know ${object}.`,
      remedy: 'Name it by its DN, userPrincipalName, objectGUID, source anchor, mail address or tenant id.',
      object,
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

export class SourceAnchorChangedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6006';
  static readonly title = 'source anchor has changed';
  static readonly retry: Retry = 'never';

  constructor(dn: string, before: string, after: string) {
    super({
      message: `The source anchor of ${dn} was ${before} and is now ${after}; an anchor is immutable.`,
      remedy: 'Put the former mS-DS-ConsistencyGuid back on the object.',
      object: dn,
      attribute: 'mS-DS-ConsistencyGuid',
    });
  }
}

export class SoftMatchHeldError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6007';
  static readonly title = 'soft match needs approval';
  static readonly retry: Retry = 'later';

  constructor(object: string, found: { id: string; by: string; value: string }) {
    super({
      message: `${object} would take over the tenant's object ${found.id}, which has the same ${found.by} ${found.value}.`,
      remedy: 'If they are one, approve the adoption; if not, change one of the two values.',
      object,
      attribute: found.by,
    });
  }
}

export class InvalidSoftMatchError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6008';
  static readonly title = 'tenant object belongs to another source';
  static readonly retry: Retry = 'later';

  constructor(object: string, found: { id: string; by: string; value: string }) {
    super({
      message: `The tenant's object ${found.id} has the same ${found.by} ${found.value} as ${object}, and the anchor of another source.`,
      remedy: 'Change the value on one of the two, or remove the tenant object.',
      object,
      attribute: found.by,
    });
  }
}

export class PrivilegedObjectError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6009';
  static readonly title = 'privileged account is protected';
  static readonly retry: Retry = 'later';

  constructor(object: string, tenantId: string, what: 'adopted' | 'deleted' | 'disabled') {
    super({
      message: `The tenant's object ${tenantId} (${object}) holds a directory role and is never ${what}.`,
      remedy: 'Remove its directory role first, if this is meant.',
      object,
    });
  }
}

export class JoinConflictError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6031';
  static readonly title = 'objects to be joined have an account each';
  static readonly retry: Retry = 'later';

  constructor(object: string, others: readonly string[]) {
    super({
      message: `${object} is to be joined with ${others.join(' | ')}, and the tenant has an account for each.`,
      remedy:
        'Take one of them out of scope, so that its account goes, then let the other be joined; or change what they are joined by.',
      object,
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

export class DependencyMissingError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6011';
  static readonly title = 'object at the other end is not in the tenant';
  static readonly retry: Retry = 'later';

  constructor(object: string) {
    super({
      message: `The other end of this link of ${object} is not in the tenant yet.`,
      remedy: 'Nothing to do: the link follows once the object is there.',
      object,
    });
  }
}

export class ValueRefusedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6012';
  static readonly title = 'value the tenant cannot take';
  static readonly retry: Retry = 'later';

  constructor(object: string, attribute: string, problem: string) {
    super({
      message: `${attribute} of ${object}: ${problem}.`,
      remedy: 'Correct the value in the directory or the mapping.',
      object,
      attribute,
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
