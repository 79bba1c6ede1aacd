import type { Dn, ObjectGuid } from '../model/index.ts';
import { extendedDn } from './controls.ts';
import { parseExtendedDn } from './extended-dn.ts';
import type { LdapConnection } from './ldap-connection.ts';
import type { SourceChange } from './source.ts';
import type { AttributeType } from './wire/entry-decoder.ts';

/** By the attribute that shows them from the other end, what links name an object ([MS-ADTS] 3.1.1.1.6). */
const forward: ReadonlyMap<string, string> = new Map([
  ['memberOf', 'member'],
  ['directReports', 'manager'],
  ['managedObjects', 'managedBy'],
  ['authOrigBL', 'authOrig'],
  ['unauthOrigBL', 'unauthOrig'],
  ['dLMemSubmitPermsBL', 'dLMemSubmitPerms'],
  ['dLMemRejectPermsBL', 'dLMemRejectPerms'],
  ['publicDelegatesBL', 'publicDelegates'],
  ['ownerBL', 'owner'],
]);

const types: readonly AttributeType[] = Array.from(forward.keys(), (name) => ({ name, form: 'text' }));

/**
 * Links that came back with an object: one taken from the recycle bin is at once a member again of the groups it was in,
 * and none of them says so.
 */
export async function linksTo(
  connection: LdapConnection,
  object: { readonly guid: ObjectGuid; readonly dn: Dn },
  attributes: readonly string[],
): Promise<readonly SourceChange[]> {
  const wanted = new Set(attributes);
  const entry = await connection.find({ base: `<GUID=${object.guid}>`, types, controls: [extendedDn()] });
  const changes: SourceChange[] = [];
  for (const [i, { type }] of entry?.columns.entries() ?? []) {
    const attribute = forward.get(type.name);
    if (attribute === undefined || !wanted.has(attribute)) continue;
    for (const value of entry?.values[i] ?? []) {
      const { guid } = typeof value === 'string' ? parseExtendedDn(value) : {};
      if (guid === undefined) continue;
      changes.push({ type: 'links', guid, attribute, part: { kind: 'changed', added: [object], removed: [] } });
    }
  }
  return changes;
}
