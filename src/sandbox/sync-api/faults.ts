import { faultCodes } from '../../wire/index.ts';

/** The service refuses a whole call. In its own words, as documented where they are. */
export class SyncFault extends Error {
  readonly code: string | undefined;

  constructor(description: string, code?: number) {
    super(description);
    this.code = code === undefined ? undefined : String(code);
  }
}

/** The service sends the client to another host. */
export class SyncRedirect extends Error {
  readonly url: string;

  constructor(url: string) {
    super(`go to ${url}`);
    this.url = url;
  }
}

export const fault = {
  accessDenied: () => new SyncFault('Access to Azure Active Directory has been denied. Contact Technical Support.'),
  notActivated: () => new SyncFault('Identity synchronization is not yet activated for this company.'),
  busy: () => new SyncFault('The server is busy. Please try again later.', faultCodes.busy),
  internal: (
    description = 'An internal error has occurred. This operation will be retried during the next synchronization.',
  ) => new SyncFault(description, faultCodes.internalError),
  passwordSyncInactive: () =>
    new SyncFault('Password synchronization has not been activated for this company.', faultCodes.passwordSyncInactive),
  buildTooOld: (build: string) =>
    new SyncFault(`The client version ${build} is no longer supported. Upgrade to the latest version.`),
  malformed: (problem: string) => new SyncFault(`The request could not be read: ${problem}`),
  unknownOperation: (name: string) => new SyncFault(`The operation ${name} is not known.`),
  tooManyLinks: (limit: number) => new SyncFault(`The request has more than ${limit} reference changes.`),
  tooManyCredentials: (limit: number) => new SyncFault(`The request has more than ${limit} credentials.`),
};

/** One object is refused, and the others of its batch are not. */
export class ObjectFailure extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.code = code;
  }
}
