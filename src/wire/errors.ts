import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

/** Root of what reading and writing .NET binary XML can come to. */
export abstract class WireError extends CloudSyncError {}

/** The bytes are not what the format allows. */
export class MalformedMessageError extends WireError {
  static readonly code: ErrorCode = 'CS4401';
  static readonly title = 'message is not .NET binary XML';
  static readonly retry: Retry = 'later';

  constructor(at: number, problem: string) {
    super({
      message: `The message is not .NET binary XML: ${problem} at byte ${at}.`,
      remedy: 'Check that no proxy between here and the service changes or shortens what it passes on.',
    });
  }
}

/** Well formed so far, and larger than any message of this service. */
export class MessageTooLargeError extends WireError {
  static readonly code: ErrorCode = 'CS4402';
  static readonly title = 'message exceeds a limit';
  static readonly retry: Retry = 'never';

  constructor(limit: string, bound: number) {
    super({
      message: `The message has more than ${bound} ${limit}.`,
      remedy: 'Ask for smaller pages or send smaller batches.',
    });
  }
}

/** What was to be sent has no form in binary XML. */
export class UnwritableValueError extends WireError {
  static readonly code: ErrorCode = 'CS4403';
  static readonly title = 'value has no form in binary XML';
  static readonly retry: Retry = 'never';

  constructor(where: string, problem: string) {
    super({
      message: `${where} cannot be written: ${problem}.`,
      remedy: 'Correct the value in the directory.',
      object: where,
    });
  }
}

/** Binary XML, and not what the schema says it should be. */
export class UnexpectedContentError extends WireError {
  static readonly code: ErrorCode = 'CS4404';
  static readonly title = 'message is not what its schema says';
  static readonly retry: Retry = 'later';

  constructor(element: string, problem: string) {
    super({
      message: `<${element}> is not what the schema says: ${problem}.`,
      remedy: 'Try again; should it stay so, the service has changed: look for a newer version of CloudSync.',
      object: element,
    });
  }
}
