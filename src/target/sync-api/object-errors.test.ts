import { describe, expect, it } from 'vitest';
import { faultError } from './fault-errors.ts';
import { objectError } from './object-errors.ts';

describe('what the service says no with', () => {
  it.each([
    ['InvalidHardMatch', 'HardMatchRefusedError'],
    ['103', 'HardMatchRefusedError'],
    ['96', 'HardMatchRefusedError'],
    ['InvalidSoftMatch', 'SoftMatchRefusedError'],
    ['ObjectTypeMismatch', 'KindMismatchError'],
    ['AttributeValueMustBeUnique', 'DuplicateValueError'],
    ['QuarantinedAttributeValueMustBeUnique', 'QuarantinedValueError'],
    ['IdentityDataValidationFailed', 'InvalidValueError'],
    ['DataValidationFailed', 'InvalidValueError'],
    ['LargeObject', 'ValueTooLongError'],
    ['ExceededAllowedLength', 'ValueTooLongError'],
    ['FederatedDomainChangeError', 'FederatedDomainChangeError'],
    ['ExistingAdminRoleConflict', 'ProtectedAccountError'],
    ['GroupSecurityEnabledAttributeMissing', 'ValueMissingError'],
    ['114', 'CloudMasteredError'],
    ['NeverHeardOf', 'ObjectRefusedError'],
    ['toString', 'ObjectRefusedError'],
  ])('%s is a %s, which nobody need try again', (code, name) => {
    const error = objectError('user x', { code, description: 'because' });
    expect(error.constructor.name).toBe(name);
    expect(error.retry).toBe('never');
    expect(error.object).toBe('user x');
  });

  it('is found in the text where there is no code', () => {
    const description = 'QuarantinedAttributeValueMustBeUnique: [ProxyAddresses smtp:a@b.c;]';
    const error = objectError('user x', { code: undefined, description });
    expect(error.constructor.name).toBe('QuarantinedValueError');
    expect(error.attribute).toBe('proxyAddresses');
  });

  it('names the value that another object has', () => {
    const description = 'the following attributes have values: [UserPrincipalName a@b.c;]';
    const error = objectError('user x', { code: 'AttributeValueMustBeUnique', description });
    expect(error.message).toContain('userPrincipalName a@b.c');
  });

  const context = { operation: 'X', clientId: 'app', tenant: 'tenant', build: '1.0' };
  it.each([
    ['90', 'x', 'PasswordSyncInactiveError'],
    ['78', 'x', 'ServiceInternalError'],
    [
      undefined,
      'Access to Azure Active Directory has been denied. Contact Technical Support.',
      'SyncAccessDeniedError',
    ],
    [undefined, 'Identity synchronization is not yet activated for this company', 'SyncInactiveError'],
    [undefined, 'The client version is no longer supported', 'ClientTooOldError'],
    ['999', 'something else', 'ServiceFaultError'],
  ])('a fault %s "%s" is a %s', (code, description, name) => {
    expect(faultError({ type: 'fault', code, description }, context).constructor.name).toBe(name);
  });
});
