import type { Sid } from '../model/index.ts';

/** Bits of userAccountControl ([MS-ADTS] 2.2.16). */
const disabled = 0x2;
const trustOrComputer = 0x800 | 0x1000 | 0x2000;

const krbtgtRid = '502';

/** What is known of an account when its password is decided on. */
export interface PasswordSubject {
  readonly objectClass: readonly string[];
  readonly sid: Sid | undefined;
  readonly sAMAccountName: string | undefined;
  readonly userAccountControl: number;
  readonly adminDescription: string | undefined;
  /** In scope, and in the tenant as an object of this sync. */
  readonly synced: boolean;
  /** Of joined accounts, those of one person in several forests, one alone signs in: the first in the order of the join. */
  readonly signsIn: boolean;
  /** `empty`: the hash is the one of the empty password. `damaged`: it came and could not be decrypted. */
  readonly password: 'hash' | 'empty' | 'none' | 'damaged';
  readonly mustChange: boolean;
}

export interface PasswordRules {
  /** By `adminDescription`: everyone, all but `PHSFiltered`, or `PHSIncluded` alone. */
  readonly selective: 'everyone' | 'exceptFiltered' | 'onlyIncluded';
  /** Is the tenant's feature "force password change on logon" (bit 16384) on? */
  readonly forceChange: boolean;
}

/** Why a password is not sent. */
export type PasswordSkip =
  | 'notUser'
  | 'notSynced'
  | 'otherAccount'
  | 'filtered'
  | 'notIncluded'
  | 'disabled'
  | 'noPassword'
  | 'emptyPassword'
  | 'damagedPassword'
  | 'temporary';

export type PasswordDecision =
  | { readonly send: true; readonly forceChangeOnLogon: boolean }
  | { readonly send: false; readonly reason: PasswordSkip };

/** The reasons in words, for explaining. */
export const skipReasons: Readonly<Record<PasswordSkip, string>> = {
  notUser: 'only accounts of class user send a password: no computers, trusts, service accounts, inetOrgPerson, krbtgt',
  notSynced: 'the account is not in the tenant as an object of this sync',
  otherAccount:
    'another account of the same person gives the sign-in: the first of the joined ones, by precedence, that is enabled',
  filtered: 'adminDescription is PHSFiltered',
  notIncluded: 'adminDescription is not PHSIncluded',
  disabled: 'the account is disabled; its password is sent when it is enabled',
  noPassword: 'the account has no password',
  emptyPassword: 'the password is empty',
  damagedPassword: 'the password cannot be decrypted; reset it if this stays',
  temporary: 'the password must be changed at the next logon, and the tenant does not take temporary passwords',
};

/**
 * Is this account's password sent, and is the user to change it at the next logon? By the state of the account, never
 * by the event: an account that is enabled later is decided on anew and sends what it has then.
 */
export function decidePassword(subject: PasswordSubject, rules: PasswordRules): PasswordDecision {
  const skip = skipReason(subject, rules);
  if (skip !== undefined) return { send: false, reason: skip };
  return { send: true, forceChangeOnLogon: subject.mustChange };
}

/** For which of the reasons nobody is left out by these rules: who was, by others, is to be decided on anew. */
export function reasonsWithout({ selective, forceChange }: PasswordRules): readonly PasswordSkip[] {
  return [
    ...(selective === 'exceptFiltered' ? [] : (['filtered'] as const)),
    ...(selective === 'onlyIncluded' ? [] : (['notIncluded'] as const)),
    ...(forceChange ? (['temporary'] as const) : []),
  ];
}

function skipReason(subject: PasswordSubject, rules: PasswordRules): PasswordSkip | undefined {
  if (!isUser(subject)) return 'notUser';
  if (!subject.synced) return 'notSynced';
  if (!subject.signsIn) return 'otherAccount';
  const mark = subject.adminDescription?.toLowerCase();
  if (rules.selective === 'exceptFiltered' && mark === 'phsfiltered') return 'filtered';
  if (rules.selective === 'onlyIncluded' && mark !== 'phsincluded') return 'notIncluded';
  if ((subject.userAccountControl & disabled) !== 0) return 'disabled';
  if (subject.password === 'none') return 'noPassword';
  if (subject.password === 'empty') return 'emptyPassword';
  if (subject.password === 'damaged') return 'damagedPassword';
  if (subject.mustChange && !rules.forceChange) return 'temporary';
  return undefined;
}

function isUser({ objectClass, userAccountControl, sid, sAMAccountName }: PasswordSubject): boolean {
  const classes = new Set(objectClass.map((name) => name.toLowerCase()));
  // Computers and managed service accounts are of class user too: AD derives them from it.
  if (!classes.has('user') || classes.has('computer') || classes.has('inetorgperson')) return false;
  if ((userAccountControl & trustOrComputer) !== 0) return false;
  const isKrbtgt = sid?.split('-').at(-1) === krbtgtRid || /^krbtgt(_\d+)?$/i.test(sAMAccountName ?? '');
  return !isKrbtgt;
}
