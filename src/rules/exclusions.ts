import { type ObjectKind, objectKinds, parseDn, type SourceValue } from '../model/index.ts';
import type { Reason, SourceView } from './rules.ts';

/**
 * What Entra Connect Sync and Cloud Sync leave out by default: system objects, replication victims, objects that were
 * written back from the tenant, and what Exchange keeps for itself.
 */

/** The attributes the exclusions look at. */
export const exclusionAttributes = [
  'isCriticalSystemObject',
  'adminDescription',
  'sAMAccountName',
  'mailNickname',
  'msExchRecipientTypeDetails',
  'msExchHideFromAddressLists',
  'groupType',
  'displayName',
  'mail',
  'proxyAddresses',
  'userCertificate',
] as const;

/** Mailboxes Exchange made for itself, as bits of msExchRecipientTypeDetails. */
const systemMailboxes = 0x21c07000n;
const roleGroup = 0x40000000n;
const linkedMailbox = 2n;
/** ADS_GROUP_TYPE_SECURITY_ENABLED ([MS-ADTS] 2.2.12). */
const securityEnabled = 0x80000000n;

const out = (code: string, text: string, attribute?: string): Reason => ({
  code,
  text,
  ...(attribute === undefined ? {} : { attribute }),
});

/**
 * Why an object is left out whatever the scope says; nothing when it may take part. `joined`: objects of its kind are
 * joined across forests, so that a mailbox adds to the account it belongs to.
 */
export function exclusion(view: SourceView, joined: boolean): Reason | undefined {
  const texts = (name: string): readonly string[] => (view.attributes[name] ?? []).filter(isText);
  const text = (name: string): string => {
    const value = view.attributes[name]?.[0];
    return typeof value === 'string' ? value : '';
  };
  if (text('isCriticalSystemObject').toUpperCase() === 'TRUE') {
    return out('criticalSystemObject', 'It is a system object of Active Directory.', 'isCriticalSystemObject');
  }
  if (isReplicationVictim(view.dn)) {
    return out('replicationVictim', 'It lost a replication conflict (CNF in its name).', 'distinguishedName');
  }
  switch (view.kind) {
    case 'user':
      return excludedUser(text, joined);
    case 'group':
      return excludedGroup(text, texts);
    case 'contact':
      return excludedContact(text, texts);
    case 'device':
      return (view.attributes['userCertificate'] ?? []).length === 0
        ? out('noCertificate', 'It has no certificate to join the tenant with.', 'userCertificate')
        : undefined;
    default:
      return view.kind satisfies never;
  }
}

/** Its name ends in a line feed, CNF: and its GUID, as AD renames the loser; a look at the text spares taking it apart. */
function isReplicationVictim(dn: string): boolean {
  return dn.includes('CNF:') && (parseDn(dn)?.[0]?.value.includes('\nCNF:') ?? false);
}

type Text = (name: string) => string;
type Texts = (name: string) => readonly string[];

function excludedUser(text: Text, joined: boolean): Reason | undefined {
  const account = text('sAMAccountName');
  const alias = text('mailNickname');
  const details = number(text('msExchRecipientTypeDetails'));
  if (account === '') return out('noSamAccountName', 'It has no sAMAccountName.', 'sAMAccountName');
  if (starts(text('adminDescription'), 'User_'))
    return out('writtenBack', 'It was written back from the tenant.', 'adminDescription');
  if (
    account.toUpperCase() === 'SUPPORT_388945A0' ||
    starts(account, 'AAD_') ||
    starts(account, 'MSOL_') ||
    isCas(account)
  ) {
    return out('serviceAccount', `${account} is an account of a synchronization tool or of Windows.`, 'sAMAccountName');
  }
  if (starts(alias, 'SystemMailbox{') || isCas(alias)) {
    return out('systemMailbox', `${alias} is a mailbox of Exchange's own.`, 'mailNickname');
  }
  if ((details & systemMailboxes) !== 0n) {
    return out('systemMailbox', "It is a mailbox of Exchange's own.", 'msExchRecipientTypeDetails');
  }
  if (details === linkedMailbox && !joined) {
    return out(
      'linkedMailbox',
      'It is a linked mailbox: its account is in another forest.',
      'msExchRecipientTypeDetails',
    );
  }
  return undefined;
}

