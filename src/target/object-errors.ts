import type { ErrorCode, Retry } from '../model/index.ts';
import { TargetError } from './errors.ts';

/** What is said of an object in an error. */
export interface About {
  readonly object: string;
  readonly attribute?: string | undefined;
}

/** The tenant's own words, for the cause no class knows. */
export class RequestRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4030';
  static readonly title = 'tenant refused the request';
  static readonly retry: Retry = 'never';

  constructor({ object, attribute }: About, status: number, code: string, message: string) {
    super({
      message: `The tenant refused ${object}: ${status} ${code}: ${message}`,
      remedy: 'Look at what the tenant says of it and correct the object or its mapping.',
      object,
      attribute,
    });
  }
}

/** Two objects cannot have the same user principal name, address or anchor. */
export class DuplicateValueError extends TargetError {
  static readonly code: ErrorCode = 'CS4031';
  static readonly title = 'value belongs to another object of the tenant';
  static readonly retry: Retry = 'never';

  constructor({ object, attribute }: About, value: string | undefined, owner: string) {
    super({
      message: `${object} cannot have the ${attribute ?? 'value'}${value === undefined ? '' : ` ${value}`}: it belongs to ${owner}.`,
      remedy: 'Change it on one of the two, or, if they are the same, let the object be matched.',
      object,
      attribute,
    });
  }
}

export class UnverifiedDomainError extends TargetError {
  static readonly code: ErrorCode = 'CS4032';
  static readonly title = 'domain is not verified in the tenant';
  static readonly retry: Retry = 'never';

  constructor({ object, attribute }: About, domain: string | undefined) {
    super({
      message: `${object} cannot have its ${attribute ?? 'userPrincipalName'}: ${domain === undefined ? 'its domain' : `the domain ${domain}`} is not one of the tenant's verified domains.`,
      remedy: 'Verify the domain in the tenant, or map userPrincipalName to a domain that is.',
      object,
      attribute: attribute ?? 'userPrincipalName',
    });
  }
}

export class InvalidValueError extends TargetError {
  static readonly code: ErrorCode = 'CS4033';
  static readonly title = 'value is not allowed';
  static readonly retry: Retry = 'never';

  constructor({ object, attribute }: About, message: string) {
    super({
      message: `The tenant does not take ${attribute === undefined ? 'a value' : attribute} of ${object}: ${message}`,
      remedy: 'Correct the value in the directory, or map the attribute to one without the characters it names.',
      object,
      attribute,
    });
  }
}

export class ValueTooLongError extends TargetError {
  static readonly code: ErrorCode = 'CS4034';
  static readonly title = 'value is too long';
  static readonly retry: Retry = 'never';

  constructor({ object, attribute }: About, message: string) {
    super({
      message: `${attribute === undefined ? 'A value' : attribute} of ${object} is too long: ${message}`,
      remedy: 'Shorten the value in the directory, or cut it in the mapping with Left.',
      object,
      attribute,
    });
  }
}

export class ValueMissingError extends TargetError {
  static readonly code: ErrorCode = 'CS4035';
  static readonly title = 'required value is missing';
  static readonly retry: Retry = 'never';

  constructor({ object, attribute }: About) {
    super({
      message: `${object} has no ${attribute ?? 'value that the tenant requires'}, which the tenant requires.`,
      remedy: 'Give it a value in the directory, or map the attribute to one that has.',
      object,
      attribute,
    });
  }
}

export class WeakPasswordError extends TargetError {
  static readonly code: ErrorCode = 'CS4036';
  static readonly title = 'initial password is refused';
  static readonly retry: Retry = 'never';

  constructor({ object }: About) {
    super({
      message: `The tenant's password rules refuse the random initial password of ${object}.`,
      remedy: 'Look at the custom banned passwords of the tenant: one of them is too short.',
      object,
    });
  }
}

/** Objects, memberships, owners or extension values: what the tenant holds has a limit. */
export class DirectoryQuotaError extends TargetError {
  static readonly code: ErrorCode = 'CS4037';
  static readonly title = 'quota of the tenant is used up';
  static readonly retry: Retry = 'never';

  constructor({ object, attribute }: About, message: string) {
    super({
      message: `The tenant has no room for ${object}: ${message}`,
      remedy: 'Delete what is not needed, empty the recycle bin, verify a domain or ask Microsoft to raise the quota.',
      object,
      attribute,
    });
  }
}

export class PermissionMissingError extends TargetError {
  static readonly code: ErrorCode = 'CS4038';
  static readonly title = 'application lacks a permission';
  static readonly retry: Retry = 'never';

  constructor({ object }: About, permissions: readonly string[], message: string) {
    super({
      message: `The application may not write or read ${object}: ${message}`,
      remedy: `Grant the application ${permissions.join(' or ')} with an administrator's consent; cloudsync check tenant lists what is missing.`,
      object,
    });
  }
}

