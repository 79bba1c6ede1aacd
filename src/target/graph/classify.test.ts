import { describe, expect, test } from 'vitest';
import { parseSourceAnchor, type TenantAttributes } from '../../model/index.ts';
import { TenantUnavailableError, ThrottledError, TokenRefusedError } from '../errors.ts';
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
import type { Operation } from '../target.ts';
import { graphKinds } from './attributes.ts';
import { classify } from './classify.ts';
import type { GraphAnswer } from './client.ts';
import { isAlreadyThere, isTokenLost, refusalOf } from './refusal.ts';
import { writeSubject } from './subject.ts';

const kinds = graphKinds({});
const anchor = parseSourceAnchor('CT7rKPwsikWtLKonW9x5Gg==');
if (anchor === undefined) throw new Error('not an anchor');

function create(attributes: TenantAttributes): Operation {
  if (anchor === undefined) throw new Error('not an anchor');
  return { operationId: 1, object: { kind: 'user', anchor, id: undefined }, type: 'create', attributes };
}

const ada = create({ userPrincipalName: 'ada@contoso.test', alias: 'a b', employeeId: '12345678901234567' });

function answer(
  status: number,
  code: string,
  message: string,
  details: readonly { code: string; target: string }[] = [],
): GraphAnswer {
  const body = { error: { code, message, details: details.map((detail) => ({ ...detail, message })) } };
  return { status, body, header: () => undefined, requestId: undefined };
}

function errorOf(given: GraphAnswer, roles: readonly string[] = []) {
  return classify(refusalOf(given), writeSubject({ kinds }, ada, roles));
}

const bad = (message: string, details: readonly { code: string; target: string }[] = []) =>
  answer(400, 'Request_BadRequest', message, details);

describe('each refusal of the table is a cause of its own', () => {
  const table: readonly (readonly [GraphAnswer, new (...args: never[]) => Error])[] = [
    [bad('Another object with the same value for property userPrincipalName already exists.'), DuplicateValueError],
    [
      bad(
        'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
      ),
      UnverifiedDomainError,
    ],
    [bad('Property userPrincipalName is invalid.'), InvalidValueError],
    [bad("Invalid value specified for property 'mailNickname' of resource 'User'."), InvalidValueError],
    [bad("Invalid value specified for property 'employeeId' of resource 'User'."), ValueTooLongError],
    [bad("A value is required for property 'displayName' of resource 'User'."), ValueMissingError],
    [
      bad(
        'The specified password does not comply with password complexity requirements. Please provide a different password.',
      ),
      WeakPasswordError,
    ],
    [bad("Property 'onPremisesSyncEnabled' is read-only and cannot be set."), ReadOnlyPropertyError],
    [
      bad(
        'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
      ),
      SyncMasteredError,
    ],
    [
      bad('Unable to update the specified properties for objects that have originated within an external service.'),
      ElsewhereMasteredError,
    ],
    [
      bad(
        'The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.',
      ),
      MailEnabledGroupError,
    ],
    [bad('Cannot Update a mail-enabled security groups and or distribution list.'), MailEnabledGroupError],
    [
      bad(
        'An Azure Active Directory call was made to keep object in sync between Azure Active Directory and Exchange Online. However, it failed. DualWrite (Graph) RequestId: 1',
      ),
      ExchangeWriteError,
    ],
    [
      answer(
        403,
        'Directory_QuotaExceeded',
        "Unable to perform operation as '121' would exceed the maximum quota count '100' for forward-link 'owners'.",
      ),
      DirectoryQuotaError,
    ],
    [
      answer(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
      PermissionMissingError,
    ],
    [answer(401, 'InvalidAuthenticationToken', 'Access token is empty.'), TokenRefusedError],
    [answer(404, 'Request_ResourceNotFound', "Resource 'x' does not exist"), ObjectGoneError],
    [answer(429, 'TooManyRequests', 'Too many requests.'), ThrottledError],
    [answer(503, 'serviceNotAvailable', 'busy'), TenantUnavailableError],
    [answer(501, 'NotImplemented', 'This operation target is not yet supported.'), RequestRefusedError],
    [bad('Something nobody has seen yet'), RequestRefusedError],
  ];
  test.each(table.map(([given, expected]) => [expected.name, refusalOf(given).message, given, expected] as const))(
    '%s: %s',
    (_name, _message, given, expected) => {
      expect(errorOf(given)).toBeInstanceOf(expected);
    },
  );
});

test('an error names the object, the attribute as mappings know it, and what to do', () => {
  const error = errorOf(bad("Invalid value specified for property 'mailNickname' of resource 'User'."));
  expect(error.report()).toMatchObject({
    code: 'CS4033',
    retry: 'never',
    object: 'user ada@contoso.test',
    attribute: 'alias',
    message: expect.stringContaining('alias of user ada@contoso.test'),
  });
});

test('a clash names the value and the other owner by its id', () => {
  const property = 'userPrincipalName';
  const owner = 'd29ab4ad-0000-4000-8000-1234567890ab';
  const given = bad(`Another object with the same value for property ${property} already exists.`, [
    { code: 'ObjectConflict', target: property },
    { code: 'ConflictingObjects', target: `User_${owner}` },
  ]);
  expect(refusalOf(given).conflict).toEqual({ property, owner, ownerKind: 'user' });
  expect(errorOf(given).message).toBe(
    `user ada@contoso.test cannot have the userPrincipalName ada@contoso.test: it belongs to object ${owner}.`,
  );
});

test('a domain that is not verified is named', () => {
  const error = errorOf(bad('The domain portion of the userPrincipalName property is invalid.'));
  expect(error.message).toContain('the domain contoso.test');
});

test('with the permission in the token, a 403 is the protection of an administrator', () => {
  const given = answer(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  expect(errorOf(given, ['User.ReadWrite.All'])).toBeInstanceOf(ProtectedAccountError);
});

test('a member that is there already is no refusal', () => {
  const there = "One or more added object references already exist for the following modified properties: 'members'.";
  expect(isAlreadyThere(refusalOf(bad(there)))).toBe(true);
  expect(isAlreadyThere(refusalOf(bad('Something else')))).toBe(false);
});

test('a lost token is known by its status and by its code', () => {
  expect(isTokenLost(refusalOf(answer(410, 'whatever', '')))).toBe(true);
  expect(isTokenLost(refusalOf(answer(400, 'syncStateNotFound', '')))).toBe(true);
  expect(isTokenLost(refusalOf(answer(404, 'resyncRequired', '')))).toBe(true);
  expect(isTokenLost(refusalOf(bad('Badly formed token.')))).toBe(true);
  expect(isTokenLost(refusalOf(answer(404, 'Request_ResourceNotFound', '')))).toBe(false);
});

test('whatever an error answer holds, it is read', () => {
  for (const body of [undefined, null, [], 'text', { error: 1 }, { error: { details: [1, { target: 2 }] } }])
    expect(refusalOf({ status: 400, body, header: () => undefined, requestId: undefined })).toMatchObject({
      status: 400,
      code: 'no code',
      conflict: undefined,
    });
});
