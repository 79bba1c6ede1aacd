/**
 * The engine: one direction, one pass. It reads directories into the state, decides what each object should be in the
 * tenant, plans the difference, guards it, carries it out and confirms it. Every stage reads what the one before left
 * in the state, so each can be stopped, killed and repeated.
 *
 * Words:
 * - *connector*: the reader of one domain
 * - *source object*: one AD object as last read, keyed by connector and objectGUID
 * - *identity*: what the source objects joined on one source anchor become: one object of the tenant
 * - *desired*: what an identity should be in the tenant; nothing when it should not be there
 * - *known*: what the tenant was last seen, or told, to hold
 * - *pair*: a link between two identities in which desired and known may differ
 * - *plan*: the operations that turn known into desired, in order, with a digest
 * - *held*: planned and not sent, since a guard or a rule wants a person's word first
 * - *escrow*: identities and links the tenant refused, each waiting by itself with growing delay or for a change
 * - *journal*: the plan's operations with what became of them: sent, done, failed, unknown
 */

export type { ControllerContact } from '../source/index.ts';
export { checkDirectories } from './check-directory.ts';
export { checkTenant, type TenantCheck } from './check-tenant.ts';
export { type EngineContext, passwordConnectors } from './context.ts';
export type { Decided, Decision } from './decide.ts';
export type {
  CycleFilter,
  CycleListener,
  Engine,
  EngineQueries,
  FailingFilter,
  ObjectFilter,
  OperationFilter,
  QuarantineScope,
  SkippedFilter,
} from './engine.ts';
export * from './errors.ts';
export type { Finding } from './finding.ts';
export { asGraphAnswer } from './graph-answer.ts';
export * from './guard-errors.ts';
export * from './object-errors.ts';
export { type EngineOptions, type Environment, engineOver, openEngine } from './open.ts';
export * from './shapes.ts';
export { supportOf } from './support.ts';
export { profileOf } from './target-options.ts';
