import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

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
    const where = forest === undefined ? '' : ` in forest ${forest}`;
    // Less than the threshold is held only where it was more before.
    const left = count < limit ? ', what is left of a hold' : '';
    super({
      message: `The cycle would ${what} ${count} of ${of}${where}${left}; the threshold is ${limit}.`,
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

/** What a guard does not hold of an undo waits with the rest. */
export class UndoHeldError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6034';
  static readonly title = 'undo is done as a whole or not at all';
  static readonly retry: Retry = 'later';

  constructor(cycle: number, held: number, of: number) {
    super({
      message: `A guard holds ${held} of the ${of} operations that undo cycle ${cycle}; none of them was sent.`,
      remedy: `Look at the held operations; if they are meant, approve all of them by their digest and undo cycle ${cycle} again.`,
      object: String(cycle),
    });
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

export class ManagerRemovalGuardError extends GuardError {
  static readonly code: ErrorCode = 'CS6032';
  static readonly title = 'too many managers are cleared';
  static readonly retry: Retry = 'later';

  constructor(facts: GuardFacts) {
    super('clear the managers of', 'managerRemovals', facts);
  }
}
