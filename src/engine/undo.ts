import type { TenantAttributes } from '../model/index.ts';
import { knownOf, type StateTransactor, type StoredLogEntry } from '../state/index.ts';
import type { AttributeChange, KindSupport, OperationType } from '../target/index.ts';
import { breathe } from './breathe.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { differences } from './desired.ts';
import { NothingToUndoError } from './errors.ts';
import { keptPlans } from './kept-plans.ts';
import type { Payload } from './payload.ts';
import { digestOfPlan } from './plan.ts';
import { planOperation } from './plan-operation.ts';
import { redactedValue } from './show.ts';

const batch = 200;

interface Inverse {
  readonly type: OperationType;
  readonly payload: Payload;
}

/**
 * Plans what takes back what a cycle did, as far as the tenant allows and as nobody has changed it since: old values,
 * restores from the recycle bin, memberships. Read from the log, newest first.
 */
export async function planUndo(context: EngineContext, run: CycleRun, cycle: number): Promise<void> {
  const { state } = context;
  state.transact((tx) => tx.journal.prune(run.id, { ...keptPlans(context, run), cycles: Number.MAX_SAFE_INTEGER }));
  let planned = 0;
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    await breathe();
    run.signal.throwIfAborted();
    const entries = state.read.log.before({ cycle, status: 'success' }, before, batch);
    const last = entries.at(-1);
    if (last === undefined) break;
    before = last.id;
    planned += state.transact((tx) => entries.reduce((sum, entry) => sum + planInverse(context, run, tx, entry), 0));
    run.progress({ phase: 'plan', done: planned });
  }
  if (planned === 0) throw new NothingToUndoError(cycle);
  run.digest = digestOfPlan(context, run.id);
}

function planInverse(context: EngineContext, run: CycleRun, tx: StateTransactor, entry: StoredLogEntry): number {
  if (entry.anchor === null || entry.kind === null) return 0;
  const found = tx.objects.identityOf(entry.kind, entry.anchor);
  const end = found === undefined ? undefined : tx.planning.end(found.id);
  if (end === undefined) return 0;
  const inverses = inversesOf(context, tx, end.id, entry);
  const row = {
    kind: end.kind,
    identity: end.id,
    anchor: end.anchor,
    displayName: end.display_name,
    forest: end.forest,
    dn: end.dn,
    tenantId: tx.tenant.byIdentity(end.id)?.tenant_id ?? null,
    cause: 'undo',
  };
  for (const { type, payload } of inverses) {
    const anchors = (payload.members ?? []).flatMap((member) => tx.objects.identity(member)?.anchor ?? []);
    planOperation(tx, run, row, type, payload, anchors);
  }
  return inverses.length;
}

/** What takes the entry back; nothing where the tenant is no longer as the entry left it. */
function inversesOf(
  context: EngineContext,
  tx: StateTransactor,
  identity: number,
  entry: StoredLogEntry,
): readonly Inverse[] {
  const tenant = tx.tenant.byIdentity(identity);
  const live = tenant !== undefined && tenant.soft_deleted === 0 ? tenant : undefined;
  const { attribute, changes, members, replaces } = readDetail(entry);
  const idsOf = (ends: readonly LogEnd[]) =>
    ends.flatMap(({ kind, anchor }) => tx.objects.identityOf(kind, anchor)?.id ?? []);
  const ends = idsOf(members);
  const isLinked = (end: number): boolean => tx.planning.isLinked(identity, attribute, end);
  switch (entry.action) {
    case 'create':
    case 'restore':
      return live === undefined || live.privileged === 1 ? [] : [{ type: 'delete', payload: {} }];
    case 'delete':
      return tenant?.soft_deleted === 1 ? [{ type: 'restore', payload: {} }] : [];
    case 'adopt':
    case 'update':
    case 'disable': {
      if (live === undefined) return [];
      const known = knownOf(live).attributes;
      const back = reversed(context.target.profile.kinds[live.kind], changes, known);
      if (Object.keys(back).length === 0) return [];
      const after = Object.fromEntries(Object.entries(back).map(([name, change]) => [name, change.after]));
      const whole = context.target.profile.wholeObjects ? { whole: { ...known, ...after } } : {};
      return [{ type: 'update', payload: { changes: back, ...whole } }];
    }
    case 'addMembers':
      return ends.filter(isLinked).map((end) => ({ type: 'removeMember', payload: { attribute, members: [end] } }));
    case 'removeMember': {
      const gone = ends.filter((end) => !isLinked(end));
      return gone.length === 0 ? [] : [{ type: 'addMembers', payload: { attribute, members: gone } }];
    }
    case 'setManager': {
      if (!ends.every(isLinked)) return [];
      const before = idsOf(replaces);
      return before.length === 0
        ? [{ type: 'clearManager', payload: { attribute, members: ends } }]
        : [{ type: 'setManager', payload: { attribute, members: before, replaces: ends } }];
    }
    case 'clearManager':
      return [{ type: 'setManager', payload: { attribute, members: ends } }];
    default:
      return [];
  }
}

/** The old values, where the tenant still has the new ones. */
function reversed(
  support: KindSupport,
  changes: LogDetail['changes'],
  known: TenantAttributes,
): Readonly<Record<string, AttributeChange>> {
  const after = Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, change.after]));
  const changedSince = differences(support, after, known);
  return Object.fromEntries(
    Object.entries(changes)
      .filter(([name, { before }]) => changedSince[name] === undefined && before !== redactedValue)
      .map(([name, change]) => [name, { before: change.after, after: change.before }]),
  );
}

interface LogEnd {
  readonly kind: string;
  readonly anchor: string;
}

interface LogDetail {
  readonly attribute: string;
  readonly changes: Readonly<Record<string, AttributeChange>>;
  readonly members: readonly LogEnd[];
  readonly replaces: readonly LogEnd[];
}

/** Reads what `logOperation` wrote. */
function readDetail({ detail }: StoredLogEntry): LogDetail {
  return { attribute: 'member', changes: {}, members: [], replaces: [], ...(detail as Partial<LogDetail>) };
}
