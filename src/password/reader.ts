import type { ObjectGuid } from '../model/index.ts';
import type { PasswordChange, PasswordEvent } from './password-change.ts';

/** How the account that reads proves itself. */
export type ReplicationCredential =
  | { readonly password: string }
  /** Contents of a keytab file (MIT format) with an AES-256 key of the account. */
  | { readonly keytab: Uint8Array };

export interface PasswordReaderOptions {
  /** `corp.contoso.test` */
  readonly domain: string;
  /**
   * In the order to try: DNS names, addresses, or the URLs the directory is read by (host name alone counts).
   */
  readonly servers: () => Promise<readonly string[]>;
  /** `svc@corp.contoso.test` or `CORP\svc` */
  readonly user: string;
  /** Asked for at each sign-in, so that a rotated secret is taken up. */
  readonly credential: () => ReplicationCredential;
  /**
   * Kerberos proves the domain controller as well as the account. NTLM does not prove which server answers: any
   * computer of the domain could; it is used only where the configuration names it.
   */
  readonly signIn: 'kerberos' | 'ntlm';
  /** TCP port of the replication service; the endpoint mapper on port 135 is asked when left out. */
  readonly port?: number | undefined;
  readonly now: () => Date;
}

/** Reads the password hashes of one domain. Keeps its connection between calls; errors are `PasswordError`s. */
export interface PasswordReader extends AsyncDisposable {
  /** All accounts without a cookie, what changed since with one. A cookie that is of no use throws `CookieTooOldError`. */
  changes(cookie: string | undefined, signal: AbortSignal): AsyncIterable<PasswordEvent>;
  /** One account as it is now, nothing `unchanged`; `undefined` where there is none. The caller disposes the hash. */
  one(guid: ObjectGuid, signal: AbortSignal): Promise<PasswordChange | undefined>;
}
