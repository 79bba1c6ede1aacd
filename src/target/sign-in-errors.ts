import type { ErrorCode, Retry } from '../model/index.ts';
import { TargetError } from './errors.ts';

export class SecretRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4010';
  static readonly title = 'tenant refused the client secret';
  static readonly retry: Retry = 'never';

  constructor(clientId: string, reason: string) {
    super({
      message: `The tenant refused the client secret of application ${clientId} (${reason}).`,
      remedy: "Put the secret's value, not its id, where tenant.credential.clientSecret points to.",
      object: clientId,
    });
  }
}

export class SecretExpiredError extends TargetError {
  static readonly code: ErrorCode = 'CS4011';
  static readonly title = 'client secret has expired';
  static readonly retry: Retry = 'never';

  constructor(clientId: string, reason: string) {
    super({
      message: `The client secret of application ${clientId} has expired (${reason}).`,
      remedy: 'Make a new secret in the app registration, or better a certificate, and configure it.',
      object: clientId,
    });
  }
}

export class ApplicationUnknownError extends TargetError {
  static readonly code: ErrorCode = 'CS4012';
  static readonly title = 'tenant does not know the application';
  static readonly retry: Retry = 'never';

  constructor(clientId: string, tenant: string, reason: string) {
    super({
      message: `Tenant ${tenant} has no enabled application ${clientId} (${reason}).`,
      remedy: 'Check tenant.id and tenant.credential.clientId, and that an administrator has consented in this tenant.',
      object: clientId,
    });
  }
}

export class TenantUnknownError extends TargetError {
  static readonly code: ErrorCode = 'CS4013';
  static readonly title = 'there is no such tenant';
  static readonly retry: Retry = 'never';

  constructor(tenant: string, reason: string) {
    super({
      message: `There is no tenant ${tenant} in this cloud (${reason}).`,
      remedy: 'Check tenant.id and tenant.cloud: national clouds have tenants of their own.',
      object: tenant,
    });
  }
}

export class CertificateRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4014';
  static readonly title = 'tenant refused the certificate';
  static readonly retry: Retry = 'never';

  constructor(clientId: string, thumbprint: string, reason: string) {
    super({
      message: `The tenant refused the certificate ${thumbprint} of application ${clientId} (${reason}).`,
      remedy: 'Upload the certificate to the app registration, or configure the one that is there.',
      object: clientId,
    });
  }
}

export class ClockOffError extends TargetError {
  static readonly code: ErrorCode = 'CS4015';
  static readonly title = 'clock of this machine is off';
  static readonly retry: Retry = 'later';

  constructor(now: Date, reason: string) {
    super({
      message: `The tenant finds the signed request outside its time; this machine says it is ${now.toISOString()} (${reason}).`,
      remedy: 'Set the clock of this machine by NTP.',
    });
  }
}

/** Workload identity: the other provider's token is not one the application trusts. */
export class FederatedTokenRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4016';
  static readonly title = 'tenant refused the federated token';
  static readonly retry: Retry = 'never';

  constructor(clientId: string, reason: string) {
    super({
      message: `The token of the other identity provider does not sign application ${clientId} in (${reason}).`,
      remedy:
        "Compare issuer, subject and audience of the token with the app registration's federated credential, and see that its file is renewed.",
      object: clientId,
    });
  }
}

export class SignInBlockedError extends TargetError {
  static readonly code: ErrorCode = 'CS4017';
  static readonly title = 'sign-in is blocked by a policy';
  static readonly retry: Retry = 'later';

  constructor(clientId: string, reason: string) {
    super({
      message: `A policy of the tenant blocks the sign-in of application ${clientId} (${reason}).`,
      remedy: 'Look at the sign-in log for the policy, and at Conditional Access for workload identities.',
      object: clientId,
    });
  }
}

export class SignInFailedError extends TargetError {
  static readonly code: ErrorCode = 'CS4018';
  static readonly title = 'sign-in failed';
  static readonly retry: Retry = 'later';

  constructor(clientId: string, reason: string) {
    super({
      message: `Application ${clientId} could not be signed in: ${reason.replace(/\.$/, '')}.`,
      remedy:
        'Look an AADSTS code up in the list of them, and check tenant.credential; without a code, check the way to the sign-in host.',
      object: clientId,
    });
  }
}

/** The credential on this side cannot be used: nothing was sent. */
export class CredentialUnusableError extends TargetError {
  static readonly code: ErrorCode = 'CS4019';
  static readonly title = 'credential cannot be used';
  static readonly retry: Retry = 'never';

  constructor(clientId: string, reason: string) {
    super({
      message: `The credential of application ${clientId} cannot be used: ${reason}.`,
      remedy: 'Give the certificate and its private key as PEM, or a PFX file with its passphrase.',
      object: clientId,
    });
  }
}
