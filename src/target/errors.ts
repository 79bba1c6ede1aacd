import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

/** Root of what writing or reading a tenant can come to. */
export abstract class TargetError extends CloudSyncError {}

export class ReadTokenLostError extends TargetError {
  static readonly code: ErrorCode = 'CS4001';
  static readonly title = 'tenant no longer knows where the last read ended';
  static readonly retry: Retry = 'later';

  constructor(tenant: string, cause?: unknown) {
    super({
      message: `${tenant} no longer resumes from where it was last read.`,
      remedy: 'Nothing to do: the tenant is read in full.',
      object: tenant,
      cause,
    });
  }
}

/** No connection came about: nothing was sent. */
export class TenantUnreachableError extends TargetError {
  static readonly code: ErrorCode = 'CS4003';
  static readonly title = 'tenant cannot be reached';
  static readonly retry: Retry = 'later';

  constructor(host: string, reason: string, cause: unknown) {
    super({
      message: `${host} cannot be reached: ${reason}.`,
      remedy: 'Check name resolution, the proxy and the firewall: HTTPS to this host must be open.',
      object: host,
      cause,
    });
  }
}

export class TenantCertificateError extends TargetError {
  static readonly code: ErrorCode = 'CS4004';
  static readonly title = 'certificate of the tenant is not trusted';
  static readonly retry: Retry = 'never';

  constructor(host: string, reason: string, cause: unknown) {
    super({
      message: `The certificate of ${host} is not trusted: ${reason}.`,
      remedy:
        'Name the authority that signed it in tenant.endpoints.ca; where a proxy inspects TLS, exempt this host from it.',
      object: host,
      cause,
    });
  }
}

/** Sent, and no answer came: it may have taken effect. */
export class AnswerLostError extends TargetError {
  static readonly code: ErrorCode = 'CS4005';
  static readonly title = 'answer of the tenant was lost';
  static readonly retry: Retry = 'later';

  constructor(object: string, reason: string, cause?: unknown) {
    super({
      message: `The answer for ${object} was lost: ${reason}.`,
      remedy: 'Nothing to do: what became of it is looked up before anything is sent again.',
      object,
      cause,
    });
  }
}

/** HTML, half a JSON text, another shape, a redirect: something between here and the tenant answers in its place. */
export class BadAnswerError extends TargetError {
  static readonly code: ErrorCode = 'CS4006';
  static readonly title = 'answer is not what the tenant would say';
  static readonly retry: Retry = 'later';

  constructor(object: string, reason: string, cause?: unknown) {
    super({
      message: `The answer for ${object} is not the tenant's: ${reason}.`,
      remedy:
        'Check for a proxy or portal that answers in place of the tenant; else wait, this passes with the service.',
      object,
      cause,
    });
  }
}

export class TenantUnavailableError extends TargetError {
  static readonly code: ErrorCode = 'CS4007';
  static readonly title = 'tenant is not available';
  static readonly retry: Retry = 'later';

  constructor(object: string, status: number, reason: string) {
    super({
      message: `The tenant did not serve ${object}: ${status} ${reason}.`,
      remedy: 'Nothing to do: it is tried again. If it lasts, look at the service health page.',
      object,
    });
  }
}

export class ThrottledError extends TargetError {
  static readonly code: ErrorCode = 'CS4008';
  static readonly title = 'tenant asks to wait';
  static readonly retry: Retry = 'after';

  constructor(object: string, retryAfter: number) {
    super({
      message: `The tenant takes no more for now and refused ${object}.`,
      remedy: 'Nothing to do: it is tried again after the time the tenant named.',
      object,
      retryAfter,
    });
  }
}

/** Signed in, and the token is refused all the same. */
export class TokenRefusedError extends TargetError {
  static readonly code: ErrorCode = 'CS4009';
  static readonly title = 'tenant refuses the token';
  static readonly retry: Retry = 'later';

  constructor(object: string, code: string, message: string) {
    super({
      message: `The tenant refuses the token it gave (${code}): ${message}`,
      remedy: 'Check tenant.cloud and tenant.endpoints: tokens of one cloud are worth nothing in another.',
      object,
    });
  }
}
