/**
 * The properties of the service's objects: name, type (`*`: many values) and kinds (u user, g group, c contact,
 * d device, p public folder), as the connector schema of Entra Connect has them; a few of later builds are added.
 * This is what says of what type a value is: never its text.
 */
const table = `
accountEnabled boolean ud
alias string ugcp
alternativeSecurityId string* d
altRecipient reference ugc
approximateLastLogonTimestamp string d
assistant reference ugc
authOrig reference* ugc
city string uc
cloudAccountEnabled boolean d
cloudAnchor string ugcdp
cloudCreated boolean d
cloudDeviceOSType string d
cloudDeviceOSVersion string d
cloudDisplayName string d
cloudLegacyExchangeDN string ugc
cloudMastered boolean ug
cloudMSExchArchiveStatus integer u
cloudMSExchBlockedSendersHash binary u
cloudMSExchDelegateListLink reference* u
cloudMSExchRecipientDisplayType integer u
cloudMSExchSafeRecipientsHash binary u
cloudMSExchSafeSendersHash binary u
cloudMSExchTeamMailboxExpiration string u
cloudMSExchTeamMailboxOwners reference* u
cloudMSExchTeamMailboxSharePointUrl string u
cloudMSExchUCVoiceMailSettings string* u
cloudMSExchUserHoldPolicies string* u
cloudPublicDelegates reference* ugc
commonName string ugc
company string uc
country string uc
countryCode integer uc
countryLetterCode string uc
department string uc
description string ugc
deviceId binary d
deviceObjectVersion integer d
deviceOSType string d
deviceOSVersion string d
devicePhysicalIds string* d
deviceTrustType string d
dirSyncOverrides integer d
displayName string ugcdp
dLMemRejectPerms reference* ugc
dLMemSubmitPerms reference* ugc
dnsDomainName string u
employeeId string u
employeeType string u
extensionAttribute1-15 string ugc
facsimileTelephoneNumber string uc
givenName string uc
hideDLMembership boolean g
homePhone string uc
info string ugc
initials string uc
ipPhone string uc
isCompliant boolean d
isManaged boolean d
lastPasswordChangeTimestamp string u
legacyExchangeDN string ugcp
mail string ugcp
managedBy reference g
manager reference uc
member reference* g
middleName string uc
mobile string uc
msDsHabSeniorityIndex integer ugc
msDsPhoneticDisplayName string ugc
msExchArchiveGuid binary u
msExchArchiveName string* u
msExchAssistantName string uc
msExchAuditAdmin integer u
msExchAuditDelegate integer u
msExchAuditDelegateAdmin integer u
msExchAuditOwner integer u
msExchBlockedSendersHash binary uc
msExchBypassAudit boolean up
msExchBypassModerationFromDLMembersLink reference* ugc
msExchBypassModerationLink reference* ugc
msExchCoManagedByLink reference* g
msExchDelegateListLink reference* u
msExchElcExpirySuspensionEnd string u
msExchElcExpirySuspensionStart string u
msExchElcMailboxFlags integer u
msExchEnableModeration boolean ugc
msExchExtensionCustomAttribute1-5 string* ugc
msExchGroupDepartRestriction integer g
msExchGroupJoinRestriction integer g
msExchHideFromAddressLists boolean ugc
msExchImmutableId string u
msExchLabeledURI string* g
msExchLitigationHoldDate string ugc
msExchLitigationHoldOwner string ugc
msExchMailboxAuditEnable boolean up
msExchMailboxAuditLogAgeLimit integer up
msExchMailboxGuid binary u
msExchModeratedByLink reference* ugc
msExchModerationFlags integer ugcp
msExchRecipientDisplayType integer ugc
msExchRecipientSoftDeletedStatus integer p
msExchRecipientTypeDetails integer ugcp
msExchRemoteRecipientType integer u
msExchRequireAuthToSendTo boolean ugc
msExchResourceCapacity integer u
msExchResourceDisplay string u
msExchResourceMetadata string* u
msExchResourceSearchProperties string* u
msExchRetentionComment string ugc
msExchRetentionUrl string ugc
msExchSafeRecipientsHash binary uc
msExchSafeSendersHash binary uc
msExchSenderHintTranslations string* ugc
msExchTeamMailboxExpiration string u
msExchTeamMailboxOwners reference* u
msExchTeamMailboxSharePointLinkedBy reference u
msExchTeamMailboxSharePointUrl string u
msExchTransportRecipientSettingsFlags integer p
msExchUserHoldPolicies string* u
msOrgIsOrganizational boolean g
msRtcSipApplicationOptions integer u
msRtcSipDeploymentLocator string uc
msRtcSipLine string uc
msRtcSipOptionFlags integer uc
msRtcSipOwnerUrn string u
msRtcSipPrimaryUserAddress string uc
msRtcSipUserEnabled boolean uc
netBiosName string u
onPremisesDistinguishedName string ug
onPremiseSecurityIdentifier binary ugd
onPremisesSamAccountName string ugd
onPremisesUserPrincipalName string u
oOFReplyToOriginator boolean g
otherFacsimileTelephoneNumber string* uc
otherHomePhone string* uc
otherIpPhone string* uc
otherMobile string* uc
otherPager string* uc
otherTelephone string* uc
pager string uc
physicalDeliveryOfficeName string uc
postalCode string uc
postOfficeBox string* uc
preferredLanguage string u
proxyAddresses string* ugcp
publicDelegates reference* ugc
registeredOwnerReference reference d
registeredUsersReference reference* d
reportToOriginator boolean g
reportToOwner boolean g
searchableDeviceKey binary* u
securityEnabled boolean g
signInNames string* u
sourceAnchor string ugcdp
state string uc
stkDeviceKey binary* d
streetAddress string uc
surname string uc
targetAddress string ugcp
telephoneAssistant string uc
telephoneNumber string uc
thumbnailPhoto binary uc
title string uc
unauthOrig reference* ugc
url string* uc
usageLocation string u
userCertificate binary* ucd
userPrincipalName string u
userSMIMECertificate binary* uc
userType string u
wWWHomePage string uc
`;

