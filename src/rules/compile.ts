import type { Configuration, MappingConfiguration } from '../config/index.ts';
import {
  CloudSyncError,
  canonicalJson,
  type Dn,
  domainDn,
  type ErrorReport,
  type ObjectKind,
  objectGuidToBytes,
  objectKinds,
  parseSourceAnchor,
  type SourceAnchor,
  sourceAnchorFromBytes,
} from '../model/index.ts';
import { defaultMappings, defaultReferences } from './default-mappings.ts';
import { MappingRefusedError, UnknownTargetAttributeError, UnwritableAttributeError } from './errors.ts';
import { exclusion, exclusionAttributes } from './exclusions.ts';
import { compileExpression, type Dialect, nearestName } from './expression/index.ts';
import { bindExpression, type CompiledMapping, toTenantValue } from './mapping.ts';
import type { AnchorDecision, Mapped, MappedValue, MatchKeys, Rules, SourceView, TargetSupport } from './rules.ts';
import { type ForestScope, inScope } from './scope.ts';

/** The dialect of an expression in the configuration that does not name one. */
const configurationDialect: Dialect = 'provisioning';

interface AttributeMapping {
  readonly target: string;
  readonly mapping: CompiledMapping;
  readonly flow: MappedValue['flow'];
  readonly origin: 'default' | 'configuration';
  /** Sent at creation when the mapping gives nothing. */
  readonly initial: string | number | boolean | undefined;
  /** Nothing leaves the tenant's value alone, where it would otherwise clear it. */
  readonly keepWhenEmpty: boolean;
}

/**
 * Compiles a configuration's rules for what a target can take: only those attributes are read and mapped.
 * Throws a `CloudSyncError` that names the place when a mapping or filter is wrong.
 */
export function compileRules(document: Configuration, support: TargetSupport): Rules {
  const parametersOf = domainParameters(document);
  const compile = (place: string, text: string, dialect: Dialect): CompiledMapping => {
    try {
      return bindExpression(compileExpression(text, dialect), parametersOf);
    } catch (error) {
      throw error instanceof CloudSyncError ? new MappingRefusedError(place, error) : error;
    }
  };
  const mappings = byKind((kind) => mappingsOf(kind, document, support, compile));
  const references = byKind((kind) => {
    const takes = support[kind];
    return takes.supported ? defaultReferences[kind].filter(({ target }) => takes.references.has(target)) : [];
  });
  const scopes = new Map(
    document.forests.map((forest, f) => [forest.name, forestScope(forest, `forests[${f}]`, compile)]),
  );
  const kinds = document.objects;
  return {
    digest: canonicalJson({
      objects: document.objects,
      forests: document.forests.map(({ name, scope, domains }) => ({
        name,
        scope,
        domains: domains.map((d) => d.name),
      })),
      mappings: kinds.map((kind) => mappings[kind].map(({ mapping, ...rest }) => ({ ...rest, text: mapping.text }))),
    }),
    attributes: attributesToRead(
      kinds.flatMap((kind) => [
        ...mappings[kind].flatMap(({ mapping }) => mapping.attributes),
        ...references[kind].map(({ source }) => source),
      ]),
      [...scopes.values()].flatMap(({ filters }) => Object.values(filters).flatMap((filter) => filter.attributes)),
    ),
    scopeRoots: document.forests.flatMap(({ name: forest, scope }) => [
      ...[...scope.organizationalUnits, ...scope.excludeOrganizationalUnits].map((dn) => ({
        forest,
        kind: 'container' as const,
        dn: dn as Dn,
        nested: false,
      })),
      ...scope.groups.map((dn) => ({ forest, kind: 'group' as const, dn: dn as Dn, nested: scope.nestedGroups })),
    ]),
    scope(view, roots) {
      const excluded = exclusion(view);
      if (excluded !== undefined) return { in: false, reason: excluded };
      const scope = scopes.get(view.domain.forest);
      return scope === undefined
        ? { in: false, reason: { code: 'forest', text: `The configuration has no forest ${view.domain.forest}.` } }
        : inScope(view, scope, roots);
    },
    anchor,
    map: (kind, sources) => mapSources(mappings[kind], sources),
    references: (kind) => references[kind],
    matchKeys,
  };
}

