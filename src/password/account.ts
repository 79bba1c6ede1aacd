import { UserNameError } from './errors.ts';
import { nameType, type Principal } from './kerberos/principal.ts';
import type { NtlmAccount } from './ntlm/authenticate.ts';

/** The account that reads, taken apart: the user's name as each protocol wants it. */
export interface Account {
  readonly text: string;
  /** Without its domain: `svc`. */
  readonly name: string;
  readonly kerberos: Principal;
  readonly ntlm: Omit<NtlmAccount, 'password' | 'workstation'>;
}

/** `svc@corp.contoso.test` or `CORP\svc`; no DN, which only LDAP signs in by. */
export function parseAccount(user: string): Account {
  const [, netbios, flat] = /^([^\\@=,]+)\\([^\\@]+)$/.exec(user) ?? [];
  if (netbios !== undefined && flat !== undefined) {
    const kerberos = { type: nameType.principal, parts: [flat] };
    return { text: user, name: flat, kerberos, ntlm: { user: flat, domain: netbios } };
  }
  const [, name] = /^([^\\@]+)@[^\\@\s]+$/.exec(user) ?? [];
  if (name === undefined) throw new UserNameError(user);
  const kerberos = { type: nameType.enterprise, parts: [user] };
  return { text: user, name, kerberos, ntlm: { user, domain: '' } };
}
