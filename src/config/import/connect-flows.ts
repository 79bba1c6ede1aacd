import type { ObjectKind } from '../../model/index.ts';
import { defaultMappings, defaultReferences } from '../../rules/index.ts';
import type { RuleFlow, SyncRule } from './connect-rule.ts';
import { deciding, overDirectory, targetOf } from './metaverse.ts';
import type { ImportReport } from './report.ts';
import { joined, quoted, scopeExpression, Untranslatable } from './scope-expression.ts';

/** One flow of a custom rule, with the rule it is in. */
interface CustomFlow {
  readonly rule: SyncRule;
  readonly flow: RuleFlow;
}

const flowWords = /\b(IgnoreThisFlow|AuthoritativeNull)\b/i;

export function valueExpression({ from }: RuleFlow): string {
  if ('expression' in from) return from.expression;
  if ('attribute' in from) return `[${from.attribute}]`;
  if (/^(true|false)$/i.test(from.constant)) return from.constant.toLowerCase() === 'true' ? 'True' : 'False';
  return quoted(from.constant);
}

/**
 * Flows to one attribute, the strongest rule first, as one expression: a rule outside of whose scope an object is, or that
 * gives NULL, leaves the word to the next, and all of them to what applies by default.
 */
export function combined(flows: readonly CustomFlow[], fallback: string, forestOf: (rule: SyncRule) => string): string {
  return flows
    .toSorted((a, b) => a.rule.precedence - b.rule.precedence)
    .reduceRight((rest, { rule, flow }) => {
      const value = valueExpression(flow);
      const forest = forestOf(rule);
      const conditions = [forest, scopeExpression(rule.scope)].filter((one) => one !== '');
      const certain = 'constant' in flow.from || flowWords.test(value);
      if (!certain && !dependsAlike(value, rest)) conditions.push(`IsPresent(${value})`);
      return conditions.length === 0 ? value : `IIF(${joined(conditions, '&&')}, ${value}, ${rest})`;
    }, fallback);
}

/** A default that only polishes the same attribute has nothing to add where that is absent. */
function dependsAlike(value: string, rest: string): boolean {
  return /^\[[^[\]]+\]$/.test(value) && [`Trim(${value})`, value, 'NULL'].includes(rest);
}

/** What custom rules say of each attribute of the metaverse, and of the tenant. */
export class ConnectFlows {
  readonly #report: ImportReport;
  readonly #forestOf: (rule: SyncRule) => string;
  readonly #inbound: ReadonlyMap<string, readonly CustomFlow[]>;
  readonly #outbound: ReadonlyMap<string, readonly CustomFlow[]>;

  constructor(
    rules: readonly SyncRule[],
    kind: ObjectKind,
    forestOf: (rule: SyncRule) => string,
    report: ImportReport,
  ) {
    this.#report = report;
    this.#forestOf = forestOf;
    const flowsOf = (direction: SyncRule['direction']): ReadonlyMap<string, readonly CustomFlow[]> =>
      Map.groupBy(
        rules
          .filter((rule) => rule.kind === kind && rule.direction === direction)
          .flatMap((rule) => rule.flows.map((flow) => ({ rule, flow }))),
        ({ flow }) => flow.destination.toLowerCase(),
      );
    this.#inbound = flowsOf('inbound');
    this.#outbound = flowsOf('outbound');
  }

  /** The mappings of a kind, by the tenant's attribute. */
  mappings(kind: ObjectKind): Record<string, unknown> {
    const mappings: Record<string, unknown> = {};
    for (const [name, flows] of this.#inbound) {
      if (name === 'cloudfiltered') continue;
      const target = targetOf(kind, name);
      if (target !== undefined) this.#put(mappings, kind, target, flows, (text) => text);
      else if (!this.#isUsed(name)) this.#refuse(flows, reasonFor(name));
    }
    for (const [name, flows] of this.#outbound) {
      const target = name.startsWith('extension_') ? (flows[0]?.flow.destination ?? name) : targetOf(kind, name);
      if (target === undefined) this.#refuse(flows, reasonFor(name));
      else this.#put(mappings, kind, target, flows, (text) => this.#resolved(text));
    }
    return mappings;
  }

  #put(
    mappings: Record<string, unknown>,
    kind: ObjectKind,
    target: string,
    flows: readonly CustomFlow[],
    resolve: (text: string) => string,
  ): void {
    try {
      const [{ flow } = { flow: undefined }] = flows;
      if (defaultReferences[kind].some((reference) => reference.target === target)) {
        const from = flow?.from;
        if (flows.length > 1 || from === undefined || !('attribute' in from)) {
          throw new Untranslatable('a reference flows from one attribute, without conditions');
        }
        mappings[target] = { attribute: from.attribute };
      } else {
        const expression = resolve(combined(flows, defaultMappings[kind][target] ?? 'NULL', this.#forestOf));
        mappings[target] = {
          expression,
          dialect: 'connect',
          ...(flow?.once === true ? { flow: 'create' } : {}),
          ...(flow === undefined || flow.merge === 'first' ? {} : { merge: flow.merge }),
        };
      }
      for (const { rule } of flows) this.#report.translated(`rule "${rule.name}"`, `flows to ${target}`);
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      this.#refuse(flows, error.message);
    }
  }

  /** An expression over the metaverse as one over AD, its custom attributes replaced by what flows into them. */
  #resolved(text: string): string {
    return overDirectory(
      text.replace(/"(?:[^"\\]|\\[\s\S])*"|\[([^[\]]+)\]/g, (whole, name?: string) => {
        const flows = name === undefined ? undefined : this.#inbound.get(name.toLowerCase());
        return flows === undefined ? whole : `(${combined(flows, 'NULL', this.#forestOf)})`;
      }),
    );
  }

  #isUsed(name: string): boolean {
    return [...this.#outbound.values()]
      .flat()
      .some(({ flow }) => valueExpression(flow).toLowerCase().includes(`[${name}]`));
  }

  #refuse(flows: readonly CustomFlow[], reason: string): void {
    for (const { rule, flow } of flows) this.#report.not(`rule "${rule.name}", ${flow.destination}`, reason);
  }
}

function reasonFor(name: string): string {
  if (deciding.has(name)) return 'The anchor is mS-DS-ConsistencyGuid, else objectGUID, and cannot be chosen.';
  if (name === 'cloudnoflow') return 'Objects of another tool are kept out by the scope.';
  return 'No attribute of the tenant comes of it.';
}
