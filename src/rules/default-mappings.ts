import type { ObjectKind } from '../model/index.ts';
import type { ReferenceMapping } from './rules.ts';

/**
 * The default attribute mappings: those of Entra Connect Sync, composed end to end (its default rules as exported),
 * which Cloud Sync uses under the same target names. In the Connect dialect of the expression language; where Connect
 * gives no value for an account that Graph cannot be without, the form of Cloud Sync.
 */

type Mappings = Readonly<Record<string, string>>;

/** The attribute as it is, under a name of its own in the tenant. */
const direct = (...names: readonly string[]): Mappings => Object.fromEntries(names.map((name) => [name, `[${name}]`]));
/** The attribute without blanks around it. */
const trimmed = (...names: readonly string[]): Mappings =>
  Object.fromEntries(names.map((name) => [name, `Trim([${name}])`]));
/** The first value, cut to what the tenant takes. */
const cut = (...names: readonly string[]): Mappings =>
  Object.fromEntries(
    names.map((name) => [name, `IIF(IsNullOrEmpty([${name}]),NULL,Left(Trim(Item([${name}],1)),448))`]),
  );
const numbered = (name: string, count: number, form: (name: string) => Mappings): Mappings =>
  Object.assign({}, ...Array.from({ length: count }, (_, i) => form(`${name}${i + 1}`)));

const person: Mappings = {
  ...trimmed(
    'company',
    'department',
    'facsimileTelephoneNumber',
    'givenName',
    'homePhone',
    'initials',
    'ipPhone',
    'mail',
    'middleName',
    'mobile',
    'otherFacsimileTelephoneNumber',
    'otherHomePhone',
    'otherIpPhone',
    'otherMobile',
    'otherPager',
    'otherTelephone',
    'pager',
    'physicalDeliveryOfficeName',
    'postalCode',
    'streetAddress',
    'telephoneAssistant',
    'telephoneNumber',
    'title',
    'wWWHomePage',
  ),
  city: 'Trim([l])',
  state: 'Trim([st])',
  country: 'Trim([co])',
  countryLetterCode: 'Trim([c])',
  countryCode: 'IIF(IsNullOrEmpty([countryCode]),IgnoreThisFlow,[countryCode])',
  surname: 'Trim([sn])',
  info: 'Left(Trim([info]),448)',
  ...cut('postOfficeBox', 'url'),
  ...direct('targetAddress', 'thumbnailPhoto', 'userCertificate', 'userSMIMECertificate'),
};

const everyKind: Mappings = {
  displayName: 'IIF(IsNullOrEmpty([displayName]),[cn],[displayName])',
  proxyAddresses: 'RemoveDuplicates(Trim([proxyAddresses]))',
  ...cut('description'),
  ...numbered('extensionAttribute', 15, trimmed),
  ...numbered('msExchExtensionCustomAttribute', 5, direct),
  ...direct(
    'legacyExchangeDN',
    'msExchEnableModeration',
    'msExchHideFromAddressLists',
    'msExchLitigationHoldDate',
    'msExchLitigationHoldOwner',
    'msExchModerationFlags',
    'msExchRecipientDisplayType',
    'msExchRecipientTypeDetails',
    'msExchRequireAuthToSendTo',
    'msExchRetentionComment',
    'msExchSenderHintTranslations',
  ),
  msExchRetentionUrl: '[msExchRetentionURL]',
  msDsHabSeniorityIndex: '[msDS-HABSeniorityIndex]',
  msDsPhoneticDisplayName: '[msDS-PhoneticDisplayName]',
};

const inAnyDomain: Mappings = {
  commonName: '[cn]',
  onPremiseSecurityIdentifier: '[objectSid]',
};

const user: Mappings = {
  ...inAnyDomain,
  ...everyKind,
  ...person,
  accountEnabled: 'IIF(BitAnd([userAccountControl],2)=0,True,False)',
  alias: '[mailNickname]',
  userPrincipalName:
    'IIF(IsPresent([userPrincipalName]),[userPrincipalName],IIF(IsPresent([sAMAccountName]),([sAMAccountName]&"@"&%Domain.FQDN%),Error("AccountName is not present")))',
  onPremisesUserPrincipalName: '[userPrincipalName]',
  onPremisesSamAccountName: '[sAMAccountName]',
  onPremisesDistinguishedName: '[distinguishedName]',
  dnsDomainName: '%Domain.FQDN%',
  netBiosName: '%Domain.Netbios%',
  lastPasswordChangeTimestamp:
    'IIF(IsPresent([pwdLastSet]),CStr(FormatDateTime(DateFromNum([pwdLastSet]),"yyyyMMddHHmmss.0Z")),NULL)',
  usageLocation: 'IIF(IsNullOrEmpty([msExchUsageLocation]),IgnoreThisFlow,[msExchUsageLocation])',
  employeeId: '[employeeID]',
  employeeType: '[employeeType]',
  preferredLanguage: 'Trim([preferredLanguage])',
  msExchArchiveGuid: '[msExchArchiveGUID]',
  msExchElcExpirySuspensionEnd: '[msExchELCExpirySuspensionEnd]',
  msExchElcExpirySuspensionStart: '[msExchELCExpirySuspensionStart]',
  msExchElcMailboxFlags: '[msExchELCMailboxFlags]',
  msExchResourceMetadata: '[msExchResourceMetaData]',
  ...direct(
    'msExchArchiveName',
    'msExchAssistantName',
    'msExchAuditAdmin',
    'msExchAuditDelegate',
    'msExchAuditDelegateAdmin',
    'msExchAuditOwner',
    'msExchBlockedSendersHash',
    'msExchBypassAudit',
    'msExchImmutableId',
    'msExchMailboxAuditEnable',
    'msExchMailboxAuditLogAgeLimit',
    'msExchMailboxGuid',
    'msExchRemoteRecipientType',
    'msExchResourceCapacity',
    'msExchResourceDisplay',
    'msExchResourceSearchProperties',
    'msExchSafeRecipientsHash',
    'msExchSafeSendersHash',
    'msExchTeamMailboxExpiration',
    'msExchTeamMailboxSharePointUrl',
    'msExchUserHoldPolicies',
  ),
  msRtcSipApplicationOptions: '[msRTCSIP-ApplicationOptions]',
  msRtcSipDeploymentLocator: '[msRTCSIP-DeploymentLocator]',
  msRtcSipLine: '[msRTCSIP-Line]',
  msRtcSipOptionFlags: '[msRTCSIP-OptionFlags]',
  msRtcSipOwnerUrn: '[msRTCSIP-OwnerUrn]',
  msRtcSipPrimaryUserAddress: '[msRTCSIP-PrimaryUserAddress]',
  msRtcSipUserEnabled: '[msRTCSIP-UserEnabled]',
};

