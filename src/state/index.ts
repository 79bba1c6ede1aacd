/** The store: what was read, what should be, what is known to be, what is planned and what was done. */
export { attributesOf, type ConnectorRow } from './connectors.ts';
export type { CycleRow } from './cycles.ts';
export { asStateError } from './database.ts';
export { DiskFullError, StateCorruptError, StateTooNewError, StateUnavailableError } from './errors.ts';
export type { EvaluationRow, IdentityRow, Place } from './evaluation.ts';
export type { GuardCount, Guarded } from './guarding.ts';
export type { NewOperation, OperationRow, PlanCount } from './journal.ts';
export type { After, ListedIdentity, ListedSource } from './lists.ts';
export type { LogEntry, LogQuery, StoredLogEntry } from './log.ts';
export type { EscrowRow, RefusedLinkRow, SourceRow } from './objects.ts';
export type { PasswordNote, PasswordSubjectRow } from './passwords.ts';
export type { PinRow } from './pins.ts';
export type { EndRow, LinkMapping, PairRow, PlanRow } from './planning.ts';
export { type ImportedLinks, type ImportedObject, parseAttributes, type SourceImporter } from './source-import.ts';
export { openState, openStateReader, type State, type StateReader, type StateTransactor } from './state.ts';
export { type KnownObject, knownOf, parseTenantAttributes, type TenantRow } from './tenant.ts';
