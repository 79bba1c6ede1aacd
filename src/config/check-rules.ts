import { ruleProblems, type TargetSupport } from '../rules/index.ts';
import type { Configuration } from './document.ts';
import { RefusedRuleError } from './errors.ts';
import { PlacedDocument, parsePath } from './places.ts';

/**
 * Everything that is wrong with the rules of a document that is right in itself, with line and column: mappings, filters
 * and joins that cannot be understood, or that the target cannot carry out.
 */
export function checkRules(
  file: string,
  text: string,
  document: Configuration,
  support: TargetSupport,
): readonly RefusedRuleError[] {
  const problems = ruleProblems(document, support);
  if (problems.length === 0) return [];
  const placed = new PlacedDocument(text);
  return problems.map(
    (problem) => new RefusedRuleError(file, placed.place(parsePath(problem.attribute ?? '')), problem),
  );
}
