import type { Dn, ObjectGuid, Sid } from '../model/index.ts';
import { AccountWithoutPasswordError, type SecretDamagedError } from './errors.ts';
import type { NtHash } from './nt-hash.ts';

/** How often, when and where an attribute was written: what may be stored of a password in place of it. */
export interface AttributeVersion {
  readonly number: number;
  readonly changed: Date;
  /** Invocation id of the domain controller it was written on, and its USN there: together unique for ever. */
  readonly origin: string;
  readonly usn: string;
}

/**
 * One account in which something of its password changed, in the order of change. What did not change does not come:
 * after a delta ask for the account by itself where the hash is needed and `password` is `unchanged`.
 */
export interface PasswordChange {
  readonly guid: ObjectGuid;
  readonly sid: Sid | undefined;
  readonly dn: Dn;
  /** The account was deleted. */
  readonly deleted: boolean;
  readonly password:
    | { readonly kind: 'hash'; readonly hash: NtHash; readonly version: AttributeVersion | undefined }
    /** The account has no password. */
    | { readonly kind: 'none'; readonly version: AttributeVersion | undefined }
    /** It came and cannot be decrypted; the other accounts are none the worse for it. */
    | { readonly kind: 'damaged'; readonly error: SecretDamagedError; readonly version: AttributeVersion | undefined }
    | { readonly kind: 'unchanged' };
  /** `mustChange`: at the next logon (AD's value 0). */
  readonly pwdLastSet: Date | 'mustChange' | undefined;
  readonly userAccountControl: number | undefined;
}

export type PasswordEvent =
  /**
   * Comes first. `full`: every account comes; `delta`: what changed. `server` is the domain controller read.
   */
  | { readonly type: 'begin'; readonly mode: 'full' | 'delta'; readonly server: string }
  /**
   * At most 1000 accounts. The hashes live until the next event is asked for and are wiped then. `cookie` resumes
   * after this page: store it with what became of the page. An account may come again after a resumption; its version
   * tells that nothing is new.
   */
  | { readonly type: 'page'; readonly changes: readonly PasswordChange[]; readonly cookie: string }
  /** Comes last, once all was read; `cookie` is where the next delta resumes. */
  | { readonly type: 'complete'; readonly cookie: string; readonly accounts: number };

/** The hash of a change that is to be sent; throws where the account has none, or a damaged one. */
export function hashOf({ password, dn }: PasswordChange): NtHash {
  if (password.kind === 'damaged') throw password.error;
  if (password.kind !== 'hash' || password.hash.isOfEmptyPassword) throw new AccountWithoutPasswordError(dn);
  return password.hash;
}

/** When the password was set: what the tenant is told as the date of change. */
export function changeDateOf({ password, pwdLastSet }: PasswordChange): Date | undefined {
  if (pwdLastSet instanceof Date) return pwdLastSet;
  return password.kind === 'unchanged' ? undefined : password.version?.changed;
}
