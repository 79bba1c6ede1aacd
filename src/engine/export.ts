import { CloudSyncError, type TenantId } from '../model/index.ts';
import type { OperationRow, StateTransactor } from '../state/index.ts';
import { knownOf } from '../state/index.ts';
import {
  ObjectGoneError,
  type Operation,
  type OperationResult,
  type OperationType,
  type TenantRef,
} from '../target/index.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { reportOf } from './errors.ts';
import { retryAt } from './escrow.ts';
import { DependencyMissingError } from './object-errors.ts';
import { readPayload } from './payload.ts';
import { logOperation } from './provisioning-log.ts';
import type { CycleCounts } from './shapes.ts';

/** Operations handed to the target at once, and so at most in flight when the process is killed. */
const slice = 400;

/** Carries the plan out, stage by stage: each operation is journaled as sent before it goes and has its result after. */
export async function exportPlan(context: EngineContext, run: CycleRun): Promise<void> {
  const { state } = context;
  const total = [...state.read.journal.countByType(run.id, 'planned').values()].reduce((sum, n) => sum + n, 0);
  if (total > 0) run.progress({ phase: 'export', done: 0, total });
  let done = 0;
  for (let after = { stage: -1, id: 0 }; ; ) {
    run.signal.throwIfAborted();
    const rows = state.read.journal.page({ cycle: run.id, state: 'planned', type: null, after, limit: slice });
    const [first] = rows;
    if (first === undefined) break;
    const sameStage = rows.filter((row) => row.stage === first.stage);
    await send(context, run, sameStage);
    done += sameStage.length;
    run.progress({ phase: 'export', done, total });
    after = { stage: first.stage, id: sameStage.at(-1)?.id ?? first.id };
  }
  if (done > 0) await context.target.exportEnded?.(run.signal);
}

async function send(context: EngineContext, run: CycleRun, rows: readonly OperationRow[]): Promise<void> {
  const { state } = context;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const operations = state.transact((tx) => {
    const at = context.now().toISOString();
    return rows.flatMap((row) => {
      const operation = toOperation(tx, row);
      if (operation instanceof CloudSyncError) {
        tx.journal.end({ id: row.id, state: 'failed', error: operation.report(), requestId: null, tenantId: null, at });
        logOperation(tx, run, row, { status: 'failure', at, error: operation.report() });
        run.add({ failed: 1 });
        return [];
      }
      tx.journal.send(row.id, at, operation.object.id ?? null);
      return [operation];
    });
  });
  if (operations.length === 0) return;
  const sent = new Map(operations.map((operation) => [operation.operationId, operation]));
  for await (const results of context.target.apply(operations, run.signal)) {
    state.transact((tx) => {
      for (const result of results) {
        const row = byId.get(result.operationId);
        const operation = sent.get(result.operationId);
        if (row !== undefined && operation !== undefined) settle(context, run, tx, row, operation, result);
      }
    });
  }
}

/** The journal's row as the target takes it, with the tenant's ids as they are known now. */
function toOperation(tx: StateTransactor, row: OperationRow): Operation | CloudSyncError {
  const payload = readPayload(row.payload);
  const object: TenantRef = {
    kind: row.kind,
    anchor: row.anchor,
    id: row.tenant_id ?? tx.tenant.byIdentity(row.identity)?.tenant_id,
  };
  const base = { operationId: row.id, object };
  const type = row.type as OperationType;
  const missing = (): CloudSyncError => new DependencyMissingError(row.dn ?? row.display_name);
  const members = (payload.members ?? []).flatMap((member): TenantRef[] => {
    const end = tx.planning.end(member);
    return end === undefined || end.tenant_id === null
      ? []
      : [{ kind: end.kind, anchor: end.anchor, id: end.tenant_id }];
  });
  const [member] = members;
  const attribute = payload.attribute ?? 'member';
  switch (type) {
    case 'create':
      return { ...base, type, attributes: payload.attributes ?? {} };
    case 'update':
    case 'adopt':
      return { ...base, type, changes: payload.changes ?? {}, whole: payload.whole ?? {} };
    case 'disable':
    case 'delete':
    case 'restore':
      return { ...base, type };
    case 'clearManager':
      return object.id === undefined ? missing() : { ...base, type };
    case 'addMembers':
      return object.id === undefined || member === undefined ? missing() : { ...base, type, attribute, members };
    case 'removeMember':
      return object.id === undefined || member === undefined ? missing() : { ...base, type, attribute, member };
    case 'setManager':
      return object.id === undefined || member === undefined ? missing() : { ...base, type, manager: member };
    default:
      return type satisfies never;
  }
}

