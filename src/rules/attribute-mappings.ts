import type { Configuration } from '../config/index.ts';
import { type ObjectKind, objectKinds, type TenantValue } from '../model/index.ts';
import { compileFlows } from './compile.ts';
import { concealConstants } from './expression/index.ts';
import type { Flow } from './flow.ts';
import { rankOfConnectors } from './order.ts';
import type { ReferenceMapping, TargetSupport } from './rules.ts';

/** One mapping in force, as it is shown. */
export interface AttributeMapping {
  readonly kind: ObjectKind;
  /** The attribute of the tenant. */
  readonly target: string;
  /** An attribute as it is, a value, something worked out, or other objects. */
  readonly type: 'direct' | 'constant' | 'expression' | 'reference';
  /** The AD attributes it looks at. */
  readonly attributes: readonly string[];
  /** As an expression; the values in one that passes through Redact are hidden. */
  readonly expression: string;
  readonly dialect: 'provisioning' | 'connect' | null;
  /** `always`, or `create`: sent only when the object is made. */
  readonly flow: 'always' | 'create';
  readonly origin: 'default' | 'configuration';
  /** Does the target take it? Else the tenant's object is only found by it. */
  readonly written: boolean;
  /** Sent when the object is made and the mapping gives nothing. */
  readonly default: TenantValue | undefined;
  /** What nothing means: no value, the tenant's own, or this one. */
  readonly whenEmpty: Flow['whenEmpty'];
  /** Of several joined objects the first that has a value gives it, or all give theirs. */
  readonly merge: Flow['merge'];
  /** Nobody is to see its values. */
  readonly redacted: boolean;
  /** Where values may come from, strongest first; of an account's own attributes an enabled account's comes before. */
  readonly precedence: readonly { readonly forest: string; readonly connector: string }[];
  readonly ofAccount: boolean;
}

/** What stands in place of a value nobody is to see. */
const hidden = '[redacted]';

/** Every mapping in force, by kind and target; throws as `compileRules` does where one is wrong. */
export function attributeMappings(document: Configuration, support: TargetSupport): readonly AttributeMapping[] {
  const { flows, references } = compileFlows(document, support);
  const all = connectorsByRank(document);
  const taken = objectKinds.filter((kind) => document.objects.includes(kind));
  return taken.flatMap((kind) =>
    [
      ...flows[kind].map((flow) => showFlow(kind, flow, all)),
      ...references[kind].map((reference) => ({
        ...showReference(kind, reference, all),
        origin: reference.target in (document.mappings[kind] ?? {}) ? ('configuration' as const) : ('default' as const),
      })),
    ].sort((a, b) => (a.target < b.target ? -1 : 1)),
  );
}

type Precedence = AttributeMapping['precedence'];

function connectorsByRank(document: Configuration): Precedence {
  const rank = rankOfConnectors(document);
  return document.forests
    .flatMap(({ name: forest, domains }) =>
      domains.map((domain) => ({ forest, connector: `${forest}/${domain.name.toLowerCase()}` })),
    )
    .sort((a, b) => rank(a.connector) - rank(b.connector));
}

function showFlow(kind: ObjectKind, flow: Flow, all: Precedence): AttributeMapping {
  const { target, mapping, origin, written, initial, whenEmpty, merge, from, ofAccount } = flow;
  const { text, form: type, dialect, attributes, redacts: redacted } = mapping;
  const precedence =
    from === undefined
      ? all
      : all
          .filter(({ connector }) => from.has(connector))
          .sort((a, b) => (from.get(a.connector) ?? 0) - (from.get(b.connector) ?? 0));
  return {
    kind,
    target,
    type,
    attributes,
    expression: redacted ? concealConstants(text, `"${hidden}"`) : text,
    dialect,
    flow: flow.flow,
    origin,
    written,
    default: redacted && initial !== undefined ? hidden : initial,
    whenEmpty: redacted && typeof whenEmpty === 'object' ? { value: hidden } : whenEmpty,
    merge,
    redacted,
    precedence,
    ofAccount,
  };
}

function showReference(
  kind: ObjectKind,
  { target, source }: ReferenceMapping,
  all: Precedence,
): Omit<AttributeMapping, 'origin'> {
  return {
    kind,
    target,
    type: 'reference',
    attributes: [source],
    expression: `[${source}]`,
    dialect: null,
    flow: 'always',
    written: true,
    default: undefined,
    whenEmpty: 'clear',
    merge: 'all',
    redacted: false,
    precedence: all,
    ofAccount: false,
  };
}