function excludedGroup(text: Text, texts: Texts): Reason | undefined {
  if (text('sAMAccountName').toUpperCase() === 'MSOL_AD_SYNC_RICHCOEXISTENCE') {
    return out('serviceAccount', 'It is a group of a synchronization tool.', 'sAMAccountName');
  }
  if (starts(text('adminDescription'), 'Group_'))
    return out('writtenBack', 'It was written back from the tenant.', 'adminDescription');
  if ((number(text('msExchRecipientTypeDetails')) & roleGroup) !== 0n) {
    return out('roleGroup', 'It is a role group of Exchange.', 'msExchRecipientTypeDetails');
  }
  if ((number(text('groupType')) & securityEnabled) === 0n && !isMailEnabled(text, texts)) {
    return out('notSecurityNorMailEnabled', 'It is neither security-enabled nor mail-enabled.', 'groupType');
  }
  return undefined;
}

function excludedContact(text: Text, texts: Texts): Reason | undefined {
  const alias = text('mailNickname');
  if (text('displayName').includes('(MSOL)') && text('msExchHideFromAddressLists').toUpperCase() === 'TRUE') {
    return out('writtenBack', 'It was written back from the tenant.', 'displayName');
  }
  if (isCas(alias)) return out('systemMailbox', `${alias} is Exchange's own.`, 'mailNickname');
  if (!isMailEnabled(text, texts)) return out('notMailEnabled', 'It has no mail address.', 'mail');
  return undefined;
}

function isMailEnabled(text: Text, texts: Texts): boolean {
  return (
    text('mail').includes('@') ||
    texts('proxyAddresses').some((address) => address.startsWith('SMTP:') && address.includes('@'))
  );
}

function isCas(name: string): boolean {
  return starts(name, 'CAS_') && name.includes('}');
}

function starts(text: string, prefix: string): boolean {
  return text.toLowerCase().startsWith(prefix.toLowerCase());
}

/** AD's integers are signed; its bit masks are meant unsigned. */
function number(text: string): bigint {
  return /^-?\d+$/.test(text) ? BigInt.asUintN(64, BigInt(text)) : 0n;
}

function isText(value: SourceValue): value is string {
  return typeof value === 'string';
}

/** Every reason for which an object is left out by default, as the documentation lists them. */
export const exclusionReasons: readonly {
  readonly code: string;
  readonly kinds: readonly ObjectKind[];
  readonly text: string;
}[] = [
  { code: 'criticalSystemObject', kinds: objectKinds, text: 'isCriticalSystemObject is TRUE' },
  { code: 'replicationVictim', kinds: objectKinds, text: 'it lost a replication conflict: CNF: is in its name' },
  { code: 'noSamAccountName', kinds: ['user'], text: 'it has no sAMAccountName' },
  {
    code: 'writtenBack',
    kinds: ['user', 'group', 'contact'],
    text: 'it came from the tenant: adminDescription begins with User_ or Group_; a contact is hidden and named (MSOL)',
  },
  {
    code: 'serviceAccount',
    kinds: ['user', 'group'],
    text: 'SUPPORT_388945a0, AAD_..., MSOL_..., CAS_...}; the group MSOL_AD_Sync_RichCoexistence',
  },
  {
    code: 'systemMailbox',
    kinds: ['user', 'contact'],
    text: 'mailNickname is SystemMailbox{... or CAS_...}, or msExchRecipientTypeDetails names a mailbox of Exchange’s own (&H21C07000)',
  },
  {
    code: 'linkedMailbox',
    kinds: ['user'],
    text: 'msExchRecipientTypeDetails is 2 and no joins for users are configured: the account is in another forest',
  },
  {
    code: 'roleGroup',
    kinds: ['group'],
    text: 'msExchRecipientTypeDetails names a role group of Exchange (&H40000000)',
  },
  {
    code: 'notSecurityNorMailEnabled',
    kinds: ['group'],
    text: 'it is neither a security group nor has an address',
  },
  {
    code: 'tooManyMembers',
    kinds: ['group'],
    text: 'through syncApi: it has more than 250,000 members that take part (tenant.syncApi.membersPerGroup); one that is in the tenant already stays as it is',
  },
  { code: 'notMailEnabled', kinds: ['contact'], text: 'it has no mail with @ and no primary SMTP address' },
  { code: 'noCertificate', kinds: ['device'], text: 'it has no userCertificate' },
];
