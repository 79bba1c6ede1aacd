import { type KnownAttributes, knownAttributes } from './expression/index.ts';

/** What AD keeps under an attribute ([MS-ADA1] to [MS-ADA3]), as far as a tenant can take it. */
export type AttributeForm = 'text' | 'integer' | 'flag' | 'bytes' | 'time' | 'name';

export interface AttributeFacts {
  readonly name: string;
  readonly form: AttributeForm;
  readonly many: boolean;
}

/** Attributes of users, groups, contacts and computers, by AD's own spelling; those of Exchange and Lync included. */
const table: Readonly<Record<`${AttributeForm}${'' | '*'}`, string>> = {
  text: `adminDescription adminDisplayName c cn co comment company department displayName displayNamePrintable division
    dNSHostName employeeID employeeNumber employeeType extensionAttribute1-15 facsimileTelephoneNumber gecos
    generationQualifier givenName homeDirectory homeDrive homeMDB homePhone homePostalAddress info initials ipPhone l
    legacyExchangeDN location loginShell mail mailNickname middleName mobile msDS-cloudExtensionAttribute1-20
    msDS-ExternalDirectoryObjectId msDS-PhoneticCompanyName msDS-PhoneticDepartment msDS-PhoneticDisplayName
    msDS-PhoneticFirstName msDS-PhoneticLastName msDS-preferredDataLocation msDS-PrincipalName msDS-SiteName
    msExchArchiveName msExchAssistantName msExchExtensionAttribute16-45 msExchHouseIdentifier msExchImmutableId
    msExchLitigationHoldOwner msExchResourceDisplay msExchRetentionComment msExchRetentionURL
    msExchTeamMailboxSharePointUrl msExchUsageLocation msExchHomeServerName
    msRTCSIP-ApplicationOptions msRTCSIP-DeploymentLocator msRTCSIP-Line msRTCSIP-OwnerUrn
    msRTCSIP-PrimaryUserAddress msSFU30Name msSFU30NisDomain name nisMapName notes operatingSystem
    operatingSystemHotfix operatingSystemServicePack operatingSystemVersion pager personalTitle
    physicalDeliveryOfficeName postalCode preferredLanguage primaryInternationalISDNNumber primaryTelexNumber
    profilePath sAMAccountName scriptPath sn st street streetAddress targetAddress telephoneAssistant telephoneNumber
    textEncodedORAddress title unixHomeDirectory userPrincipalName userWorkstations wWWHomePage`,
  'text*': `altSecurityIdentities businessCategory canonicalName carLicense departmentNumber description
    destinationIndicator extensionName houseIdentifier internationalISDNNumber ipHostNumber labeledURI memberUid
    mhsORAddress msDS-AdditionalDnsHostName msDS-AdditionalSamAccountName msDS-AllowedToDelegateTo
    msExchExtensionCustomAttribute1-5 msExchLabeledURI msExchPoliciesIncluded msExchResourceMetaData
    msExchResourceSearchProperties msExchSenderHintTranslations msExchUMDtmfMap msExchUserHoldPolicies
    msSFU30Aliases networkAddress o objectClass otherFacsimileTelephoneNumber otherHomePhone otherIpPhone
    otherLoginWorkstations otherMailbox otherMobile otherPager otherTelephone ou postalAddress postOfficeBox
    proxyAddresses roomNumber serialNumber servicePrincipalName uid url x121Address`,
  integer: `accountExpires adminCount codePage countryCode gidNumber groupAttributes groupType lastLogoff lastLogon
    lastLogonTimestamp lockoutTime logonCount msDS-FailedInteractiveLogonCount msDS-GeoCoordinatesAltitude
    msDS-GeoCoordinatesLatitude msDS-GeoCoordinatesLongitude msDS-HABSeniorityIndex msDS-SupportedEncryptionTypes
    msDS-User-Account-Control-Computed msDS-UserPasswordExpiryTimeComputed msExchAuditAdmin msExchAuditDelegate
    msExchAuditDelegateAdmin msExchAuditOwner msExchELCMailboxFlags msExchMailboxAuditLogAgeLimit
    msExchModerationFlags msExchRecipientDisplayType msExchRecipientTypeDetails msExchRemoteRecipientType
    msExchResourceCapacity msExchVersion msRTCSIP-OptionFlags primaryGroupID pwdLastSet sAMAccountType shadowExpire
    shadowFlag shadowInactive shadowLastChange shadowMax shadowMin shadowWarning uidNumber userAccountControl`,
  'integer*': 'localeID preferredDeliveryMethod',
  flag: `hideDLMembership isCriticalSystemObject mDBUseDefaults msExchBypassAudit msExchEnableModeration
    msExchHideFromAddressLists msExchMailboxAuditEnable msExchRequireAuthToSendTo msOrg-IsOrganizational
    msRTCSIP-UserEnabled oOFReplyToOriginator reportToOriginator reportToOwner showInAdvancedViewOnly`,
  'flag*': '',
  bytes: `mS-DS-ConsistencyGuid msDS-CloudAnchor msExchArchiveGUID msExchBlockedSendersHash
    msExchMailboxGuid msExchMasterAccountSid msExchSafeRecipientsHash msExchSafeSendersHash msRTCSIP-OriginatorSid
    objectGUID objectSid thumbnailLogo thumbnailPhoto`,
  'bytes*': 'audio jpegPhoto photo sIDHistory userCertificate userPassword userSMIMECertificate',
  time: `createTimeStamp modifyTimeStamp msExchELCExpirySuspensionEnd msExchELCExpirySuspensionStart
    msExchLitigationHoldDate msExchTeamMailboxExpiration whenChanged whenCreated`,
  'time*': '',
  name: `assistant distinguishedName managedBy manager mS-DS-CreatorSID msDS-ResultantPSO msExchTeamMailboxSharePointLinkedBy
    objectCategory`,
  'name*': `authOrig directReports dLMemRejectPerms dLMemSubmitPerms managedObjects member memberOf
    msDS-PrimaryComputer msExchCoManagedByLink msExchDelegateListLink msExchModeratedByLink msExchTeamMailboxOwners
    msSFU30PosixMember msSFU30PosixMemberOf owner publicDelegates secretary seeAlso showInAddressBook unauthOrig`,
};

