import { escapeFilter, type SearchOptions } from 'ldapts';
import { domainScope, extendedDn, showDeleted } from './controls.ts';
import type { LdapConnection } from './ldap-connection.ts';

/** The classes a read is about: what takes part, what it lies in, and what stands for members of other forests. */
const classes = [
  'user',
  'group',
  'contact',
  'organizationalUnit',
  'container',
  'builtinDomain',
  'domainDNS',
  'foreignSecurityPrincipal',
];

export const everything = `(|${classes.map((name) => `(objectClass=${name})`).join('')})`;

/** The well-known GUID under which AD keeps what was deleted ([MS-ADTS] 6.1.1.4). */
const deletedObjects = '18E2EA80684F11D2B9AA00C04F79F805';

/** What has been written since a USN on this server, deletions among it, by the index on `uSNChanged`. */
export function changedSince(connection: LdapConnection, namingContext: string, usn: bigint, options: SearchOptions) {
  const filter = `(&${escapeFilter`(uSNChanged>=${String(usn + 1n)})`}${everything})`;
  return connection.pages(namingContext, { ...options, filter }, [extendedDn(), showDeleted(), domainScope()]);
}

/** May the account see deletions? Without the right they do not show in a delta by USN, and nothing says so. */
export async function seesDeletions(connection: LdapConnection, namingContext: string): Promise<boolean> {
  const found = await connection.find(`<WKGUID=${deletedObjects},${namingContext}>`, ['objectGUID'], [showDeleted()]);
  return found !== undefined;
}
