import { Attribute, Change, Control } from 'ldapts';
import type { Forest } from './index.ts';

/** LDAP_SERVER_SHOW_DELETED_OID. */
const showDeleted = new Control('1.2.840.113556.1.4.417', { critical: true });

/**
 * Takes a deleted object back to where `dn` says, as Restore-ADObject does. Samba can do so only while its recycle bin is not enabled:
 * most attributes and all links are gone.
 */
export async function restoreDeleted(forest: Forest, name: string, dn: string): Promise<void> {
  const { searchEntries } = await forest.client.search(
    `CN=Deleted Objects,${forest.baseDn}`,
    { filter: `(&(sAMAccountName=${name})(isDeleted=TRUE))`, attributes: ['cn'] },
    showDeleted,
  );
  await forest.client.modify(
    searchEntries[0]?.dn ?? '',
    [
      new Change({ operation: 'delete', modification: new Attribute({ type: 'isDeleted', values: [] }) }),
      new Change({ operation: 'replace', modification: new Attribute({ type: 'distinguishedName', values: [dn] }) }),
    ],
    showDeleted,
  );
}
