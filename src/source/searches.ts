import { escapeFilter } from 'ldapts';
import type { AskedType } from './asked.ts';
import { domainScope, extendedDn, showDeleted } from './controls.ts';
import type { Session } from './domain-controllers.ts';
import type { Search } from './ldap-connection.ts';

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

const ofTheseClasses = `(|${classes.map((name) => `(objectClass=${name})`).join('')})`;

/** The well-known GUID under which AD keeps what was deleted ([MS-ADTS] 6.1.1.4). */
const deletedObjects = '18E2EA80684F11D2B9AA00C04F79F805';

/** All that lives in the domain. */
export function everything({ facts }: Session, types: readonly AskedType[]): Search<AskedType> {
  const { namingContext: base } = facts.domain;
  return { base, scope: 'sub', filter: ofTheseClasses, types, controls: [extendedDn(), domainScope()] };
}

/** What has been written since a USN on this server, deletions among it, by the index on `uSNChanged`. */
export function changedSince({ facts }: Session, usn: bigint, types: readonly AskedType[]): Search<AskedType> {
  return {
    base: facts.domain.namingContext,
    scope: 'sub',
    filter: `(&${escapeFilter`(uSNChanged>=${String(usn + 1n)})`}${ofTheseClasses})`,
    types,
    controls: [extendedDn(), showDeleted(), domainScope()],
  };
}

/** May the account see deletions? Without the right they do not show in a delta, and nothing says so. */
export async function seesDeletions({ connection, facts }: Session): Promise<boolean> {
  const found = await connection.find({
    base: `<WKGUID=${deletedObjects},${facts.domain.namingContext}>`,
    types: [{ name: 'objectGUID', form: 'guid' }],
    controls: [showDeleted()],
  });
  return found !== undefined;
}
