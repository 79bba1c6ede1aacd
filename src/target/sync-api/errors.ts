import type { ErrorCode, Retry } from '../../model/index.ts';
import { TargetError } from '../errors.ts';

/** Where the service of a national cloud is has not been published. */
export class SyncEndpointUnknownError extends TargetError {
  static readonly code: ErrorCode = 'CS4101';
  static readonly title = 'address of the synchronization service is not known';
  static readonly retry: Retry = 'never';

  constructor(cloud: string) {
    super({
      message: `The address of the directory synchronization service of the cloud ${cloud} is not known.`,
      remedy: 'Name it in tenant.syncApi.endpoint.',
      object: cloud,
    });
  }
}

export class RedirectLoopError extends TargetError {
  static readonly code: ErrorCode = 'CS4102';
  static readonly title = 'service redirects without end';
  static readonly retry: Retry = 'later';

  constructor(hosts: readonly string[]) {
    super({
      message: `The synchronization service redirected ${hosts.length - 1} times and did not answer: ${hosts.join(', ')}.`,
      remedy: 'Nothing to do at first: it is tried again. If it lasts, check tenant.cloud and the service health page.',
      object: hosts[0],
    });
  }
}

/** A token goes to no host that is not of the same cloud. */
export class RedirectRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4103';
  static readonly title = 'service redirects to a foreign host';
  static readonly retry: Retry = 'later';

  constructor(from: string, to: string) {
    super({
      message: `${from} redirects to ${to}, which is not of the same cloud: the token was not sent there.`,
      remedy: 'Check for a proxy that answers in place of the service.',
      object: to,
    });
  }
}

export class ServiceBusyError extends TargetError {
  static readonly code: ErrorCode = 'CS4104';
  static readonly title = 'synchronization service is busy';
  static readonly retry: Retry = 'after';

  constructor(operation: string, retryAfter: number) {
    super({
      message: `The synchronization service is busy and did not take ${operation} in several attempts.`,
      remedy: 'Nothing to do: it is tried again. If it lasts, look for another sync client writing the same tenant.',
      object: operation,
      retryAfter,
    });
  }
}

export class ServiceInternalError extends TargetError {
  static readonly code: ErrorCode = 'CS4105';
  static readonly title = 'synchronization service failed';
  static readonly retry: Retry = 'later';

  constructor(operation: string, description: string) {
    super({
      message: `The synchronization service failed at ${operation}: ${description}`,
      remedy: 'Nothing to do: it is tried again. If it lasts, give the request id in the log to the support.',
      object: operation,
    });
  }
}

export class SyncAccessDeniedError extends TargetError {
  static readonly code: ErrorCode = 'CS4106';
  static readonly title = 'synchronization service denies access';
  static readonly retry: Retry = 'never';

  constructor(clientId: string, description: string) {
    super({
      message: `The synchronization service denies access to application ${clientId}: ${description}`,
      remedy:
        'Grant the application the role ADSynchronization.ReadWrite.All of "Microsoft Entra AD Synchronization Service" with an administrator’s consent.',
      object: clientId,
    });
  }
}

export class SyncInactiveError extends TargetError {
  static readonly code: ErrorCode = 'CS4107';
  static readonly title = 'directory synchronization is not activated';
  static readonly retry: Retry = 'later';

  constructor(tenant: string) {
    super({
      message: `Directory synchronization is not activated for tenant ${tenant}.`,
      remedy:
        'Turn it on by PATCH https://graph.microsoft.com/beta/organization/{id} with { "onPremisesSyncEnabled": true }, which takes the permission Organization.ReadWrite.All and the role Hybrid Identity Administrator; then wait until the tenant says so.',
      object: tenant,
    });
  }
}

export class ClientTooOldError extends TargetError {
  static readonly code: ErrorCode = 'CS4108';
  static readonly title = 'service no longer takes this client build';
  static readonly retry: Retry = 'never';

  constructor(build: string, description: string) {
    super({
      message: `The synchronization service does not take clients of build ${build} any more: ${description}`,
      remedy: 'Name a newer build of Entra Connect in tenant.syncApi.build.',
      object: build,
    });
  }
}