/** `extensionAttribute1-15` is short for fifteen names. */
function unfold(name: string): readonly string[] {
  const [, stem = '', first, last] = /^(.*?)(\d+)-(\d+)$/.exec(name) ?? [];
  if (first === undefined || last === undefined) return [name];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => `${stem}${Number(first) + i}`);
}

const forms: readonly AttributeForm[] = ['text', 'integer', 'flag', 'bytes', 'time', 'name'];

export const adAttributes: readonly AttributeFacts[] = forms.flatMap((form) =>
  [false, true].flatMap((many) =>
    table[many ? (`${form}*` as const) : form]
      .split(/\s+/)
      .filter((name) => name !== '')
      .flatMap(unfold)
      .map((name): AttributeFacts => ({ name, form, many })),
  ),
);

const byName: ReadonlyMap<string, AttributeFacts> = new Map(
  adAttributes.map((facts) => [facts.name.toLowerCase(), facts]),
);

export function factsOf(attribute: string): AttributeFacts | undefined {
  return byName.get(attribute.toLowerCase());
}

/** AD's spelling where it is known; Connect calls the distinguished name dn. */
export function spelled(attribute: string): string {
  return attribute.toLowerCase() === 'dn' ? 'distinguishedName' : (factsOf(attribute)?.name ?? attribute);
}

/** What every forest has, and what the configuration says a forest has besides. */
export function attributesKnown(further: readonly string[]): KnownAttributes {
  return knownAttributes([...adAttributes.map(({ name }) => name), ...further], false);
}
