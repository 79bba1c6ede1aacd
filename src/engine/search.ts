import type { IdentityRow, StateReader } from '../state/index.ts';

/** Of how many names a DN may be looked for: a name begins many more objects than a DN does. */
const candidates = 10;

/**
 * Identities whose display name, user principal name, mail address or DN begins so. A DN is found by the name it begins
 * with, since an index on DNs would cost every import more than completing one is worth: only that of an object
 * called as in its DN.
 */
export function beginningWith(read: StateReader, text: string, limit: number): readonly IdentityRow[] {
  const [, name] = text.match(/^[A-Za-z][A-Za-z0-9-]*=((?:[^,\\]|\\.)+)/) ?? [];
  if (name === undefined) return read.objects.beginning(text, limit);
  const wanted = text.toLowerCase();
  return read.objects
    .beginning(name.replaceAll(/\\(?=[^0-9A-Fa-f])/g, ''), candidates * limit)
    .filter(({ id }) => read.objects.sourcesOf(id).some(({ dn }) => dn.toLowerCase().startsWith(wanted)))
    .slice(0, limit);
}