function byKind<T>(of: (kind: ObjectKind) => T): Readonly<Record<ObjectKind, T>> {
  const [user, group, contact, device] = objectKinds.map(of);
  return { user, group, contact, device } as Readonly<Record<ObjectKind, T>>;
}

type Compile = (place: string, text: string, dialect: Dialect) => CompiledMapping;

function mappingsOf(
  kind: ObjectKind,
  document: Configuration,
  support: TargetSupport,
  compile: Compile,
): readonly AttributeMapping[] {
  const takes = support[kind];
  if (!takes.supported) return [];
  const configured = document.mappings[kind] ?? {};
  for (const target of Object.keys(configured)) {
    if (takes.attributes.has(target)) continue;
    if (!(target in defaultMappings[kind])) {
      throw new UnknownTargetAttributeError(kind, target, nearestName(target, Object.keys(defaultMappings[kind])));
    }
    throw new UnwritableAttributeError(kind, target, takes.reason(target));
  }
  const byDefault = Object.entries(defaultMappings[kind])
    .filter(([target]) => takes.attributes.has(target) && !(target in configured))
    .map(
      ([target, text]): AttributeMapping => ({
        target,
        mapping: compile(`default mapping of ${kind}.${target}`, text, 'connect'),
        flow: 'always',
        origin: 'default',
        initial: undefined,
        keepWhenEmpty: false,
      }),
    );
  const own = Object.entries(configured).flatMap(([target, mapping]) =>
    mapping === null ? [] : [configuredMapping(kind, target, mapping, compile)],
  );
  return [...byDefault, ...own];
}

function configuredMapping(
  kind: ObjectKind,
  target: string,
  mapping: Exclude<MappingConfiguration, null>,
  compile: Compile,
): AttributeMapping {
  const place = `mappings.${kind}.${target}`;
  const base = { target, flow: 'always', origin: 'configuration', initial: undefined, keepWhenEmpty: false } as const;
  if (typeof mapping === 'string') return { ...base, mapping: compile(place, mapping, configurationDialect) };
  const flow = mapping.flow ?? 'always';
  if ('attribute' in mapping)
    return { ...base, flow, mapping: compile(place, `[${mapping.attribute}]`, configurationDialect) };
  if ('constant' in mapping) {
    const { constant } = mapping;
    const text = typeof constant === 'string' ? `"${constant.replace(/["\\]/g, '\\$&')}"` : String(constant);
    return { ...base, flow, mapping: compile(place, text, configurationDialect) };
  }
  return {
    ...base,
    flow,
    mapping: compile(place, mapping.expression, mapping.dialect ?? configurationDialect),
    initial: mapping.default,
    keepWhenEmpty: mapping.whenEmpty === 'keep',
  };
}

function forestScope({ scope }: Configuration['forests'][number], place: string, compile: Compile): ForestScope {
  const filters = Object.entries(scope.filters).flatMap(([kind, text]) =>
    text === undefined ? [] : [[kind, compile(`${place}.scope.filters.${kind}`, text, configurationDialect)] as const],
  );
  return {
    organizationalUnits: scope.organizationalUnits as Dn[],
    excludeOrganizationalUnits: scope.excludeOrganizationalUnits as Dn[],
    groups: scope.groups as Dn[],
    filters: Object.fromEntries(filters),
  };
}

