import type { PropertyValue } from '../directory/index.ts';
import { ObjectFailure } from './faults.ts';
import type { SyncKind } from './kinds.ts';

const longest: Readonly<Record<string, number>> = {
  displayName: 256,
  userPrincipalName: 113,
  mail: 256,
  mailNickname: 64,
};
const mostCertificates = 15;

/** Refuses what no object can be, by all that is known of it with this write. */
export function requireValid(
  kind: SyncKind,
  { userPrincipalName, securityEnabled, deviceId, ...rest }: Readonly<Record<string, PropertyValue>>,
  isNew: boolean,
): void {
  if (kind === 'user') requireName(userPrincipalName, isNew);
  if (kind === 'group' && isNew && typeof securityEnabled !== 'boolean')
    throw new ObjectFailure(
      'GroupSecurityEnabledAttributeMissing',
      'The attribute securityEnabled of the group is missing.',
    );
  if (kind === 'device' && isNew && typeof deviceId !== 'string')
    throw new ObjectFailure('DataValidationFailed', 'The attribute deviceId of the device is missing.');
  for (const [name, value] of Object.entries({ userPrincipalName, ...rest })) {
    const limit = longest[name];
    if (limit !== undefined && typeof value === 'string' && value.length > limit)
      throw new ObjectFailure('ExceededAllowedLength', `${name} is longer than ${limit} characters.`);
    if (/^user(SMIME)?Certificate$/.test(name) && Array.isArray(value) && value.length > mostCertificates)
      throw new ObjectFailure(
        'ExceededAllowedLength',
        `LargeObject: ${name} has more than ${mostCertificates} values.`,
      );
  }
}

function requireName(name: PropertyValue | undefined, isNew: boolean): void {
  if (name === undefined) {
    if (isNew)
      throw new ObjectFailure('DataValidationFailed', 'The attribute userPrincipalName of the user is missing.');
    return;
  }
  if (typeof name !== 'string' || !/^[A-Za-z0-9'.\-_!#^~]+@[A-Za-z0-9.-]+$/.test(name))
    throw new ObjectFailure(
      'IdentityDataValidationFailed',
      `The userPrincipalName [UserPrincipalName ${String(name)};] is not valid.`,
    );
}
