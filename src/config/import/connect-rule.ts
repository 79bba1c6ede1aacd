import type { ObjectKind } from '../../model/index.ts';
import { record } from '../places.ts';
import { childrenAt, type Element, textAt } from './xml.ts';

/** One comparison of a sync rule's scoping filter. */
export interface ScopeClause {
  readonly attribute: string;
  readonly operator: string;
  readonly value: string;
}

/** How one attribute flows through a sync rule. */
export interface RuleFlow {
  readonly destination: string;
  readonly from: { readonly attribute: string } | { readonly constant: string } | { readonly expression: string };
  readonly once: boolean;
  readonly merge: 'first' | 'all' | 'allIgnoringCase';
}

/** A synchronization rule of Entra Connect, whichever export it was read from. */
export interface SyncRule {
  readonly name: string;
  readonly direction: 'inbound' | 'outbound';
  /** The connector's id or domain, lower case. */
  readonly connector: string;
  readonly kind: ObjectKind | undefined;
  readonly disabled: boolean;
  /** Made by the product, and not changed since. */
  readonly standard: boolean;
  readonly linkType: string;
  readonly precedence: number;
  /** Groups of clauses: those of a group all hold, or those of another do. */
  readonly scope: readonly (readonly ScopeClause[])[];
  readonly joins: readonly (readonly { readonly source: string; readonly metaverse: string }[])[];
  readonly flows: readonly RuleFlow[];
}

const kinds: Readonly<Record<string, ObjectKind>> = {
  user: 'user',
  inetorgperson: 'user',
  person: 'user',
  group: 'group',
  contact: 'contact',
  computer: 'device',
  device: 'device',
};

const merges: Readonly<Record<string, RuleFlow['merge']>> = {
  merge: 'all',
  mergecaseinsensitive: 'allIgnoringCase',
};

/** `<synchronizationRule>`, as Get-ADSyncServerConfiguration writes one file each. */
export function ruleOfXml(element: Element): SyncRule {
  const text = (name: string): string => textAt(element, name) ?? '';
  const inbound = text('direction').toLowerCase() === 'inbound';
  return {
    name: text('name'),
    direction: inbound ? 'inbound' : 'outbound',
    connector: text('connector').toLowerCase(),
    kind: kinds[text(inbound ? 'sourceObjectType' : 'targetObjectType').toLowerCase()],
    disabled: text('disabled').toLowerCase() === 'true',
    standard: text('immutable-tag').startsWith('Microsoft.'),
    linkType: text('linkType'),
    precedence: Number(text('precedence')),
    scope: childrenAt(element, 'synchronizationCriteria', 'conditions').map((group) =>
      childrenAt(group, 'scope').map((clause) => ({
        attribute: textAt(clause, 'csAttribute') ?? '',
        operator: textAt(clause, 'csOperator') ?? '',
        value: textAt(clause, 'csValue') ?? '',
      })),
    ),
    joins: childrenAt(element, 'relationshipCriteria', 'conditions').map((group) =>
      childrenAt(group, 'condition').map((condition) => ({
        source: textAt(condition, 'csAttribute') ?? '',
        metaverse: textAt(condition, 'ilmAttribute') ?? '',
      })),
    ),
    flows: childrenAt(element, 'attribute-mappings', 'mapping').map(flowOfXml),
  };
}

function flowOfXml(mapping: Element): RuleFlow {
  const expression = textAt(mapping, 'expression');
  const attribute = textAt(mapping, 'src', 'attr');
  const constant = textAt(mapping, 'src') ?? textAt(mapping, 'src', 'text') ?? '';
  return {
    destination: textAt(mapping, 'dest') ?? '',
    from: expression !== undefined ? { expression } : attribute !== undefined ? { attribute } : { constant },
    once: mapping.attributes.get('execute-once')?.toLowerCase() === 'true',
    merge: merges[(textAt(mapping, 'valueMergeType') ?? '').toLowerCase()] ?? 'first',
  };
}

/** A rule in the settings file the wizard exports. Its keys are looked for in any case. */
export function ruleOfJson(value: unknown, connector: string, inbound: boolean, standard: boolean): SyncRule {
  const rule = caseless(value);
  return {
    name: textOf(rule('name')),
    direction: inbound ? 'inbound' : 'outbound',
    connector: connector.toLowerCase(),
    kind: kinds[
      textOf(
        inbound ? (rule('source') ?? rule('sourceObjectType')) : (rule('target') ?? rule('targetObjectType')),
      ).toLowerCase()
    ],
    disabled: rule('disabled') === true || textOf(rule('disabled')).toLowerCase() === 'true',
    standard,
    linkType: textOf(rule('linkType')),
    precedence: Number(textOf(rule('precedence'))),
    scope: groupsOf(rule('scopeFilters') ?? rule('scopeFilter')).map((group) =>
      group.map((item) => {
        const clause = caseless(item);
        return {
          attribute: textOf(clause('attribute')),
          operator: textOf(clause('condition') ?? clause('comparisonOperator') ?? clause('operator')),
          value: textOf(clause('value') ?? clause('comparisonValue')),
        };
      }),
    ),
    joins: groupsOf(rule('joinFilters') ?? rule('joinFilter')).map((group) =>
      group.map((item) => {
        const condition = caseless(item);
        return {
          source: textOf(condition('connectorSpaceAttribute') ?? condition('source') ?? condition('csAttribute')),
          metaverse: textOf(condition('metaverseAttribute') ?? condition('target') ?? condition('mvAttribute')),
        };
      }),
    ),
    flows: listOf(rule('attributeMappings') ?? rule('attributeFlowMappings')).map(flowOfJson),
  };
}

function flowOfJson(value: unknown): RuleFlow {
  const flow = caseless(value);
  const type = textOf(flow('flowType') ?? flow('mappingType')).toLowerCase();
  const source = textOf(Array.isArray(flow('source')) ? listOf(flow('source'))[0] : flow('source'));
  const expression = textOf(flow('expression'));
  return {
    destination: textOf(flow('destination')),
    from:
      expression !== '' || type === 'expression'
        ? { expression: expression === '' ? source : expression }
        : type === 'constant'
          ? { constant: source }
          : { attribute: source },
    once: flow('executeOnce') === true || textOf(flow('executeOnce')).toLowerCase() === 'true',
    merge: merges[textOf(flow('valueMergeType') ?? flow('mergeType')).toLowerCase()] ?? 'first',
  };
}

/** Clauses in groups, or a single group of them. */
function groupsOf(value: unknown): readonly (readonly unknown[])[] {
  const list = listOf(value);
  if (list.length === 0) return [];
  const inner = list.map((item) => {
    const group = caseless(item);
    const conditions = group('conditions') ?? group('scopeConditionList') ?? group('joinConditionList');
    return Array.isArray(item) ? item : Array.isArray(conditions) ? conditions : undefined;
  });
  return inner.every((group) => group !== undefined)
    ? inner.flatMap((group) => (group === undefined ? [] : [group]))
    : [list];
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

export function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/** A record's values by key, in any case. */
export function caseless(value: unknown): (key: string) => unknown {
  const keys = new Map(Object.entries(record(value)).map(([key, inner]) => [key.toLowerCase(), inner]));
  return (key) => keys.get(key.toLowerCase()) ?? undefined;
}
