import type { FilterConfiguration } from '../config/index.ts';
import type { ErrorReport } from '../model/index.ts';
import { compileClause } from './clauses.ts';
import { FilterOutcomeError } from './errors.ts';
import { holds, Mismatch } from './expression/index.ts';
import { attributeText, type Compile, configurationDialect } from './flow.ts';
import type { CompiledMapping } from './mapping.ts';
import type { SourceView } from './rules.ts';

export type FilterOutcome =
  | { readonly holds: boolean }
  /** It failed on this object. */
  | { readonly holds: undefined; readonly error: ErrorReport };

/** A condition on source objects. */
export interface Filter {
  readonly text: string;
  readonly attributes: readonly string[];
  test(view: SourceView): FilterOutcome;
}

/** Compiles a filter; throws an error that names the place in it. */
export function compileFilter(filter: FilterConfiguration, place: string, compile: Compile): Filter {
  if (typeof filter === 'string') return byExpression(compile(place, filter, configurationDialect));
  if ('expression' in filter) {
    return byExpression(compile(`${place}.expression`, filter.expression, filter.dialect ?? configurationDialect));
  }
  const groups = filter.map((group, g) =>
    group.map((clause, c) => {
      const at = `${place}[${g}][${c}]`;
      // As an expression the attribute is checked, and spelled as it is read.
      const [attribute = clause.attribute] = compile(
        at,
        attributeText(clause.attribute),
        configurationDialect,
      ).attributes;
      return compileClause({ ...clause, attribute }, at);
    }),
  );
  return {
    text: groups.map((group) => `(${group.map(({ text }) => text).join(' AND ')})`).join(' OR '),
    attributes: [...new Set(groups.flat().map(({ attribute }) => attribute))],
    test: (view) => ({ holds: groups.some((group) => group.every((clause) => clause.holds(view))) }),
  };
}

function byExpression(mapping: CompiledMapping): Filter {
  return {
    text: mapping.text,
    attributes: mapping.attributes,
    test(view) {
      const outcome = mapping.evaluate(view);
      if (outcome.kind === 'error') {
        return { holds: undefined, error: { ...outcome.error.report(), object: view.dn } };
      }
      if (outcome.kind !== 'value') return { holds: false };
      try {
        return { holds: holds(outcome.value) };
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        return { holds: undefined, error: new FilterOutcomeError(mapping.text, error.message, view.dn).report() };
      }
    },
  };
}
