/** What the tenant says about one property of an entity: its type, who may write it, how it may be asked for. */
export interface PropertyRule {
  readonly type: EdmType;
  readonly collection: boolean;
  /** Returned without `$select`. */
  readonly byDefault: boolean;
  /**
   * `beta`: only through beta, and only on objects the cloud masters. `outside`: kept in another store than the
   * directory, shown with one object and not in lists, and not written by applications.
   */
  readonly write: 'always' | 'create' | 'beta' | 'never' | 'outside';
  readonly nullable: boolean;
  /** Longest text, in UTF-16 units, of each value. */
  readonly max: number | undefined;
  /** Most values of a collection. */
  readonly values: number | undefined;
  readonly pattern: RegExp | undefined;
  /** Filter operators it takes. */
  readonly filter: ReadonlySet<FilterOperator>;
  readonly sortable: boolean;
  readonly searchable: boolean;
  /** A sync service masters it on synced objects. */
  readonly mastered: boolean;
  /** The members of a structure. */
  readonly members: EntityRules | undefined;
}

export type EdmType = 'String' | 'Boolean' | 'Int32' | 'DateTimeOffset' | 'Guid' | 'Binary' | 'Structure';
export type FilterOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'in' | 'startswith' | 'endswith' | 'contains';
export type EntityRules = ReadonlyMap<string, PropertyRule>;

type Options = Partial<Omit<PropertyRule, 'filter' | 'type'>> & { readonly filter?: readonly FilterOperator[] };

export const equality: readonly FilterOperator[] = ['eq', 'ne', 'in'];
export const ordered: readonly FilterOperator[] = ['eq', 'ne', 'in', 'ge', 'le'];
export const prefix: readonly FilterOperator[] = [...ordered, 'startswith'];
export const address: readonly FilterOperator[] = [...prefix, 'endswith'];

function rule(type: EdmType, options: Options): PropertyRule {
  return {
    type,
    collection: false,
    byDefault: false,
    write: 'never',
    nullable: true,
    max: undefined,
    values: undefined,
    pattern: undefined,
    sortable: false,
    searchable: false,
    mastered: false,
    members: undefined,
    ...options,
    filter: new Set(options.filter),
  };
}

export const text = (options: Options = {}): PropertyRule => rule('String', options);
export const bool = (options: Options = {}): PropertyRule => rule('Boolean', options);
export const int = (options: Options = {}): PropertyRule => rule('Int32', options);
export const time = (options: Options = {}): PropertyRule => rule('DateTimeOffset', options);
export const guid = (options: Options = {}): PropertyRule => rule('Guid', options);
export const structure = (members: Readonly<Record<string, PropertyRule>>, options: Options = {}): PropertyRule =>
  rule('Structure', { ...options, members: entity(members) });

export function list(of: PropertyRule, options: Partial<PropertyRule> = {}): PropertyRule {
  return { ...of, collection: true, nullable: false, ...options };
}

export function entity(properties: Readonly<Record<string, PropertyRule>>): EntityRules {
  return new Map(Object.entries(properties));
}

/** The fifteen attributes that Exchange's schema extension brings. */
export function extensionAttributes(options: Options): PropertyRule {
  const members: Record<string, PropertyRule> = {};
  for (let i = 1; i <= 15; i += 1) {
    members[`extensionAttribute${i}`] = text({ write: 'always', max: 1024, filter: equality });
  }
  return structure(members, options);
}

export const provisioningErrors = list(
  structure({ category: text(), occurredDateTime: time(), propertyCausingError: text(), value: text() }),
);
