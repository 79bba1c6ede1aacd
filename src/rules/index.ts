/** Who takes part, which tenant object it is, and how its attributes flow. Pure: no I/O, no clock, no randomness. */
export { compileRules } from './compile.ts';
export * from './errors.ts';
export { type CaseAnswer, compileExpression, type Dialect, dialects, runCase } from './expression/index.ts';
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
