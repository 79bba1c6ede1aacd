import type { SourceAttributes, SourceKind, SourceValue } from '../model/index.ts';

/** Attributes whose syntax in AD's schema is octet string, SID or the like (MS-ADA1..3), lower case. */
const binaryAttributes: ReadonlySet<string> = new Set(
  [
    'objectGUID',
    'objectSid',
    'mS-DS-ConsistencyGuid',
    'mS-DS-CreatorSID',
    'userCertificate',
    'userSMIMECertificate',
    'userPKCS12',
    'cACertificate',
    'thumbnailPhoto',
    'thumbnailLogo',
    'jpegPhoto',
    'photo',
    'audio',
    'logonHours',
    'sIDHistory',
    'msExchArchiveGUID',
    'msExchMailboxGuid',
    'msExchBlockedSendersHash',
    'msExchSafeRecipientsHash',
    'msExchSafeSendersHash',
    'msExchMasterAccountSid',
    'msRTCSIP-OriginatorSid',
    'replPropertyMetaData',
    'nTSecurityDescriptor',
    'tokenGroups',
    'msDS-KeyCredentialLink-Binary',
    'invocationId',
  ].map((name) => name.toLowerCase()),
);

/** Attributes that name other objects: by DN, and `mS-DS-CreatorSID` by SID. */
const referenceAttributes: ReadonlySet<string> = new Set(
  [
    'member',
    'manager',
    'managedBy',
    'authOrig',
    'unauthOrig',
    'dLMemSubmitPerms',
    'dLMemRejectPerms',
    'publicDelegates',
    'assistant',
    'secretary',
    'owner',
    'msExchModeratedByLink',
    'msExchCoManagedByLink',
    'msExchDelegateListLink',
    'msExchTeamMailboxOwners',
    'msExchTeamMailboxSharePointLinkedBy',
    'mS-DS-CreatorSID',
  ].map((name) => name.toLowerCase()),
);

export function isBinary(attribute: string): boolean {
  return binaryAttributes.has(attribute) || binaryAttributes.has(attribute.toLowerCase());
}

export function isReference(attribute: string): boolean {
  return referenceAttributes.has(attribute.toLowerCase());
}

/** What every read needs to tell what an object is; none of it is kept as an attribute. */
export const needed = ['objectClass', 'objectGUID', 'objectSid', 'uSNChanged', 'isDeleted', 'cn'] as const;

const containers: ReadonlySet<string> = new Set([
  'organizationalunit',
  'container',
  'builtindomain',
  'domaindns',
  'domain',
]);

/** Objects number in millions, the sets of classes they have in dozens, and one follows another of its kind. */
const known = new Map<string, SourceKind | undefined>();
const knownAtMost = 1000;
let last: { readonly classes: readonly SourceValue[]; readonly kind: SourceKind | undefined } | undefined;

/** The kind an object is by its classes; `undefined` for what no one asks about. */
export function kindOf(objectClasses: readonly SourceValue[]): SourceKind | undefined {
  if (last !== undefined && same(last.classes, objectClasses)) return last.kind;
  const key = objectClasses.join('\n');
  if (!known.has(key)) {
    if (known.size >= knownAtMost) known.clear();
    known.set(key, find(new Set(key.toLowerCase().split('\n'))));
  }
  last = { classes: objectClasses, kind: known.get(key) };
  return last.kind;
}

function same(a: readonly SourceValue[], b: readonly SourceValue[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = a.length - 1; i >= 0; i -= 1) if (a[i] !== b[i]) return false;
  return true;
}

function find(classes: ReadonlySet<string>): SourceKind | undefined {
  if (classes.has('computer')) return 'device';
  if (classes.has('user')) return 'user';
  if (classes.has('group')) return 'group';
  if (classes.has('contact')) return 'contact';
  if (classes.has('foreignsecurityprincipal')) return 'foreignSecurityPrincipal';
  for (const name of classes) if (containers.has(name)) return 'container';
  return undefined;
}

/** Leaves out what has no value. */
export function present(entries: Iterable<readonly [string, readonly SourceValue[]]>): SourceAttributes {
  return Object.fromEntries([...entries].filter(([, values]) => values.length > 0));
}