/** Administrators are changed only by applications that hold a directory role themselves. */
export class ProtectedAccountError extends TargetError {
  static readonly code: ErrorCode = 'CS4039';
  static readonly title = 'administrator is protected by the tenant';
  static readonly retry: Retry = 'never';

  constructor({ object }: About, message: string) {
    super({
      message: `The tenant protects ${object}, which holds a directory role: ${message}`,
      remedy: 'Leave administrators out of the scope, or give the application a directory role that may change them.',
      object,
    });
  }
}

export class ReadOnlyPropertyError extends TargetError {
  static readonly code: ErrorCode = 'CS4040';
  static readonly title = 'property is read-only';
  static readonly retry: Retry = 'never';

  constructor({ object, attribute }: About, message: string) {
    super({
      message: `The tenant lets nobody write ${attribute ?? 'a property'} of ${object}: ${message}`,
      remedy: 'Take the attribute out of the mappings.',
      object,
      attribute,
    });
  }
}

/** Microsoft's own sync is the master of this object. */
export class SyncMasteredError extends TargetError {
  static readonly code: ErrorCode = 'CS4041';
  static readonly title = 'object is mastered by another sync engine';
  static readonly retry: Retry = 'never';

  constructor({ object }: About) {
    super({
      message: `${object} is mastered by directory synchronization, and Graph may not change it.`,
      remedy: 'Move its source of authority to the cloud (onPremisesSyncBehavior), or take it out of the scope.',
      object,
    });
  }
}

/** Exchange, or a sync of the past, owns the attribute. */
export class ElsewhereMasteredError extends TargetError {
  static readonly code: ErrorCode = 'CS4042';
  static readonly title = 'attribute is mastered by another service';
  static readonly retry: Retry = 'never';

  constructor({ object, attribute }: About, message: string) {
    super({
      message: `${attribute ?? 'An attribute'} of ${object} is owned by another service: ${message}`,
      remedy: 'Change it in Exchange Online, or take the attribute out of the mappings.',
      object,
      attribute,
    });
  }
}

export class MailEnabledGroupError extends TargetError {
  static readonly code: ErrorCode = 'CS4043';
  static readonly title = 'group is mail-enabled';
  static readonly retry: Retry = 'never';

  constructor({ object }: About) {
    super({
      message: `${object} is a distribution list or a mail-enabled security group in the tenant, and Graph only reads those.`,
      remedy: 'Take the group out of the scope, or write it by the target syncApi or by Exchange.',
      object,
    });
  }
}

/** The object is not there, or not yet on the replica that was asked. */
export class ObjectGoneError extends TargetError {
  static readonly code: ErrorCode = 'CS4044';
  static readonly title = 'object is not in the tenant';
  static readonly retry: Retry = 'later';

  constructor({ object }: About, message: string) {
    super({
      message: `The tenant does not know ${object}: ${message}`,
      remedy: 'Nothing to do: what the tenant holds is read again with the next cycle.',
      object,
    });
  }
}

/** A restored object's names have been taken meanwhile. */
export class RestoreConflictError extends TargetError {
  static readonly code: ErrorCode = 'CS4045';
  static readonly title = 'restored object would clash with another';
  static readonly retry: Retry = 'never';

  constructor({ object }: About, owner: string, message: string) {
    super({
      message: `${object} cannot be restored beside ${owner}: ${message}`,
      remedy: 'Change the name or address of the other object, or delete the soft-deleted one for good.',
      object,
    });
  }
}

/** Graph keeps the mailbox's copy of some attributes in step, and that failed. */
export class ExchangeWriteError extends TargetError {
  static readonly code: ErrorCode = 'CS4046';
  static readonly title = 'Exchange did not follow';
  static readonly retry: Retry = 'later';

  constructor({ object, attribute }: About, message: string) {
    super({
      message: `Exchange Online did not take the change of ${object}: ${message}`,
      remedy: 'Nothing to do at first: it is tried again. If it lasts, look at the mailbox in Exchange.',
      object,
      attribute,
    });
  }
}

/** An alternate key is given to a group when it is made, and never later. */
export class GroupWithoutAnchorError extends TargetError {
  static readonly code: ErrorCode = 'CS4047';
  static readonly title = 'existing group cannot be given an anchor';
  static readonly retry: Retry = 'never';

  constructor({ object }: About) {
    super({
      message: `${object} exists in the tenant without a uniqueName, and Graph sets that only when a group is made.`,
      remedy: 'Rename one of the two groups or delete the one in the tenant: then it is made anew with its anchor.',
      object,
    });
  }
}

export class LastOwnerError extends TargetError {
  static readonly code: ErrorCode = 'CS4048';
  static readonly title = 'last owner of a group stays';
  static readonly retry: Retry = 'never';

  constructor({ object }: About) {
    super({
      message: `The last owner of ${object} cannot be removed.`,
      remedy: 'Give the group another owner first: set managedBy in the directory.',
      object,
      attribute: 'managedBy',
    });
  }
}