export type PropertyType = 'string' | 'boolean' | 'integer' | 'binary' | 'reference';
export type PropertyKind = 'user' | 'group' | 'contact' | 'device' | 'publicFolder';

export interface Property {
  /** As Entra Connect writes it; services and clients compare without regard to case. */
  readonly name: string;
  readonly type: PropertyType;
  readonly many: boolean;
  readonly kinds: ReadonlySet<PropertyKind>;
}

const kindLetters: Readonly<Record<string, PropertyKind>> = {
  u: 'user',
  g: 'group',
  c: 'contact',
  d: 'device',
  p: 'publicFolder',
};

const types: ReadonlySet<string> = new Set<PropertyType>(['string', 'boolean', 'integer', 'binary', 'reference']);

function isType(text: string): text is PropertyType {
  return types.has(text);
}

function parseRow(row: string): readonly Property[] {
  const [name = '', form = '', letters = ''] = row.split(' ');
  const type = form.replace('*', '');
  if (!isType(type)) throw new Error(`no such type: ${row}`);
  const kinds = new Set([...letters].flatMap((letter) => kindLetters[letter] ?? []));
  const [, stem, last] = /^(.+?)1-(\d+)$/.exec(name) ?? [];
  const names = stem === undefined ? [name] : Array.from({ length: Number(last) }, (_, i) => `${stem}${i + 1}`);
  return names.map((one) => ({ name: one, type, many: form.endsWith('*'), kinds }));
}

export const properties: readonly Property[] = table.trim().split('\n').flatMap(parseRow);

const byName = new Map(properties.map((property) => [property.name.toLowerCase(), property]));

/** In whatever case the name is written. */
export function propertyOf(name: string): Property | undefined {
  return byName.get(name.toLowerCase());
}
