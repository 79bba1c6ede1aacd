import { CloudSyncError, type ErrorClass, type ErrorCode, type Retry } from '../../src/model/index.ts';

/** What the API refuses; each class carries the HTTP status it answers with. */
export abstract class ApiError extends CloudSyncError {
  get status(): number {
    return (this.kind as ApiErrorClass).status;
  }
}

export interface ApiErrorClass extends ErrorClass {
  readonly status: number;
}

/** A name that leads to this machine by DNS rebinding is not one of ours. */
export class HostRefusedError extends ApiError {
  static readonly code: ErrorCode = 'CS7101';
  static readonly title = 'host name is not one of this daemon';
  static readonly retry: Retry = 'never';
  static readonly status = 403;

  constructor() {
    super({
      message: 'The request names a host this daemon does not answer for.',
      remedy: 'Use the url of daemon.json: 127.0.0.1, localhost or [::1].',
    });
  }
}

export class BrowserRefusedError extends ApiError {
  static readonly code: ErrorCode = 'CS7102';
  static readonly title = 'request comes from a web page';
  static readonly retry: Retry = 'never';
  static readonly status = 403;

  constructor(header: string) {
    super({
      message: `The request carries ${header}, as a browser sends it for a web page.`,
      remedy:
        'Call the API from the PowerShell module, the command line or a program, not from a page; paste a link to the dashboard into the address bar.',
      attribute: header,
    });
  }
}

export class TokenRefusedError extends ApiError {
  static readonly code: ErrorCode = 'CS7103';
  static readonly title = 'token is missing or wrong';
  static readonly retry: Retry = 'never';
  static readonly status = 401;

  constructor() {
    super({
      message: 'The request carries no valid token.',
      remedy:
        'Send "Authorization: Bearer" with the content of the token file; it changes each time the daemon starts.',
    });
  }
}

export class ReaderRefusedError extends ApiError {
  static readonly code: ErrorCode = 'CS7104';
  static readonly title = 'token may only read';
  static readonly retry: Retry = 'never';
  static readonly status = 403;

  constructor() {
    super({ message: "The reader's token may not change anything.", remedy: "Use the operator's token." });
  }
}

export class RouteNotFoundError extends ApiError {
  static readonly code: ErrorCode = 'CS7105';
  static readonly title = 'no such route';
  static readonly retry: Retry = 'never';
  static readonly status = 404;

  constructor(method: string) {
    super({
      message: `There is nothing to ${method} at this path.`,
      remedy: 'See /api/v1/openapi.json for what there is.',
    });
  }
}

export class MethodRefusedError extends ApiError {
  static readonly code: ErrorCode = 'CS7106';
  static readonly title = 'method is not allowed here';
  static readonly retry: Retry = 'never';
  static readonly status = 405;
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[]) {
    super({ message: 'The route does not take this method.', remedy: `Use ${allowed.join(' or ')}.` });
    this.allowed = allowed;
  }
}

export class ContentTypeRefusedError extends ApiError {
  static readonly code: ErrorCode = 'CS7107';
  static readonly title = 'body is not declared as JSON';
  static readonly retry: Retry = 'never';
  static readonly status = 415;

  constructor() {
    super({
      message: 'The body is not declared as JSON in UTF-8.',
      remedy: 'Send it with "Content-Type: application/json", without a content encoding.',
    });
  }
}

export class BodyTooLargeError extends ApiError {
  static readonly code: ErrorCode = 'CS7108';
  static readonly title = 'body is too large';
  static readonly retry: Retry = 'never';
  static readonly status = 413;

  constructor(limit: number) {
    super({ message: `The body is larger than ${limit} bytes.`, remedy: 'Send less at once.' });
  }
}

/** The body is not JSON, or a value of path, query or body is not what the route takes. */
export class InvalidRequestError extends ApiError {
  static readonly code: ErrorCode = 'CS7109';
  static readonly title = 'request is not valid';
  static readonly retry: Retry = 'never';
  static readonly status = 400;

