import type { Dn, ObjectKind } from '../model/index.ts';
import type { SourceView } from '../rules/index.ts';
import { type EvaluationRow, parseAttributes } from '../state/index.ts';

/** The source object as the rules see it. */
export function viewOf(
  row: Pick<
    EvaluationRow,
    'connector' | 'forest' | 'fqdn' | 'netbios' | 'guid' | 'dn' | 'attributes' | 'scoping_groups'
  > & { readonly kind: ObjectKind },
): SourceView {
  const dn = row.dn as Dn;
  return {
    connector: row.connector,
    domain: { fqdn: row.fqdn, netbios: row.netbios, forest: row.forest },
    guid: row.guid,
    kind: row.kind,
    dn,
    // Kept from the object's place in the tree: a renamed container changes it without touching the object.
    attributes: { ...parseAttributes(row.attributes), distinguishedName: [dn] },
    scopingGroups: row.scoping_groups === null ? [] : row.scoping_groups.split('\n'),
  };
}

/** What people call it. */
export function nameOf(view: SourceView): string {
  const named = view.attributes['displayName']?.[0] ?? view.attributes['cn']?.[0] ?? view.dn;
  return typeof named === 'string' ? named : view.dn;
}
