import { type TargetError, TenantUnavailableError, ThrottledError, TokenRefusedError } from '../errors.ts';
import {
  DirectoryQuotaError,
  DuplicateValueError,
  ElsewhereMasteredError,
  ExchangeWriteError,
  InvalidValueError,
  MailEnabledGroupError,
  ObjectGoneError,
  PermissionMissingError,
  ProtectedAccountError,
  ReadOnlyPropertyError,
  RequestRefusedError,
  SyncMasteredError,
  UnverifiedDomainError,
  ValueMissingError,
  ValueTooLongError,
  WeakPasswordError,
} from '../object-errors.ts';
import type { Refusal } from './refusal.ts';

/** What a refusal is about, for the error to say. */
export interface Subject {
  /** The object, as a person knows it. */
  readonly object: string;
  /** The engine's name of a Graph property, and what was sent for it. */
  readonly attributeOf: (property: string | undefined) => string | undefined;
  readonly valueOf: (property: string | undefined) => string | undefined;
  /** The most characters it may have. */
  readonly limitOf: (property: string | undefined) => number | undefined;
  /** Permissions of which one would do, and whether the token has one. */
  readonly permissions: readonly string[];
  readonly permitted: boolean;
  /** Whom a value belongs to already. */
  readonly owner?: string | undefined;
}

type Make = (refusal: Refusal, subject: Subject, match: RegExpMatchArray) => TargetError;

const about = ({ object, attributeOf }: Subject, property: string | undefined) => ({
  object,
  attribute: attributeOf(property),
});

/**
 * Graph says nearly everything by `400 Request_BadRequest`; what it means is in its text. The one table of those
 * texts, in order: the first that fits is the cause.
 */
const byText: readonly (readonly [RegExp, Make])[] = [
  [
    /domain portion of the userPrincipalName property is invalid|verified domain/i,
    (_, subject) =>
      new UnverifiedDomainError(
        about(subject, 'userPrincipalName'),
        subject.valueOf('userPrincipalName')?.split('@').at(-1),
      ),
  ],
  [/password.*(complexity|comply|banned)/i, (_, subject) => new WeakPasswordError(subject)],
  [/value is required for property '(\w+)'/i, (_, subject, [, name]) => new ValueMissingError(about(subject, name))],
  [
    /Property '?(\w+)'? is read-only/i,
    ({ message }, subject, [, name]) => new ReadOnlyPropertyError(about(subject, name), message),
  ],
  [/on-premises mastered|undergoing migration/i, (_, subject) => new SyncMasteredError(subject)],
  [
    /originated within an external service/i,
    ({ message, target }, subject) => new ElsewhereMasteredError(about(subject, target), message),
  ],
  [/writes of mail-enabled groups|mail-enabled security groups/i, (_, subject) => new MailEnabledGroupError(subject)],
  [
    /DualWrite|in sync between .* and Exchange/i,
    ({ message, target }, subject) => new ExchangeWriteError(about(subject, target), message),
  ],
  [
    /exceeds? the (maximum|allowed) length|maximum length|too long|exceeds .* characters/i,
    ({ message, target }, subject) => new ValueTooLongError(about(subject, target), message),
  ],
  [
    /(?:Property|for property) '?(\w+)'?.*(?:is invalid|of resource)|Invalid value|is invalid/i,
    ({ message, target }, subject, [, name]) => {
      const property = name ?? target;
      const length = subject.valueOf(property)?.length ?? 0;
      const limit = subject.limitOf(property) ?? length;
      // Graph says the same of a value that is too long.
      return length > limit
        ? new ValueTooLongError(about(subject, property), `it has ${length} characters, and may have ${limit}.`)
        : new InvalidValueError(about(subject, property), message);
    },
  ],
];

/** The cause of a refusal as a class of its own. */
export function classify(refusal: Refusal, subject: Subject): TargetError {
  const { status, code, message, conflict, target } = refusal;
  const { object } = subject;
  if (status === 401) return new TokenRefusedError(object, code, message);
  if (status === 429) return new ThrottledError(object, 0);
  if (status >= 500 && status !== 501) return new TenantUnavailableError(object, status, message);
  if (/quota/i.test(code)) return new DirectoryQuotaError(about(subject, target), message);
  if (status === 403)
    return subject.permitted
      ? new ProtectedAccountError(subject, message)
      : new PermissionMissingError(subject, subject.permissions, message);
  if (status === 404) return new ObjectGoneError(subject, message);
  if (conflict !== undefined)
    return new DuplicateValueError(
      about(subject, conflict.property),
      subject.valueOf(conflict.property),
      subject.owner ?? (conflict.owner === undefined ? 'another object' : `object ${conflict.owner}`),
    );
  if (status === 400) {
    for (const [pattern, make] of byText) {
      const match = message.match(pattern);
      if (match !== null) return make(refusal, subject, match);
    }
  }
  return new RequestRefusedError(about(subject, target), status, code, message);
}
