import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

/** Only where the configuration wants such changes reported rather than repaired; without attributes, the object is gone. */
export class TenantDriftError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6028';
  static readonly title = 'changed in the tenant';
  static readonly retry: Retry = 'later';

  constructor(object: string, attributes: readonly string[]) {
    const what = attributes.length === 0 ? `deleted ${object}` : `changed ${attributes.join(', ')} of ${object}`;
    super({
      message: `Somebody ${what} in the tenant, and drift is set to report.`,
      remedy: 'Set drift to repair, provision the object on demand, or carry the change into the directory.',
      object,
      attribute: attributes[0],
    });
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

/** The group is in the tenant, and has grown beyond what the tenant takes. */
export class GroupTooLargeError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS6035';
  static readonly title = 'group has too many members';
  static readonly retry: Retry = 'later';

  constructor(dn: string, limit: number) {
    super({
      message: `${dn} has more than the ${limit} members that the tenant takes of a group: it stays there as it is.`,
      remedy: 'Divide the group in the directory, or take it out of the scope; members out of scope do not count.',
      object: dn,
      attribute: 'member',
    });
  }
}
