import { randomUUID } from 'node:crypto';
import { type HttpAnswer, jsonAnswer } from '../http.ts';

/** What the token end point says no with: AADSTS number, OAuth error, status, text. One place, to be corrected in. */
const table = {
  missingParameter: [900144, 'invalid_request', 400, "The request body must contain the following parameter: '{0}'."],
  tenantUnknown: [
    90002,
    'invalid_request',
    400,
    "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
  ],
  grantUnsupported: [70003, 'unsupported_grant_type', 400, "The app requested an unsupported grant type '{0}'."],
  applicationUnknown: [
    700016,
    'unauthorized_client',
    400,
    "Application with identifier '{0}' was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant.",
  ],
  secretWrong: [
    7000215,
    'invalid_client',
    401,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'.",
  ],
  secretExpired: [7000222, 'invalid_client', 401, "The provided client secret keys for app '{0}' are expired."],
  credentialMissing: [
    7000218,
    'invalid_client',
    401,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ],
  assertionMalformed: [50027, 'invalid_request', 400, 'JWT token is invalid or malformed.'],
  assertionKeyUnknown: [
    700027,
    'invalid_client',
    401,
    'The certificate with identifier used to sign the client assertion is not registered on application.',
  ],
  assertionSignature: [700027, 'invalid_client', 401, 'Client assertion failed signature validation.'],
  assertionTime: [700024, 'invalid_client', 401, 'Client assertion is not within its valid time range.'],
  assertionAudience: [
    700023,
    'invalid_client',
    401,
    'Client assertion audience claim does not match Realm issuer. Review the documentation.',
  ],
  assertionSubject: [
    700021,
    'invalid_client',
    401,
    'Client assertion application identifier does not match client_id parameter.',
  ],
  federatedIssuer: [
    700211,
    'invalid_request',
    400,
    "No matching federated identity record found for presented assertion issuer '{0}'.",
  ],
  federatedSubject: [
    700213,
    'invalid_request',
    400,
    "No matching federated identity record found for presented assertion subject '{0}'.",
  ],
  federatedAudience: [
    700212,
    'invalid_request',
    400,
    "No matching federated identity record found for presented assertion audience '{0}'.",
  ],
  scopeWrong: [
    1002012,
    'invalid_scope',
    400,
    'The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
  ],
  resourceUnknown: [
    500011,
    'invalid_resource',
    400,
    'The resource principal named {0} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant.',
  ],
  userUnknown: [
    50034,
    'invalid_grant',
    400,
    'The user account {0} does not exist in the directory. To sign into this application, the account must be added to the directory.',
  ],
  passwordWrong: [50126, 'invalid_grant', 400, 'Error validating credentials due to invalid username or password.'],
  userDisabled: [50057, 'invalid_grant', 400, 'The user account is disabled.'],
  passwordExpired: [50055, 'invalid_grant', 400, 'The password is expired.'],
  refreshTokenBad: [700082, 'invalid_grant', 400, 'The refresh token has expired or is malformed.'],
  authorizationPending: [
    70016,
    'authorization_pending',
    400,
    'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  ],
  deviceCodeExpired: [
    70020,
    'expired_token',
    400,
    'The provided value for the input parameter device_code is expired.',
  ],
  deviceCodeUnknown: [70019, 'bad_verification_code', 400, 'Verification code is not known.'],
} as const satisfies Record<string, readonly [number, string, number, string]>;

export class SignInRefusal extends Error {
  readonly reason: keyof typeof table;
  readonly about: string;

  constructor(reason: keyof typeof table, about = '') {
    super(`sign-in refused: ${reason}`);
    this.reason = reason;
    this.about = about;
  }

  answer(now: Date, correlationId: string | undefined): HttpAnswer {
    const [number, error, status, pattern] = table[this.reason];
    const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`;
    const traceId = randomUUID();
    const correlation = correlationId ?? randomUUID();
    const text = pattern.replace('{0}', this.about);
    return jsonAnswer(status, {
      error,
      error_description: `AADSTS${number}: ${text} Trace ID: ${traceId} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id: traceId,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    });
  }
}