/** Why the tenant did not take a member, the others being in. */
type Refused = ReadonlyMap<TenantId | undefined, CloudSyncError>;

function settle(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  row: OperationRow,
  operation: Operation,
  result: OperationResult,
): void {
  const now = context.now();
  const ended = { at: now.toISOString(), requestId: result.requestId };
  const end = { id: row.id, requestId: result.requestId ?? null, at: now.toISOString() };
  switch (result.outcome) {
    case 'done': {
      const errors = new Map(result.refused?.map(({ member, error }) => [member.id, error]));
      tx.journal.end({ ...end, state: 'done', error: null, tenantId: result.id ?? null });
      tookEffect(tx, row, operation, result.id, errors);
      settlePairs(tx, row, errors);
      if (run.type === 'undo') pinUndone(tx, run, row, ended.at);
      run.add(countOf(operation, errors.size));
      logOperation(tx, run, row, {
        ...ended,
        status: 'success',
        approvedBy: tx.guarding.approvedBy(row.digest)?.actor,
      });
      tx.guarding.spend(row.digest);
      for (const [member, error] of errors) refused(context, run, tx, row, error, now, member);
      // What was not taken would be found missing, and sent in vain, with every cycle.
      if (result.partial !== undefined) refused(context, run, tx, row, result.partial, now);
      return;
    }
    case 'failed':
      tx.journal.end({ ...end, state: 'failed', error: result.error.report(), tenantId: null });
      logOperation(tx, run, row, { ...ended, status: 'failure', error: result.error.report() });
      // Purged since, by somebody, or not shown yet: the bin is looked through before it is tried again.
      if (row.type === 'restore' && result.error instanceof ObjectGoneError) tx.facts.remove('binRead');
      refused(context, run, tx, row, result.error, now);
      return;
    case 'unknown':
      tx.journal.end({ ...end, state: 'unknown', error: reportOf(result.error), tenantId: null });
      logOperation(tx, run, row, { ...ended, status: 'unknown', error: reportOf(result.error) });
      run.add({ failed: 1 });
      context.log('warn', 'outcomeUnknown', {
        cycle: run.id,
        operation: row.id,
        anchor: row.anchor,
        ...result.error.report(),
      });
      return;
    default:
      result satisfies never;
  }
}

/**
 * What the tenant refuses for good is set aside and tried again with growing delay; the rest goes on. A link waits by
 * itself, whatever it is a link of.
 */
function refused(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  row: OperationRow,
  error: CloudSyncError,
  now: Date,
  member?: TenantId,
): void {
  run.add({ failed: 1 });
  context.log('warn', 'operationFailed', {
    cycle: run.id,
    operation: row.id,
    type: row.type,
    anchor: row.anchor,
    ...error.report(),
  });
  if (error.retry !== 'never') return;
  const at = now.toISOString();
  const waiting = (before: { readonly failures: number; readonly first_at: string } | undefined) => {
    const since = { failures: (before?.failures ?? 0) + 1, firstAt: before?.first_at ?? at };
    return { error: error.report(), ...since, retryAt: retryAt(since, now, context.configuration.retry) };
  };
  const { attribute, members = [] } = readPayload(row.payload);
  if (attribute === undefined) {
    const hash = tx.planning.end(row.identity)?.desired_hash ?? null;
    tx.journal.escrow({ identity: row.identity, ...waiting(tx.journal.escrowOf(row.identity)), at, hash });
    return;
  }
  for (const end of members) {
    const id = tx.planning.end(end)?.tenant_id ?? null;
    if (id === null || (member !== undefined && id !== member)) continue;
    const before = tx.planning.refusalOf(row.identity, attribute, end);
    tx.planning.refusePair({ holder: row.identity, attribute, member: end, ...waiting(before) });
  }
}

