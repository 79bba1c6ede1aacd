import type {
  ConnectorName,
  Dn,
  ErrorReport,
  ObjectGuid,
  ObjectKind,
  SourceAnchor,
  SourceAttributes,
  TenantValue,
} from '../model/index.ts';

/** A source object as the rules see it. */
export interface SourceView {
  readonly connector: ConnectorName;
  readonly domain: { readonly fqdn: string; readonly netbios: string; readonly forest: string };
  readonly guid: ObjectGuid;
  readonly kind: ObjectKind;
  readonly dn: Dn;
  readonly attributes: SourceAttributes;
  /** The configured scoping groups (as written in the configuration) this object belongs to, nesting resolved by the caller. */
  readonly scopingGroups: readonly string[];
}

/** Where the configured scope roots are now: the DN as configured -> the DN of the object that had it when first seen. */
export interface ScopeRoots {
  readonly current: ReadonlyMap<string, Dn>;
}

/** Why an object is in or out: a stable word, a sentence, and what it was decided on. */
export interface Reason {
  /** `inScope`, `criticalSystemObject`, `replicationVictim`, `noSamAccountName`, `organizationalUnit`, `filter`... */
  readonly code: string;
  readonly text: string;
  readonly attribute?: string;
}

export type ScopeDecision =
  | { readonly in: boolean; readonly reason: Reason }
  /** A filter failed on this object: whether it takes part cannot be told, so it stays as it is. */
  | { readonly in: undefined; readonly reason: Reason; readonly error: ErrorReport };

export type AnchorDecision =
  | { readonly anchor: SourceAnchor; readonly from: 'mS-DS-ConsistencyGuid' | 'objectGUID' }
  | { readonly anchor: undefined; readonly reason: Reason };

/** Where a value came from. */
export interface Lineage {
  readonly connector: ConnectorName;
  readonly guid: ObjectGuid;
  /** The mapping as written: `Trim([givenName])`, `[cn]`, `"constant"`. */
  readonly mapping: string;
  readonly origin: 'default' | 'configuration';
  /** The further objects whose values were merged into it. */
  readonly merged?: readonly { readonly connector: ConnectorName; readonly guid: ObjectGuid }[];
}

export interface MappedValue {
  /** `null` clears the attribute in the tenant. */
  readonly value: TenantValue;
  /** `create`: sent only when the object is created (apply once, or a default for null). */
  readonly flow: 'always' | 'create';
  readonly lineage: Lineage;
}

export interface Mapped {
  /** By target attribute; an attribute that is not to flow is absent. */
  readonly values: Readonly<Record<string, MappedValue>>;
  /** What the tenant is searched by and the target does not write. */
  readonly unwritten: Readonly<Record<string, MappedValue>>;
  /** Mappings that failed on this object: it is held, the others go on. */
  readonly errors: readonly ErrorReport[];
}

/** A mapping whose values are other objects. */
export interface ReferenceMapping {
  /** `member`, `manager`, `owners`: as the target's profile names it. */
  readonly target: string;
  /** The AD attribute the links are stored under. */
  readonly source: string;
  readonly single: boolean;
}

/** The values the tenant is searched by for a new identity, strongest first. */
export interface MatchKeys {
  readonly anchor: SourceAnchor;
  readonly userPrincipalName: string | undefined;
  readonly primarySmtp: string | undefined;
}

/** What the target can take of each kind, by the engine's attribute names: nothing else is read and mapped. */
export type TargetSupport = Readonly<Record<ObjectKind, KindTaken>>;

export type KindTaken =
  | { readonly supported: false }
  | {
      readonly supported: true;
      readonly attributes: ReadonlySet<string>;
      readonly references: ReadonlySet<string>;
      /** Why an attribute that is not among them cannot be written. */
      readonly reason: (attribute: string) => string;
    };

/** A configuration's rules, checked and compiled once. Pure and total: no I/O, no clock, no randomness. */
export interface Rules {
  /** Over everything that decides: when it differs, every object is evaluated again. */
  readonly digest: string;
  /** The AD attributes to read. */
  readonly attributes: readonly string[];
  /** The DNs of configured scope roots (OUs and groups) per forest. */
  readonly scopeRoots: readonly {
    readonly forest: string;
    readonly kind: 'container' | 'group';
    readonly dn: Dn;
    readonly nested: boolean;
  }[];
  /** Target attributes whose values passed through Redact: plans, logs and the API show none of them. */
  readonly redacted: Readonly<Record<ObjectKind, ReadonlySet<string>>>;
  scope(object: SourceView, roots: ScopeRoots): ScopeDecision;
  anchor(object: SourceView): AnchorDecision;
  /**
   * What an object is known by to other connectors, besides its anchor: objects of one kind and of different connectors
   * that share a key are one identity. The first of them by `inOrder` gives the anchor.
   */
  joinKeys(object: SourceView): readonly string[];
  /** The objects of one identity, the one whose values win first. */
  inOrder(sources: readonly SourceView[]): readonly SourceView[];
  /** Maps the source objects of one identity, given in any order. */
  map(kind: ObjectKind, sources: readonly SourceView[]): Mapped;
  references(kind: ObjectKind): readonly ReferenceMapping[];
  matchKeys(kind: ObjectKind, anchor: SourceAnchor, mapped: Mapped): MatchKeys;
}
