import type { OperationType, TenantRef } from '../target/index.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { CycleInterruptedError } from './errors.ts';
import { logOperation } from './provisioning-log.ts';

/** Sending these again gives the same result, so the plan may simply find them still to do. */
const idempotent: ReadonlySet<OperationType> = new Set(['addMembers', 'removeMember', 'setManager', 'clearManager']);

/**
 * Looks up, by anchor, what became of operations that were sent and never answered: by a process that was killed,
 * or over a connection that broke. What is found is what is known; the plan then does what is left to do. Where a
 * target takes the same operation twice, nothing is looked up, and the plan finds what the next read does not show.
 */
export async function recoverInFlight(context: EngineContext, run: CycleRun): Promise<void> {
  const { state, target } = context;
  for (;;) {
    const rows = state.transact((tx) => tx.journal.inFlight(100));
    if (rows.length === 0) return;
    for (const row of rows) {
      run.signal.throwIfAborted();
      const ref: TenantRef = { kind: row.kind, anchor: row.anchor, id: row.tenant_id ?? undefined };
      const resend = target.profile.resendSafe === true || idempotent.has(row.type as OperationType);
      const found = resend ? undefined : await target.find(ref, run.signal);
      state.transact((tx) => {
        if (found !== undefined) {
          tx.tenant.learn(found, false);
          const identity = tx.planning.end(row.identity);
          if (
            identity !== undefined &&
            identity.anchor === found.anchor &&
            tx.tenant.byIdentity(row.identity) === undefined
          ) {
            tx.tenant.link(row.identity, found.id);
          }
        } else if (!resend && row.type === 'delete' && row.tenant_id !== null) tx.tenant.removed(row.tenant_id, true);
        const tookEffect =
          row.type === 'create' ? found !== undefined : row.type === 'delete' && !resend && found === undefined;
        const error = tookEffect ? null : new CycleInterruptedError().report();
        const at = context.now().toISOString();
        const tenantId = found?.id ?? null;
        tx.journal.end({ id: row.id, state: tookEffect ? 'done' : 'failed', error, requestId: null, tenantId, at });
        logOperation(tx, run, row, { status: tookEffect ? 'success' : 'unknown', at, error });
      });
      context.log('info', 'recovered', {
        cycle: run.id,
        operation: row.id,
        type: row.type,
        anchor: row.anchor,
        found: found?.id ?? null,
      });
    }
  }
}