const group: Mappings = {
  ...inAnyDomain,
  ...everyKind,
  alias: '[mailNickname]',
  info: 'Left(Trim([info]),448)',
  mail: 'Trim([mail])',
  securityEnabled: 'IIF(BitAnd([groupType],&H80000000)=0,False,True)',
  mailEnabled: 'IIF(InStr([mail],"@")>0,True,IIF(Contains([proxyAddresses],"SMTP:")>0,True,False))',
  msOrgIsOrganizational: '[msOrg-IsOrganizational]',
  ...direct('hideDLMembership', 'oOFReplyToOriginator', 'reportToOriginator', 'reportToOwner'),
};

const { msExchEnableModeration: _, ...mailEnabled } = everyKind;

const contact: Mappings = {
  ...mailEnabled,
  ...person,
  alias: 'IIF(IsPresent([mailNickname]),[mailNickname],[cn])',
  countryCode: '[countryCode]',
  ...direct('msExchAssistantName', 'msExchBlockedSendersHash', 'msExchSafeRecipientsHash', 'msExchSafeSendersHash'),
};

/** As Cloud Sync maps computers. */
const device: Mappings = {
  onPremiseSecurityIdentifier: '[objectSid]',
  displayName: 'Switch(IsPresent([displayName]),[displayName],IsPresent([dNSHostName]),[dNSHostName],True,[cn])',
  accountEnabled: 'IIF(BitAnd([userAccountControl],2)=0,True,False)',
  deviceId: '[objectGUID]',
  deviceOSType: '[operatingSystem]',
  deviceOSVersion: '[operatingSystemVersion]',
  deviceTrustType: '"ServerAd"',
  userCertificate: '[userCertificate]',
};

export const defaultMappings: Readonly<Record<ObjectKind, Mappings>> = { user, group, contact, device };

const link = (target: string, source = target, single = false): ReferenceMapping => ({ target, source, single });
const senders = [
  'authOrig',
  'unauthOrig',
  'dLMemSubmitPerms',
  'dLMemRejectPerms',
  'msExchModeratedByLink',
  'publicDelegates',
];

/** Attributes whose values are other objects. */
export const defaultReferences: Readonly<Record<ObjectKind, readonly ReferenceMapping[]>> = {
  user: [
    link('manager', 'manager', true),
    link('assistant', 'assistant', true),
    link('msExchDelegateListLink'),
    link('msExchTeamMailboxOwners'),
    link('msExchTeamMailboxSharePointLinkedBy', 'msExchTeamMailboxSharePointLinkedBy', true),
    ...senders.map((name) => link(name)),
  ],
  group: [
    link('member'),
    link('managedBy', 'managedBy', true),
    link('msExchCoManagedByLink'),
    ...senders.map((name) => link(name)),
  ],
  contact: [
    link('manager', 'manager', true),
    link('assistant', 'assistant', true),
    ...senders.map((name) => link(name)),
  ],
  // Who joined the computer to the domain. Written once in its life, so that Cloud Sync's "once" needs no more than this.
  device: [link('registeredOwnerReference', 'mS-DS-CreatorSID', true)],
};

/** Says something of the account rather than the person: of joined objects the one with the enabled account gives it. */
export const accountAttributes: ReadonlySet<string> = new Set([
  'accountEnabled',
  'dnsDomainName',
  'lastPasswordChangeTimestamp',
  'netBiosName',
  'onPremiseSecurityIdentifier',
  'onPremisesDistinguishedName',
  'onPremisesSamAccountName',
  'onPremisesUserPrincipalName',
  'userPrincipalName',
]);

const namesAndAddresses = [
  'commonName',
  'displayName',
  'mail',
  'alias',
  'onPremiseSecurityIdentifier',
  'proxyAddresses',
];

/** The least that third-party applications need, as documented for MinSync. */
export const minSync: Readonly<Record<ObjectKind, ReadonlySet<string>>> = {
  user: new Set([
    ...namesAndAddresses,
    'accountEnabled',
    'employeeId',
    'givenName',
    'lastPasswordChangeTimestamp',
    'surname',
    'usageLocation',
    'userPrincipalName',
  ]),
  group: new Set([...namesAndAddresses, 'mailEnabled', 'managedBy', 'member', 'securityEnabled']),
  contact: new Set([...namesAndAddresses, 'givenName', 'surname']),
  device: new Set([...Object.keys(device), 'registeredOwnerReference']),
};
