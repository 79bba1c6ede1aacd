import { type Dn, type DnKey, dnKey, type ObjectKind } from '../model/index.ts';
import type { Filter } from './filter.ts';
import type { ScopeDecision, ScopeRoots, SourceView } from './rules.ts';

/** The scope of one forest, compiled. */
export interface ForestScope {
  readonly organizationalUnits: readonly Dn[];
  readonly excludeOrganizationalUnits: readonly Dn[];
  readonly groups: readonly Dn[];
  readonly filters: Readonly<Partial<Record<ObjectKind, Filter>>>;
}

/** Where the configured roots are at present, to be looked up by the containers an object lies in. */
interface Located {
  readonly units: ReadonlyMap<DnKey, { readonly configured: Dn; readonly included: boolean }>;
  readonly groups: ReadonlySet<DnKey>;
}

/** Does the object take part, as far as the configured scope goes? Every condition that is set must hold. */
export type InScope = (view: SourceView, roots: ScopeRoots) => ScopeDecision;

export function scopeOf(scope: ForestScope): InScope {
  // Roots are located once a cycle, and asked about for every object.
  const located = new WeakMap<ScopeRoots, Located>();
  return (view, roots) => {
    let found = located.get(roots);
    if (found === undefined) {
      found = locate(scope, roots);
      located.set(roots, found);
    }
    return decide(view, scope, found);
  };
}

function locate(
  { organizationalUnits, excludeOrganizationalUnits, groups }: ForestScope,
  { current }: ScopeRoots,
): Located {
  const keyOf = (configured: Dn): DnKey => dnKey(current.get(configured) ?? configured);
  const unit =
    (included: boolean) =>
    (configured: Dn): [DnKey, { configured: Dn; included: boolean }] => [keyOf(configured), { configured, included }];
  return {
    units: new Map([...organizationalUnits.map(unit(true)), ...excludeOrganizationalUnits.map(unit(false))]),
    groups: new Set(groups.map(keyOf)),
  };
}

function decide(view: SourceView, scope: ForestScope, { units, groups }: Located): ScopeDecision {
  const out = (code: string, text: string): ScopeDecision => ({ in: false, reason: { code, text } });
  const key = dnKey(view.dn);
  const unit = units.size === 0 ? undefined : nearest(key, units);
  if (unit?.included === false) {
    return out('excludedOrganizationalUnit', `It lies in ${unit.configured}, which is left out.`);
  }
  if (unit === undefined && scope.organizationalUnits.length > 0) {
    return out('organizationalUnit', `It lies in none of ${listed(scope.organizationalUnits)}.`);
  }
  // A scoping group takes part with its members.
  if (groups.size > 0 && view.scopingGroups.length === 0 && !groups.has(key)) {
    return out('group', `It belongs to none of ${listed(scope.groups)}.`);
  }
  const filter = scope.filters[view.kind];
  if (filter !== undefined) {
    const outcome = filter.test(view);
    if (outcome.holds === undefined) {
      const { error } = outcome;
      return { in: undefined, reason: { code: 'filterFailed', text: error.message }, error };
    }
    if (!outcome.holds) return out('filter', `The filter does not hold: ${filter.text}`);
  }
  const why =
    view.scopingGroups.length > 0
      ? `It belongs to ${listed(view.scopingGroups)}.`
      : unit !== undefined
        ? `It lies in ${unit.configured}.`
        : 'The whole domain is in scope.';
  return { in: true, reason: { code: 'inScope', text: why } };
}

/** The nearest of the units an object lies in decides: one below an excluded unit may be included again. */
function nearest<T>(key: DnKey, units: ReadonlyMap<DnKey, T>): T | undefined {
  for (let at: DnKey | undefined = key; at !== undefined; at = parentKey(at)) {
    const unit = units.get(at);
    if (unit !== undefined) return unit;
  }
  return undefined;
}

function parentKey(key: DnKey): DnKey | undefined {
  for (let at = key.indexOf(','); at >= 0; at = key.indexOf(',', at + 1)) {
    let escapes = 0;
    while (key[at - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return key.slice(at + 1) as DnKey;
  }
  return undefined;
}

function listed(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(' | ')} and ${names.length - 5} more` : names.join(' | ');
}
