/** `never`: the same call gives the same answer; `later`: with the next cycle; `after`: once `retryAfter` has passed. */
export type Retry = 'never' | 'later' | 'after';

/** CS1 configuration and command line, CS2 source, CS3 rules, CS4 target, CS5 state, CS6 engine, CS7 daemon and API, CS8 sandbox, CS9 password. */
export type ErrorCode = `CS${number}`;

export interface ErrorFacts {
  /** What went wrong, one sentence, naming the thing. Never holds a secret. */
  readonly message: string;
  /** What an admin does about it, one sentence in the imperative. */
  readonly remedy: string;
  /** DN, anchor, UPN, server or file the error is about. */
  readonly object?: string | undefined;
  readonly attribute?: string | undefined;
  /** Milliseconds to wait, with `retry` `after`. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** What crosses a thread, the API or the log in place of the error itself. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly title: string;
  readonly message: string;
  readonly remedy: string;
  readonly retry: Retry;
  readonly object?: string | undefined;
  readonly attribute?: string | undefined;
}

/** The statics every error class carries: one class per cause, read by the generated error reference. */
export interface ErrorClass {
  readonly code: ErrorCode;
  /** The cause as a noun phrase: `certificate does not match`. */
  readonly title: string;
  readonly retry: Retry;
}

/**
 * Root of every error CloudSync raises on purpose. A subclass is one cause and declares
 * `static readonly code`, `title` and `retry`; callers match by class, never by text.
 */
export abstract class CloudSyncError extends Error {
  readonly remedy: string;
  readonly object: string | undefined;
  readonly attribute: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.remedy = facts.remedy;
    this.object = facts.object;
    this.attribute = facts.attribute;
    this.retryAfter = facts.retryAfter;
  }

  get kind(): ErrorClass {
    return this.constructor as unknown as ErrorClass;
  }

  get code(): ErrorCode {
    return this.kind.code;
  }

  get retry(): Retry {
    return this.kind.retry;
  }

  report(): ErrorReport {
    return {
      code: this.code,
      title: this.kind.title,
      message: this.message,
      remedy: this.remedy,
      retry: this.retry,
      ...(this.object === undefined ? {} : { object: this.object }),
      ...(this.attribute === undefined ? {} : { attribute: this.attribute }),
    };
  }
}
