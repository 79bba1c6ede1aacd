/**
 * Who takes part, which tenant object it is, and how its attributes flow. Pure: no I/O, no clock, no randomness.
 *
 * An example of an expression is answered by `runCase`, whose answer is the printed line as it stands:
 * `JSON.stringify(runCase({ id, dialect, expression, inputs }, { now, random }))` is one of `{"id","result"}`,
 * `{"id","ignored":true}` and `{"id","error","code"}`. `random(bound)` is `node:crypto`'s `randomInt`. A single expression
 * with its input is a case as well.
 */
export { type AttributeFacts, adAttributes, factsOf } from './ad-attributes.ts';
export { type AttributeMapping, attributeMappings } from './attribute-mappings.ts';
export { clauseOperators } from './clauses.ts';
export { compileRules, ruleProblems } from './compile.ts';
export { defaultMappings, defaultReferences, minSync } from './default-mappings.ts';
export { type DirectoryExtension, directoryExtensions, type ExtensionType } from './directory-extensions.ts';
export * from './errors.ts';
export { exclusionReasons } from './exclusions.ts';
export * from './expression/errors.ts';
export {
  type Case,
  type CaseAnswer,
  type CaseSurroundings,
  compileExpression,
  type Dialect,
  dialects,
  type FunctionDefinition,
  functions,
  type KnownAttributes,
  knownAttributes,
  nearestName,
  runCase,
  signature,
} from './expression/index.ts';
export type {
  AnchorDecision,
  KindTaken,
  Lineage,
  Mapped,
  MappedValue,
  MatchKeys,
  Reason,
  ReferenceMapping,
  Rules,
  ScopeDecision,
  ScopeRoots,
  SourceView,
  TargetSupport,
} from './rules.ts';
