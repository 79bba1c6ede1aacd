import { EqualityFilter, escapeFilter, OrFilter } from 'ldapts';
import { type Dn, type ObjectGuid, objectGuidToBytes } from '../model/index.ts';
import { type AskedType, birth } from './asked.ts';
import { domainScope, extendedDn, showDeleted } from './controls.ts';
import type { Session } from './domain-controllers.ts';
import { valuesOf } from './entry.ts';
import type { LdapConnection, Search } from './ldap-connection.ts';
import type { AttributeType } from './wire/entry-decoder.ts';

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

export const ofTheseClasses = `(|${classes.map((name) => `(objectClass=${name})`).join('')})`;

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
    types: [...types, birth],
    controls: [extendedDn(), showDeleted(), domainScope()],
  };
}

/** These objects, as far as the account may see them: a right to replicate shows more. */
export function byGuid(
  { facts }: Session,
  guids: readonly ObjectGuid[],
  types: readonly AttributeType[],
): Search<AttributeType> {
  return {
    base: facts.domain.namingContext,
    scope: 'sub',
    // A filter written as text could not hold these bytes: it is taken for UTF-8.
    filter: new OrFilter({
      filters: guids.map(
        (guid) => new EqualityFilter({ attribute: 'objectGUID', value: Buffer.from(objectGuidToBytes(guid)) }),
      ),
    }),
    types,
    controls: [domainScope()],
  };
}

/** May the account see deletions? Without the right they do not show in a delta, and nothing says so. */
export async function seesDeletions(connection: LdapConnection, namingContext: Dn): Promise<boolean> {
  const found = await connection.find({
    base: `<WKGUID=${deletedObjects},${namingContext}>`,
    types: [{ name: 'objectGUID', form: 'guid' }],
    controls: [showDeleted()],
  });
  // It may be seen to be there and yet keep all else to itself.
  return valuesOf(found, 'objectGUID').length > 0;
}