/** `%Domain.FQDN%` and its like; the forest is named by the first of its domains. */
function domainParameters({ forests }: Configuration) {
  const roots = new Map(forests.map(({ name, domains }) => [name, domains[0]?.name.toLowerCase() ?? name]));
  return ({ domain, connector }: SourceView) =>
    (name: string): string | undefined => {
      const root = roots.get(domain.forest) ?? domain.fqdn;
      switch (name.toLowerCase()) {
        case 'domain.fqdn':
        case 'domainfqdn':
          return domain.fqdn;
        case 'domain.netbios':
        case 'domainnetbios':
          return domain.netbios;
        case 'domain.ldap':
          return domainDn(domain.fqdn);
        case 'forest.fqdn':
        case 'forestfqdn':
          return root;
        case 'forest.netbios':
        case 'forestnetbios':
          return root.split('.')[0]?.toUpperCase();
        case 'forest.ldap':
          return domainDn(root);
        case 'connector.id':
          return connector;
        default:
          return undefined;
      }
    };
}

/** Each attribute once, in the spelling it is first used in; what every object has anyway is not asked for. */
function attributesToRead(...lists: readonly (readonly string[])[]): readonly string[] {
  const always = ['cn', 'objectSid', 'mS-DS-ConsistencyGuid', ...exclusionAttributes];
  const known = new Map<string, string>();
  for (const name of [always, ...lists].flat()) {
    const key = name.toLowerCase();
    if (key !== 'objectguid' && key !== 'distinguishedname' && !known.has(key)) known.set(key, name);
  }
  return [...known.values()].sort();
}

function anchor(view: SourceView): AnchorDecision {
  const [value] = view.attributes['mS-DS-ConsistencyGuid'] ?? [];
  if (value === undefined) {
    const fromGuid = sourceAnchorFromBytes(objectGuidToBytes(view.guid));
    if (fromGuid !== undefined) return { anchor: fromGuid, from: 'objectGUID' };
  }
  const own = value instanceof Uint8Array ? sourceAnchorFromBytes(value) : parseSourceAnchor(value ?? '');
  if (own !== undefined) return { anchor: own, from: 'mS-DS-ConsistencyGuid' };
  return {
    anchor: undefined,
    reason: {
      code: 'invalidAnchor',
      text: 'Its mS-DS-ConsistencyGuid is not 16 bytes long.',
      attribute: 'mS-DS-ConsistencyGuid',
    },
  };
}

/** Attribute by attribute the first of the joined objects that has a value gives it. */
function mapSources(mappings: readonly AttributeMapping[], sources: readonly SourceView[]): Mapped {
  const values: Record<string, MappedValue> = {};
  const errors: ErrorReport[] = [];
  for (const { target, mapping, flow, origin, initial, keepWhenEmpty } of mappings) {
    for (const [i, source] of sources.entries()) {
      const outcome = mapping.evaluate(source);
      const lineage = { connector: source.connector, guid: source.guid, mapping: mapping.text, origin };
      if (outcome.kind === 'error') {
        errors.push({ ...outcome.error.report(), attribute: target, object: source.dn });
        break;
      }
      if (outcome.kind === 'ignored') break;
      const value = outcome.kind === 'value' ? toTenantValue(outcome.value) : null;
      const empty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
      if (!empty) {
        values[target] = { value, flow, lineage };
        break;
      }
      const last = i === sources.length - 1 || outcome.kind === 'authoritativeNull';
      if (!last) continue;
      if (initial !== undefined) values[target] = { value: initial, flow: 'create', lineage };
      else if (!keepWhenEmpty) values[target] = { value: null, flow, lineage };
      break;
    }
  }
  return { values, errors };
}

function matchKeys(kind: ObjectKind, sourceAnchor: SourceAnchor, { values }: Mapped): MatchKeys {
  const text = (name: string): string | undefined => {
    const value = values[name]?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const addresses = values['proxyAddresses']?.value;
  const primary = Array.isArray(addresses)
    ? addresses.find((a) => typeof a === 'string' && a.startsWith('SMTP:'))
    : undefined;
  return {
    anchor: sourceAnchor,
    userPrincipalName: kind === 'user' ? text('userPrincipalName') : undefined,
    primarySmtp: typeof primary === 'string' ? primary.slice(5) : text('mail'),
  };
}
