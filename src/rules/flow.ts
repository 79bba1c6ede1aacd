import type { Configuration, MappingConfiguration } from '../config/index.ts';
import type { ObjectKind, TenantValue } from '../model/index.ts';
import { RuleSettingError } from './errors.ts';
import type { Dialect } from './expression/index.ts';
import type { CompiledMapping } from './mapping.ts';
import type { MappedValue } from './rules.ts';

/** One attribute of the tenant, and how its value comes about. */
export interface Flow {
  readonly target: string;
  /** Does the target take it? Else it is mapped to find the tenant's object by. */
  readonly written: boolean;
  readonly mapping: CompiledMapping;
  readonly flow: MappedValue['flow'];
  readonly origin: 'default' | 'configuration';
  /** Sent at creation when the mapping gives nothing. */
  readonly initial: TenantValue | undefined;
  /** What nothing means: no value, the tenant's own, or this one. */
  readonly whenEmpty: 'clear' | 'keep' | { readonly value: TenantValue };
  readonly merge: 'first' | 'all' | 'allIgnoringCase';
  /** The connectors that may give the value, strongest first; all in the identity's order when `undefined`. */
  readonly from: ReadonlyMap<string, number> | undefined;
  /** Says something of the account rather than the person: the object with the enabled account gives it. */
  readonly ofAccount: boolean;
  /** Brings the outcome into the type the attribute has. */
  readonly typed: ((value: TenantValue) => TenantValue) | undefined;
}

/** Compiles the text of a place of the configuration; throws an error that names the place. */
export type Compile = (place: string, text: string, dialect: Dialect) => CompiledMapping;

export const plainFlow = {
  written: true,
  flow: 'always',
  initial: undefined,
  whenEmpty: 'clear',
  merge: 'first',
  from: undefined,
  ofAccount: false,
  typed: undefined,
} as const satisfies Partial<Flow>;

/** The dialect of an expression in the configuration that does not name one. */
export const configurationDialect: Dialect = 'provisioning';

/** An attribute as an expression. */
export function attributeText(name: string): string {
  return `[${name}]`;
}

/** A constant as an expression. */
export function constantText(value: string | number | boolean): string {
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

export function configuredFlow(
  document: Configuration,
  kind: ObjectKind,
  target: string,
  mapping: Exclude<MappingConfiguration, null>,
  compile: Compile,
): Flow {
  const place = `mappings.${kind}.${target}`;
  const base = { ...plainFlow, target, origin: 'configuration' } as const;
  if (typeof mapping === 'string') return { ...base, mapping: compile(place, mapping, configurationDialect) };
  const { flow = 'always', whenEmpty, merge = 'first' } = mapping;
  if (mapping.default !== undefined && whenEmpty !== undefined && whenEmpty !== 'keep') {
    throw new RuleSettingError(
      place,
      'default is sent once, when the object is made, and whenEmpty would overwrite it with the next cycle',
      'Keep one of the two, or set whenEmpty: keep.',
    );
  }
  const [text, dialect] =
    'attribute' in mapping
      ? [attributeText(mapping.attribute), configurationDialect]
      : 'constant' in mapping
        ? [constantText(mapping.constant), configurationDialect]
        : [mapping.expression, mapping.dialect ?? configurationDialect];
  return {
    ...base,
    mapping: compile(place, text, dialect),
    flow,
    initial: mapping.default,
    whenEmpty: whenEmpty ?? (mapping.default === undefined ? 'clear' : 'keep'),
    merge,
    from: mapping.from === undefined ? undefined : rankOf(document, `${place}.from`, mapping.from),
  };
}

/** Connectors by rank, from names of connectors and of whole forests. */
export function rankOf(
  { forests }: Configuration,
  place: string,
  names: readonly string[],
): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (const name of names) {
    const wanted = name.toLowerCase();
    const found = forests.flatMap((forest) =>
      forest.domains
        .map((domain) => `${forest.name}/${domain.name.toLowerCase()}`)
        .filter((connector) => forest.name.toLowerCase() === wanted || connector.toLowerCase() === wanted),
    );
    if (found.length === 0) {
      throw new RuleSettingError(
        place,
        `there is no forest or connector "${name}"`,
        `Use one of ${forests.map((forest) => forest.name).join(', ')}, or a connector as in ${forests[0]?.name}/${forests[0]?.domains[0]?.name}.`,
      );
    }
    for (const connector of found) if (!ranks.has(connector)) ranks.set(connector, ranks.size);
  }
  return ranks;
}