/** Directory and tenant agree on these links now: the next plan need not look at them again. */
function settlePairs(tx: StateTransactor, row: OperationRow, refusedMembers: Refused): void {
  const { attribute, members = [], replaces = [] } = readPayload(row.payload);
  if (attribute === undefined) return;
  // A member that is not in the tenant yet was left out of the write: its link is still to do.
  const taken = members.filter((member) => {
    const id = tx.planning.end(member)?.tenant_id ?? null;
    return id !== null && !refusedMembers.has(id);
  });
  for (const member of [...taken, ...replaces]) tx.planning.dropPair(row.identity, attribute, member);
}

/** What was taken back stays so: the directory has not changed, and would bring it again with the next cycle. */
function pinUndone(tx: StateTransactor, run: CycleRun, row: OperationRow, at: string): void {
  const { attribute = '' } = readPayload(row.payload);
  const reason = `cycle ${run.undo} was undone by cycle ${run.id}`;
  tx.pins.set({ identity: row.identity, aspect: attribute, reason, actor: run.actor, at });
}

/** The tenant has said yes: what is known of it is now what was sent. */
function tookEffect(
  tx: StateTransactor,
  row: OperationRow,
  operation: Operation,
  id: TenantId | undefined,
  refusedMembers: Refused,
): void {
  const { tenant, planning, journal } = tx;
  const known = tenant.byIdentity(row.identity);
  const holder = operation.object.id;
  const settled = (): void => {
    planning.clean(row.identity);
    journal.release(row.identity);
  };
  switch (operation.type) {
    case 'create':
      if (id === undefined) return;
      tenant.learn(
        {
          id,
          kind: row.kind,
          anchor: row.anchor,
          attributes: operation.attributes,
          synced: false,
          privileged: false,
          softDeleted: false,
        },
        true,
      );
      tenant.link(row.identity, id, 'new');
      tx.passwords.again(row.identity);
      settled();
      return;
    case 'adopt':
    case 'update':
    case 'disable': {
      const object = known ?? (holder === undefined ? undefined : tenant.byId(holder));
      if (object === undefined) return;
      const after = Object.entries(readPayload(row.payload).changes ?? {}).map(
        ([name, change]) => [name, change.after] as const,
      );
      const before = knownOf(object);
      tenant.learn(
        {
          ...before,
          anchor: operation.type === 'adopt' ? row.anchor : before.anchor,
          attributes: { ...before.attributes, ...Object.fromEntries(after) },
        },
        true,
      );
      if (object.identity === null) tenant.link(row.identity, object.tenant_id);
      settled();
      return;
    }
    case 'delete':
      if (holder !== undefined) tenant.removed(holder, true, true);
      settled();
      return;
    case 'restore':
      if (known !== undefined) tenant.learn({ ...knownOf(known), softDeleted: false }, true);
      return;
    case 'addMembers':
      if (holder === undefined) return;
      for (const member of operation.members) {
        if (member.id !== undefined && !refusedMembers.has(member.id))
          tenant.confirmLink(holder, operation.attribute, member.id, true);
      }
      return;
    case 'removeMember':
      if (holder !== undefined && operation.member.id !== undefined)
        tenant.confirmLink(holder, operation.attribute, operation.member.id, false);
      return;
    case 'setManager':
      if (holder !== undefined && operation.manager.id !== undefined)
        tenant.setSingle(holder, 'manager', operation.manager.id);
      return;
    case 'clearManager':
      if (holder !== undefined) tenant.setSingle(holder, 'manager', undefined);
      return;
    default:
      operation satisfies never;
  }
}

function countOf(operation: Operation, refusedMembers: number): Partial<CycleCounts> {
  switch (operation.type) {
    case 'create':
      return { created: 1 };
    case 'adopt':
      return { adopted: 1 };
    case 'update':
      return operation.changes['accountEnabled']?.after === false ? { disabled: 1 } : { updated: 1 };
    case 'disable':
      return { disabled: 1 };
    case 'delete':
      return { deleted: 1 };
    case 'restore':
      return { restored: 1 };
    case 'addMembers':
      return { membersAdded: operation.members.length - refusedMembers };
    case 'removeMember':
      return { membersRemoved: 1 };
    case 'setManager':
    case 'clearManager':
      return { managersSet: 1 };
    default:
      return operation satisfies never;
  }
}
