import type { Configuration } from '../config/index.ts';
import { CloudSyncError, canonicalJson, type Dn, type ObjectKind, objectKinds } from '../model/index.ts';
import { attributesKnown, factsOf, spelled } from './ad-attributes.ts';
import { anchor } from './anchor.ts';
import { attributeFlows } from './attribute-flows.ts';
import { domainParameters, parameterNames } from './domain-parameters.ts';
import { MappingRefusedError, ReferenceInExpressionError, type RulesError } from './errors.ts';
import { exclusion, exclusionAttributes } from './exclusions.ts';
import { compileExpression } from './expression/index.ts';
import { compileFilter } from './filter.ts';
import type { Compile, Flow } from './flow.ts';
import { joinsOf } from './joins.ts';
import { mapper } from './map.ts';
import { bindExpression } from './mapping.ts';
import { matchKeys } from './matching.ts';
import { orderBy, unordered } from './order.ts';
import { Problems } from './problems.ts';
import { referenceFlows } from './reference-flows.ts';
import type { Rules, TargetSupport } from './rules.ts';
import { type ForestScope, scopeOf } from './scope.ts';

/**
 * Compiles a configuration's rules for what a target can take: only those attributes are read and mapped.
 * Throws a `RulesError` that names the place when a mapping, filter or join is wrong.
 */
export function compileRules(document: Configuration, support: TargetSupport): Rules {
  const problems = new Problems();
  const rules = assemble(document, support, problems);
  const [first] = problems.found;
  if (first !== undefined) throw first;
  return rules;
}

/** Everything that is wrong with a configuration's rules; `attribute` of each is the place in the document. */
export function ruleProblems(document: Configuration, support: TargetSupport): readonly RulesError[] {
  const problems = new Problems();
  assemble(document, support, problems);
  return problems.found;
}

function assemble(document: Configuration, support: TargetSupport, problems: Problems): Rules {
  const spellings = new Spellings();
  const compile = compiler(document, spellings);
  const { flows, references } = flowsOf(document, support, compile, problems);
  const joins = byKind((kind) => joinsOf(document, kind, compile, problems));
  const scopes = document.forests.map((forest, f) => ({
    name: forest.name,
    scope: forestScope(forest, `forests[${f}].scope`, compile, problems),
  }));
  const inScope = new Map(scopes.map(({ name, scope }) => [name, scopeOf(scope)]));
  const mappers = byKind((kind) => mapper(flows[kind]));
  const order = problems.attempt(() => orderBy(document)) ?? unordered;
  const kinds = document.objects;
  return {
    digest: digestOf(document, flows, references),
    attributes: spellings.all([
      ...kinds.flatMap((kind) => [
        ...flows[kind].flatMap(({ mapping }) => mapping.attributes),
        ...references[kind].map(({ source }) => source),
        ...joins[kind].flatMap(({ attributes }) => attributes),
      ]),
      ...scopes.flatMap(({ scope }) => Object.values(scope.filters).flatMap(({ attributes }) => attributes)),
    ]),
    scopeRoots: document.forests.flatMap(({ name: forest, scope }) => [
      ...[...scope.organizationalUnits, ...scope.excludeOrganizationalUnits].map((dn) => ({
        forest,
        kind: 'container' as const,
        dn: dn as Dn,
        nested: false,
      })),
      ...scope.groups.map((dn) => ({ forest, kind: 'group' as const, dn: dn as Dn, nested: scope.nestedGroups })),
    ]),
    redacted: byKind((kind) => new Set(flows[kind].filter((f) => f.mapping.redacts).map(({ target }) => target))),
    scope(view, roots) {
      const excluded = exclusion(view, joins[view.kind].length > 0);
      if (excluded !== undefined) return { in: false, reason: excluded };
      return (
        inScope.get(view.domain.forest)?.(view, roots) ?? {
          in: false,
          reason: { code: 'forest', text: `The configuration has no forest ${view.domain.forest}.` },
        }
      );
    },
    anchor,
    joinKeys: (view) => joins[view.kind].flatMap((join) => join.keys(view)),
    inOrder: (sources) => order(sources).byAccount,
    map: (kind, sources) => mappers[kind](order(sources)),
    references: (kind) => references[kind],
    matchKeys,
  };
}

