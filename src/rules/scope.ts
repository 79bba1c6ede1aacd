import { type Dn, dnKey, isWithin, type ObjectKind } from '../model/index.ts';
import type { CompiledMapping } from './mapping.ts';
import type { ScopeDecision, ScopeRoots, SourceView } from './rules.ts';

/** The scope of one forest, compiled. */
export interface ForestScope {
  readonly organizationalUnits: readonly Dn[];
  readonly excludeOrganizationalUnits: readonly Dn[];
  readonly groups: readonly Dn[];
  readonly filters: Readonly<Partial<Record<ObjectKind, CompiledMapping>>>;
}

const within = (view: SourceView, configured: Dn, { current }: ScopeRoots): boolean =>
  isWithin(dnKey(view.dn), dnKey(current.get(configured) ?? configured));

/** Does the object take part, as far as the configured scope goes? Every condition that is set must hold. */
export function inScope(view: SourceView, scope: ForestScope, roots: ScopeRoots): ScopeDecision {
  const out = (code: string, text: string): ScopeDecision => ({ in: false, reason: { code, text } });
  const { organizationalUnits, excludeOrganizationalUnits, groups, filters } = scope;
  const unit = organizationalUnits.find((root) => within(view, root, roots));
  if (organizationalUnits.length > 0 && unit === undefined) {
    return out('organizationalUnit', `It lies in none of ${organizationalUnits.join(' | ')}.`);
  }
  const excluded = excludeOrganizationalUnits.find((root) => within(view, root, roots));
  if (excluded !== undefined) return out('excludedOrganizationalUnit', `It lies in ${excluded}, which is left out.`);
  if (groups.length > 0 && view.scopingGroups.length === 0 && !groups.some((group) => isRoot(view, group, roots))) {
    return out('group', `It belongs to none of ${groups.join(' | ')}.`);
  }
  const filter = filters[view.kind];
  if (filter !== undefined && !filter.holds(view)) return out('filter', `The filter does not hold: ${filter.text}`);
  const why =
    view.scopingGroups.length > 0
      ? `It belongs to ${view.scopingGroups.join(' | ')}.`
      : unit !== undefined
        ? `It lies in ${unit}.`
        : 'The whole domain is in scope.';
  return { in: true, reason: { code: 'inScope', text: why } };
}

/** A scoping group takes part with its members. */
function isRoot(view: SourceView, group: Dn, { current }: ScopeRoots): boolean {
  return dnKey(view.dn) === dnKey(current.get(group) ?? group);
}