  constructor(where: string, reason: string) {
    super({
      message: `${where}: ${reason}.`,
      remedy: 'Correct it; /api/v1/openapi.json says what the route takes.',
      attribute: where,
    });
  }
}

export class CycleNotRunningError extends ApiError {
  static readonly code: ErrorCode = 'CS7111';
  static readonly title = 'cycle is not running';
  static readonly retry: Retry = 'never';
  static readonly status = 409;

  constructor(cycle: number) {
    super({
      message: `Cycle ${cycle} has ended already.`,
      remedy: 'Nothing to do.',
      object: String(cycle),
    });
  }
}

export class IdempotencyKeyReusedError extends ApiError {
  static readonly code: ErrorCode = 'CS7112';
  static readonly title = 'idempotency key was used for something else';
  static readonly retry: Retry = 'never';
  static readonly status = 422;

  constructor() {
    super({
      message: 'The Idempotency-Key was sent before with another request.',
      remedy: 'Use a new key for a new request, such as a random UUID.',
    });
  }
}

export class TooManyStreamsError extends ApiError {
  static readonly code: ErrorCode = 'CS7113';
  static readonly title = 'too many open event streams';
  static readonly retry: Retry = 'later';
  static readonly status = 503;

  constructor(limit: number) {
    super({
      message: `There are ${limit} open event streams already.`,
      remedy: 'Close one, or ask without streaming.',
    });
  }
}

export class StoppingError extends ApiError {
  static readonly code: ErrorCode = 'CS7114';
  static readonly title = 'daemon is stopping';
  static readonly retry: Retry = 'later';
  static readonly status = 503;

  constructor() {
    super({ message: 'The daemon is stopping.', remedy: 'Try again once it has been started anew.' });
  }
}

export class ConfigurationChangedError extends ApiError {
  static readonly code: ErrorCode = 'CS7115';
  static readonly title = 'configuration has changed meanwhile';
  static readonly retry: Retry = 'never';
  static readonly status = 412;

  constructor() {
    super({
      message: 'The configuration in force is not the one the request was made for.',
      remedy: 'Get it again, make the change to that one, and send its ETag as If-Match.',
      attribute: 'If-Match',
    });
  }
}

export class IfMatchMissingError extends ApiError {
  static readonly code: ErrorCode = 'CS7116';
  static readonly title = 'If-Match is missing';
  static readonly retry: Retry = 'never';
  static readonly status = 428;

  constructor() {
    super({
      message: 'The request does not say which configuration it is to replace.',
      remedy: 'Send the ETag of the configuration that was changed as If-Match.',
      attribute: 'If-Match',
    });
  }
}

/** Somebody edited the file by hand and it was not put into force: replacing it would lose that. */
export class ConfigurationFileChangedError extends ApiError {
  static readonly code: ErrorCode = 'CS7117';
  static readonly title = 'configuration file was edited';
  static readonly retry: Retry = 'never';
  static readonly status = 409;

  constructor(file: string) {
    super({
      message: `${file} was edited and is not what is in force.`,
      remedy: 'Reload the configuration from the file first, or put the file back.',
      object: file,
    });
  }
}

export class ConfigurationVersionError extends ApiError {
  static readonly code: ErrorCode = 'CS7118';
  static readonly title = 'no such version of the configuration';
  static readonly retry: Retry = 'never';
  static readonly status = 404;

  constructor(version: number) {
    super({
      message: `There is no version ${version} of the configuration.`,
      remedy: 'List the versions to see which there are.',
      object: String(version),
    });
  }
}

export class SecretUnknownError extends ApiError {
  static readonly code: ErrorCode = 'CS7119';
  static readonly title = 'no such secret';
  static readonly retry: Retry = 'never';
  static readonly status = 404;

  constructor(name: string) {
    super({
      message: `There is no secret ${name} in the vault.`,
      remedy: 'List the secrets to see which there are.',
      object: name,
    });
  }
}

