import type { GraphAnswer } from './client.ts';
import { isRecord, records, text } from './json.ts';

/** An error answer, parsed. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** What `details` says clashes: a property, and the id of the object that has its value. */
  readonly conflict: Conflict | undefined;
  /** The property a bad value was given for. */
  readonly target: string | undefined;
}

export interface Conflict {
  readonly property: string | undefined;
  readonly owner: string | undefined;
  /** `user`, `group`, `contact`: where the tenant says so. */
  readonly ownerKind: string | undefined;
}

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

export function refusalOf({ status, body }: GraphAnswer): Refusal {
  const error = isRecord(body) ? body['error'] : undefined;
  const { code, message, details } = isRecord(error) ? error : {};
  const said = text(message) ?? 'no reason given';
  const parts = records(details);
  const detail = (wanted: string): string | undefined =>
    text(parts.find((part) => part['code'] === wanted)?.['target']);
  const property = detail('ObjectConflict') ?? said.match(/same value for property '?(\w+)'? already exists/)?.[1];
  const conflicting = detail('ConflictingObjects');
  const owner = conflicting?.match(guid)?.[0]?.toLowerCase();
  return {
    status,
    code: text(code) ?? 'no code',
    message: said,
    conflict:
      property === undefined && owner === undefined
        ? undefined
        : { property, owner, ownerKind: conflicting?.match(/^([A-Za-z]+)_/)?.[1]?.toLowerCase() },
    target: detail('InvalidValue') ?? said.match(/propert(?:y|ies):? '?(\w+)'?/i)?.[1],
  };
}

/** The members are there already: what was wanted is so. */
export function isAlreadyThere({ status, message }: Refusal): boolean {
  return status === 400 && /added object references already exist/i.test(message);
}

/** The last read cannot be resumed from. */
export function isTokenLost({ status, code, message }: Refusal): boolean {
  if (status === 410) return true;
  const said = /syncState(NotFound|Invalid)|resync/i.test(code) || /badly formed token/i.test(message);
  return status >= 400 && status < 500 && said;
}
