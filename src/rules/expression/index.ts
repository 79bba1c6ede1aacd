/** The expression language of attribute mappings and filters. Pure: what it learns of the world comes through its input. */
export { type KnownAttributes, knownAttributes } from './attribute-names.ts';
export { type Case, type CaseAnswer, type CaseSurroundings, runCase } from './case.ts';
export { concealConstants } from './conceal.ts';
export { type Dialect, dialects, type FunctionDefinition } from './definition.ts';
export * from './errors.ts';
export { type CompiledExpression, compileExpression, type Outcome } from './expression.ts';
export { functions } from './functions/index.ts';
export { Moment } from './moment.ts';
export { nearestName } from './nearest.ts';
export { compilePattern, type Pattern, PatternProblem } from './pattern.ts';
export type { ExpressionInput } from './scope.ts';
export { signature } from './signature.ts';
export { holds, Mismatch, type Value } from './value.ts';