/** How attributes and references of every kind come about. */
function flowsOf(document: Configuration, support: TargetSupport, compile: Compile, problems: Problems) {
  return {
    flows: byKind((kind) => attributeFlows(document, kind, support[kind], compile, problems)),
    references: byKind((kind) => referenceFlows(document, kind, support[kind], problems)),
  };
}

/** The same by itself; throws a `RulesError` where a mapping is wrong. */
export function compileFlows(document: Configuration, support: TargetSupport): ReturnType<typeof flowsOf> {
  const problems = new Problems();
  const flows = flowsOf(document, support, compiler(document, new Spellings()), problems);
  const [first] = problems.found;
  if (first !== undefined) throw first;
  return flows;
}

export function byKind<T>(of: (kind: ObjectKind) => T): Readonly<Record<ObjectKind, T>> {
  const [user, group, contact, device] = objectKinds.map(of);
  return { user, group, contact, device } as Readonly<Record<ObjectKind, T>>;
}

/** Each attribute is read under one spelling, whoever names it how: AD's own, or the one first used. */
class Spellings {
  readonly #known = new Map<string, string>();

  of(attribute: string): string {
    const key = attribute.toLowerCase();
    const known = this.#known.get(key) ?? spelled(attribute);
    this.#known.set(key, known);
    return known;
  }

  /** What is to be read: these and what every decision needs; what every object has anyway is not asked for. */
  all(attributes: readonly string[]): readonly string[] {
    const always = ['cn', 'objectSid', 'mS-DS-ConsistencyGuid', ...exclusionAttributes];
    const names = new Set([...always, ...attributes].map((name) => this.of(name)));
    return [...names].filter((name) => !/^(objectguid|distinguishedname)$/i.test(name)).sort();
  }
}

function compiler(document: Configuration, spellings: Spellings): Compile {
  const attributes = attributesKnown(document.forests.flatMap((forest) => forest.attributes));
  const binding = { spelling: (name: string) => spellings.of(name), parameter: domainParameters(document) };
  return (place, text, dialect) => {
    try {
      const expression = compileExpression(text, dialect, { attributes, parameters: parameterNames });
      const reference = expression.attributes.find(isReference);
      if (reference !== undefined) throw new ReferenceInExpressionError(reference);
      return bindExpression(expression, binding);
    } catch (error) {
      throw error instanceof CloudSyncError ? new MappingRefusedError(place, error) : error;
    }
  };
}

function isReference(attribute: string): boolean {
  return factsOf(attribute)?.form === 'name' && attribute.toLowerCase() !== 'distinguishedname';
}

function forestScope(
  { scope }: Configuration['forests'][number],
  place: string,
  compile: Compile,
  problems: Problems,
): ForestScope {
  const filters = problems.attemptAll(Object.entries(scope.filters), ([kind, filter]) =>
    filter === undefined ? undefined : ([kind, compileFilter(filter, `${place}.filters.${kind}`, compile)] as const),
  );
  return {
    organizationalUnits: scope.organizationalUnits as Dn[],
    excludeOrganizationalUnits: scope.excludeOrganizationalUnits as Dn[],
    groups: scope.groups as Dn[],
    filters: Object.fromEntries(filters),
  };
}

function digestOf(
  { tenant, objects, forests, joins, precedence }: Configuration,
  flows: Readonly<Record<ObjectKind, readonly Flow[]>>,
  references: Readonly<Record<ObjectKind, unknown>>,
): string {
  return canonicalJson({
    objects,
    membersPerGroup: tenant.syncApi?.membersPerGroup,
    joins,
    precedence,
    references,
    forests: forests.map(({ name, scope, domains }) => ({ name, scope, domains: domains.map((d) => d.name) })),
    flows: objects.map((kind) =>
      flows[kind].map(({ mapping, from, typed, ...rest }) => ({
        ...rest,
        text: mapping.text,
        from: from === undefined ? null : [...from.keys()],
        typed: typed !== undefined,
      })),
    ),
  });
}