/** What comes is not HTTP as this daemon speaks it. */
export class NotHttpError extends ApiError {
  static readonly code: ErrorCode = 'CS7120';
  static readonly title = 'request is not HTTP';
  static readonly retry: Retry = 'never';
  static readonly status = 400;

  constructor() {
    super({
      message: 'What came is not a request in HTTP/1.1.',
      remedy: 'Use http:// and a client that keeps to HTTP.',
    });
  }
}

export class HeadersTooLargeError extends ApiError {
  static readonly code: ErrorCode = 'CS7121';
  static readonly title = 'headers are too large';
  static readonly retry: Retry = 'never';
  static readonly status = 431;

  constructor(limit: number) {
    super({ message: `The headers are larger than ${limit} bytes.`, remedy: 'Send less in them.' });
  }
}

export class RequestTimeoutError extends ApiError {
  static readonly code: ErrorCode = 'CS7122';
  static readonly title = 'request did not come in time';
  static readonly retry: Retry = 'later';
  static readonly status = 408;

  constructor() {
    super({ message: 'The request was not sent in time.', remedy: 'Send it at once; the answer may take its time.' });
  }
}

/** What is written down is shown again; a secret in it would be shown with it. */
export class SecretInTextError extends ApiError {
  static readonly code: ErrorCode = 'CS7123';
  static readonly title = 'text holds a secret';
  static readonly retry: Retry = 'never';
  static readonly status = 422;

  constructor() {
    super({
      message: 'The body holds the text of a secret this daemon knows.',
      remedy: 'Leave it out; a configuration names a secret as { vault: NAME }, { file: PATH } or { env: NAME }.',
      attribute: 'body',
    });
  }
}

/** Links open the dashboard once; one in the hands of somebody else afterwards is worth nothing. */
export class LinkRefusedError extends ApiError {
  static readonly code: ErrorCode = 'CS7131';
  static readonly title = 'link to the dashboard is not valid';
  static readonly retry: Retry = 'never';
  static readonly status = 410;

  constructor() {
    super({
      message:
        'This link is older than a minute, belongs to another run of the daemon, or was used already: then what it opened has been closed as well.',
      remedy: 'Make another one: cloudsync dashboard --open, or Show-CloudSyncDashboard.',
    });
  }
}

export class SessionEndedError extends ApiError {
  static readonly code: ErrorCode = 'CS7132';
  static readonly title = 'session of the dashboard has ended';
  static readonly retry: Retry = 'never';
  static readonly status = 401;

  constructor() {
    super({
      message: 'The session has ended: it was not used for half an hour, is twelve hours old, or the daemon restarted.',
      remedy: 'Open the dashboard again: cloudsync dashboard --open, or Show-CloudSyncDashboard.',
    });
  }
}

/** A session in a browser does what the dashboard shows and no more, whatever gets hold of it. */
export class SessionRefusedError extends ApiError {
  static readonly code: ErrorCode = 'CS7133';
  static readonly title = 'not for a session of the dashboard';
  static readonly retry: Retry = 'never';
  static readonly status = 403;

  constructor() {
    super({
      message: 'A session of the dashboard may not do this.',
      remedy: 'Use the PowerShell module or the command line, which send a token.',
    });
  }
}

/** A checkout has the page once it was built. */
export class PageMissingError extends ApiError {
  static readonly code: ErrorCode = 'CS7134';
  static readonly title = 'dashboard has not been built';
  static readonly retry: Retry = 'never';
  static readonly status = 503;

  constructor(cause: unknown) {
    super({ message: 'The files of the dashboard are not there.', remedy: 'Run npm run build.', cause });
  }
}

/** The details are in the log, under the request's id. */
export class InternalError extends ApiError {
  static readonly code: ErrorCode = 'CS7199';
  static readonly title = 'daemon could not answer';
  static readonly retry: Retry = 'later';
  static readonly status = 500;

  constructor(requestId: string) {
    super({
      message: 'The daemon could not answer because of a defect of its own.',
      remedy: `Look for request ${requestId} in its log and report it.`,
      object: requestId,
    });
  }
}