/** A fault nobody has described. */
export class ServiceFaultError extends TargetError {
  static readonly code: ErrorCode = 'CS4109';
  static readonly title = 'synchronization service refused the request';
  static readonly retry: Retry = 'later';

  constructor(operation: string, code: string | undefined, description: string) {
    super({
      message: `The synchronization service refused ${operation}${code === undefined ? '' : ` with code ${code}`}: ${description}`,
      remedy: 'Look at what the service says of it; the request id is in the log.',
      object: operation,
    });
  }
}

/** The tenant allows fewer deletes in one export than there are. */
export class TenantDeleteThresholdError extends TargetError {
  static readonly code: ErrorCode = 'CS4110';
  static readonly title = 'accidental-delete threshold of the tenant';
  static readonly retry: Retry = 'never';

  /** `what` is not done: an object, or so many deletes. */
  constructor(what: string, threshold: number) {
    super({
      message: `${what}: the tenant allows at most ${threshold} deletes in one export, and nothing is deleted beyond.`,
      remedy:
        'Make sure that the deletes are meant; then raise the threshold of the tenant (Enable-ADSyncExportDeletionThreshold) or let them go in smaller parts.',
      object: what,
    });
  }
}

export class HardMatchRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4111';
  static readonly title = 'tenant refused a match by anchor';
  static readonly retry: Retry = 'never';

  constructor(object: string, description: string) {
    super({
      message: `The tenant has an object with the anchor of ${object} and does not let it be taken over: ${description}`,
      remedy:
        'Look at onPremisesObjectIdentifier and the roles of the tenant’s object, and at the feature blockCloudObjectTakeoverThroughHardMatch.',
      object,
    });
  }
}

export class SoftMatchRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4112';
  static readonly title = 'tenant refused a match by name or address';
  static readonly retry: Retry = 'never';

  constructor(object: string, description: string) {
    super({
      message: `The tenant has an object with the name or an address of ${object} and does not match the two: ${description}`,
      remedy:
        'See whether they are the same: then clear the anchor of the tenant’s object, or allow soft match; else change the name or address of one.',
      object,
    });
  }
}

/** The tenant made a second object where the one that was found should have been taken. */
export class AdoptedAnotherError extends TargetError {
  static readonly code: ErrorCode = 'CS4113';
  static readonly title = 'tenant matched another object';
  static readonly retry: Retry = 'never';

  constructor(object: string, wanted: string, got: string) {
    super({
      message: `${object} was to be matched with ${wanted}, and the tenant gave it ${got}.`,
      remedy: 'Delete the object that was made, allow soft match in the tenant’s features and let it be matched again.',
      object,
    });
  }
}

export class KindMismatchError extends TargetError {
  static readonly code: ErrorCode = 'CS4114';
  static readonly title = 'object is of another kind in the tenant';
  static readonly retry: Retry = 'never';

  constructor(object: string, description: string) {
    super({
      message: `${object} shares its anchor or address with an object of another kind in the tenant: ${description}`,
      remedy: 'Remove the address or the object of the other kind from the tenant or from the scope.',
      object,
    });
  }
}

/** Written, with a value set aside since another object has it. */
export class QuarantinedValueError extends TargetError {
  static readonly code: ErrorCode = 'CS4115';
  static readonly title = 'duplicate value was quarantined';
  static readonly retry: Retry = 'never';

  constructor(object: string, attribute: string | undefined, description: string) {
    super({
      message: `${object} was written without ${attribute === undefined ? 'a value' : `its ${attribute}`} that another object has: ${description}`,
      remedy: 'Change the value on one of the two objects: the tenant looks again every hour.',
      object,
      attribute,
    });
  }
}

export class FederatedDomainChangeError extends TargetError {
  static readonly code: ErrorCode = 'CS4116';
  static readonly title = 'user cannot move between federated domains';
  static readonly retry: Retry = 'never';

