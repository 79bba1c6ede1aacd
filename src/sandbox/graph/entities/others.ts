import {
  address,
  bool,
  entity,
  equality,
  guid,
  int,
  list,
  ordered,
  prefix,
  provisioningErrors,
  structure,
  text,
  time,
} from './rules.ts';

const shown = { byDefault: true } as const;
const named = { ...shown, filter: prefix, sortable: true, searchable: true } as const;

/** Mail contacts: Graph only reads them. */
export const contactRules = entity({
  id: text({ ...shown, nullable: false, filter: equality }),
  deletedDateTime: time(),
  addresses: {
    ...list(
      structure({
        city: text(),
        countryOrRegion: text(),
        officeLocation: text(),
        postalCode: text(),
        state: text(),
        street: text(),
      }),
    ),
    byDefault: true,
  },
  companyName: text({ ...shown, filter: prefix }),
  department: text({ ...shown, filter: prefix }),
  displayName: text(named),
  givenName: text({ ...shown, filter: prefix }),
  jobTitle: text({ ...shown, filter: prefix }),
  mail: text({ ...shown, filter: address, searchable: true }),
  mailNickname: text({ ...shown, filter: prefix }),
  onPremisesLastSyncDateTime: time({ ...shown, filter: ordered }),
  onPremisesProvisioningErrors: { ...provisioningErrors, byDefault: true },
  onPremisesSyncEnabled: bool({ ...shown, filter: equality }),
  phones: {
    ...list(structure({ language: text(), number: text(), region: text(), type: text() })),
    byDefault: true,
  },
  proxyAddresses: list(text({ ...shown, filter: ['eq', 'startswith', 'endswith'] })),
  surname: text({ ...shown, filter: prefix }),
});

export const deviceRules = entity({
  id: text({ ...shown, nullable: false, filter: equality }),
  deletedDateTime: time({ ...shown, filter: ordered }),
  accountEnabled: bool({ ...shown, write: 'always', filter: equality, mastered: true }),
  alternativeSecurityIds: list(
    structure({
      identityProvider: text({ write: 'always' }),
      key: text({ write: 'always' }),
      type: int({ write: 'always' }),
    }),
    { byDefault: true, write: 'create' },
  ),
  approximateLastSignInDateTime: time({ ...shown, filter: ordered, sortable: true }),
  complianceExpirationDateTime: time({ ...shown, filter: ordered }),
  deviceCategory: text(shown),
  deviceId: text({ ...shown, write: 'create', filter: [...equality, 'startswith'] }),
  deviceMetadata: text(shown),
  deviceOwnership: text(shown),
  deviceVersion: int(shown),
  displayName: text({ ...named, write: 'always', max: 256, mastered: true }),
  enrollmentProfileName: text(shown),
  isCompliant: bool({ ...shown, write: 'always', filter: equality }),
  isManaged: bool({ ...shown, write: 'always', filter: equality }),
  isRooted: bool({ ...shown, filter: equality }),
  managementType: text(shown),
  manufacturer: text(shown),
  mdmAppId: text({ ...shown, filter: [...equality, 'startswith'] }),
  model: text(shown),
  onPremisesLastSyncDateTime: time({ ...shown, filter: ordered }),
  onPremisesSecurityIdentifier: text({ ...shown, filter: equality }),
  onPremisesSyncEnabled: bool({ ...shown, filter: equality }),
  operatingSystem: text({ ...shown, write: 'always', filter: prefix, mastered: true }),
  operatingSystemVersion: text({ ...shown, write: 'always', filter: prefix, mastered: true }),
  physicalIds: list(text({ ...shown, filter: ['eq', 'startswith'] })),
  profileType: text({ ...shown, filter: equality }),
  registrationDateTime: time({ ...shown, filter: ordered }),
  systemLabels: list(text({ ...shown, filter: ['eq', 'startswith'] })),
  trustType: text({ ...shown, filter: equality }),
});

const key = {
  customKeyIdentifier: text({ write: 'always' }),
  displayName: text({ write: 'always' }),
  endDateTime: time({ write: 'always' }),
  keyId: guid({ write: 'always' }),
  startDateTime: time({ write: 'always' }),
};

export const applicationRules = entity({
  id: text({ ...shown, nullable: false, filter: equality }),
  deletedDateTime: time(shown),
  appId: text({ ...shown, filter: equality }),
  createdDateTime: time({ ...shown, filter: ordered }),
  description: text({ ...shown, write: 'always', max: 1024 }),
  displayName: text({ ...named, write: 'always', max: 256, nullable: false }),
  identifierUris: list(text({ ...shown, write: 'always', filter: ['eq', 'startswith'] })),
  keyCredentials: list(
    structure({
      ...key,
      key: text({ write: 'always' }),
      type: text({ write: 'always' }),
      usage: text({ write: 'always' }),
    }),
    { byDefault: true, write: 'always' },
  ),
  passwordCredentials: list(structure({ ...key, hint: text(), secretText: text() }), { byDefault: true }),
  publisherDomain: text(shown),
  signInAudience: text({ ...shown, write: 'always', filter: equality }),
  tags: list(text({ ...shown, write: 'always', filter: ['eq', 'startswith'] })),
  uniqueName: text({ ...shown, filter: equality }),
});

export const servicePrincipalRules = entity({
  id: text({ ...shown, nullable: false, filter: equality }),
  deletedDateTime: time(shown),
  accountEnabled: bool({ ...shown, write: 'always', filter: equality }),
  appDisplayName: text(shown),
  appId: text({ ...shown, filter: equality }),
  appOwnerOrganizationId: guid({ ...shown, filter: equality }),
  displayName: text(named),
  servicePrincipalNames: list(text({ ...shown, filter: ['eq', 'startswith'] })),
  servicePrincipalType: text({ ...shown, filter: equality }),
  tags: list(text({ ...shown, write: 'always', filter: ['eq', 'startswith'] })),
});

export const directoryRoleRules = entity({
  id: text({ ...shown, nullable: false, filter: equality }),
  deletedDateTime: time(shown),
  description: text(shown),
  displayName: text({ ...shown, filter: equality }),
  roleTemplateId: text({ ...shown, filter: equality }),
});

export const extensionPropertyRules = entity({
  id: text({ ...shown, nullable: false, filter: equality }),
  deletedDateTime: time(shown),
  appDisplayName: text(shown),
  dataType: text({
    ...shown,
    write: 'create',
    nullable: false,
    pattern: /^(Binary|Boolean|DateTime|Integer|LargeInteger|String)$/,
  }),
  isMultiValued: bool({ ...shown, write: 'create', nullable: false }),
  isSyncedFromOnPremises: bool(shown),
  name: text({ ...shown, write: 'create', nullable: false, filter: ['eq', 'startswith'] }),
  targetObjects: list(
    text({
      ...shown,
      write: 'create',
      pattern: /^(User|Group|AdministrativeUnit|Application|Device|Organization)$/,
    }),
  ),
});