  constructor(object: string, description: string) {
    super({
      message: `The userPrincipalName of ${object} cannot move from one federated domain to another: ${description}`,
      remedy: 'Move it by way of the initial onmicrosoft.com domain: first there, then to the new domain.',
      object,
      attribute: 'userPrincipalName',
    });
  }
}

/** Made in the cloud, or mastered there again: sync does not delete it. */
export class CloudMasteredError extends TargetError {
  static readonly code: ErrorCode = 'CS4117';
  static readonly title = 'object is mastered in the cloud';
  static readonly retry: Retry = 'never';

  constructor(object: string, description: string) {
    super({
      message: `${object} is mastered in the cloud, and synchronization may not change it: ${description}`,
      remedy: 'Delete or change it in the tenant, or give it back to synchronization.',
      object,
    });
  }
}

/** The service's own words, for the cause no class knows. */
export class ObjectRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4118';
  static readonly title = 'synchronization service refused the object';
  static readonly retry: Retry = 'never';

  constructor(object: string, code: string | undefined, description: string) {
    super({
      message: `The synchronization service refused ${object}${code === undefined ? '' : ` (${code})`}: ${description}`,
      remedy: 'Look at what the service says of it and correct the object or its mapping.',
      object,
    });
  }
}

/** The answer has no result for something that was sent. */
export class ResultMissingError extends TargetError {
  static readonly code: ErrorCode = 'CS4119';
  static readonly title = 'service gave no result';
  static readonly retry: Retry = 'later';

  constructor(object: string) {
    super({
      message: `The synchronization service answered without a result for ${object}.`,
      remedy: 'Nothing to do: it is sent again with the next cycle.',
      object,
    });
  }
}

export class PasswordSyncInactiveError extends TargetError {
  static readonly code: ErrorCode = 'CS4120';
  static readonly title = 'password hash synchronization is not activated';
  static readonly retry: Retry = 'later';

  constructor(tenant: string) {
    super({
      message: `Tenant ${tenant} takes no password hashes: the feature passwordHashSync (bit 1) is off.`,
      remedy: 'Turn the feature passwordHashSync of the tenant on.',
      object: tenant,
    });
  }
}

/** Usual right after a user was made: the part that takes passwords does not know it yet. */
export class PasswordUserUnknownError extends TargetError {
  static readonly code: ErrorCode = 'CS4121';
  static readonly title = 'user is not yet known where passwords are taken';
  static readonly retry: Retry = 'after';

  constructor(user: string) {
    super({
      message: `The tenant does not know ${user} yet where it takes passwords.`,
      remedy: 'Nothing to do: it is sent again after half a minute.',
      object: user,
      retryAfter: 30_000,
    });
  }
}

export class PasswordRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4122';
  static readonly title = 'tenant refused a password hash';
  static readonly retry: Retry = 'later';

  constructor(user: string, result: number, information: string | undefined) {
    super({
      message: `The tenant refused the password hash of ${user} with result ${result}${information === undefined ? '' : `: ${information}`}.`,
      remedy:
        'Nothing to do at first: it is sent again. If it lasts, see whether the user is synced and not cloud-only.',
      object: user,
    });
  }
}

/** The switches are one number that is written back as a whole: without the old one all others would be turned off. */
export class FeaturesUntoldError extends TargetError {
  static readonly code: ErrorCode = 'CS4125';
  static readonly title = 'tenant does not tell its features';
  static readonly retry: Retry = 'later';

  constructor(tenant: string) {
    super({
      message: `Tenant ${tenant} does not tell which features of directory synchronization are on.`,
      remedy: 'It is asked again; where it stays so, turn them on through Microsoft Graph (onPremisesSynchronization).',
      object: tenant,
      attribute: 'DirSyncFeatures',
    });
  }
}

export class FeatureUnknownError extends TargetError {
  static readonly code: ErrorCode = 'CS4123';
  static readonly title = 'tenant has no such feature';
  static readonly retry: Retry = 'never';

  constructor(name: string, known: readonly string[]) {
    super({
      message: `Directory synchronization has no feature ${name}.`,
      remedy: `Use one of ${known.join(', ')}.`,
      object: name,
    });
  }
}
