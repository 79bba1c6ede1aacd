import { parseDuration } from '../config/index.ts';
import { mostDeletes } from '../target/index.ts';
import { comparePlans } from './compare-plans.ts';
import { confirmTenant } from './confirm.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import {
  CycleStoppedError,
  DirectoryUnreadableError,
  FailureThresholdError,
  QuarantinedError,
  reportOf,
  TenantMismatchError,
  UnexpectedError,
} from './errors.ts';
import { evaluate } from './evaluate.ts';
import { exportPlan } from './export.ts';
import { guardPlan } from './guards.ts';
import { noteHeld } from './held.ts';
import { importSources } from './import.ts';
import { judgeFailures } from './judge-failures.ts';
import { noteChanges } from './note-changes.ts';
import { makePlan } from './plan.ts';
import { afterFailure, isResting } from './quarantine.ts';
import { recoverInFlight } from './recover.ts';
import { tenantQuarantine } from './show.ts';
import { planUndo } from './undo.ts';

/** Runs the stages in order and ends the run with its reason; what a stage has done stays done. */
export async function runStages(context: EngineContext, run: CycleRun): Promise<void> {
  const { log } = context;
  log('info', 'cycleStarted', { cycle: run.id, type: run.type, preview: run.preview });
  try {
    await meetTenant(context, run);
    // First of all: what was made without an answer is ours, also when the directory no longer knows it.
    await recoverInFlight(context, run);
    if (run.undo === undefined) {
      await run.during('import', () => importSources(context, run));
      const readable = context.connectors.length > run.connectorErrors.length;
      if (!readable) throw new DirectoryUnreadableError(run.connectorErrors);
      await run.during('evaluate', () => evaluate(context, run));
    }
    await run.during('confirm', () => confirmTenant(context, run));
    await run.during('plan', async () => {
      if (run.undo === undefined) await makePlan(context, run);
      else await planUndo(context, run, run.undo);
      comparePlans(context, run);
      guardPlan(context, run);
      await noteHeld(context, run);
    });
    if (!run.preview) {
      await run.during('export', () => exportAndNote(context, run));
      judgeFailures(context, run);
      retainLog(context);
    }
    const [held] = run.holds;
    const state = held === undefined ? 'succeeded' : 'held';
    run.end(state, held?.error ?? null);
    const unread = run.connectorErrors.map(({ connector }) => connector);
    log(unread.length === 0 ? 'info' : 'warn', 'cycleEnded', { cycle: run.id, state, unread, ...run.counts });
  } catch (error) {
    const stopped = run.signal.aborted;
    const report = stopped ? new CycleStoppedError(run.id).report() : reportOf(error);
    run.end(stopped ? 'stopped' : 'failed', report);
    log(stopped ? 'info' : 'error', 'cycleEnded', {
      cycle: run.id,
      state: stopped ? 'stopped' : 'failed',
      ...report,
      ...(report.code === UnexpectedError.code && error instanceof Error ? { stack: error.stack } : {}),
    });
  }
}

/** Times are asked for while the tenant is written to: nothing waits for them. */
async function exportAndNote(context: EngineContext, run: CycleRun): Promise<void> {
  const noted = noteChanges(context, run);
  try {
    await exportPlan(context, run);
  } finally {
    await noted;
  }
}

/** The log is kept as long as the configuration says. */
function retainLog({ state, now, configuration }: EngineContext): void {
  const since = new Date(now().getTime() - parseDuration(configuration.log.retention)).toISOString();
  state.transact((tx) => {
    tx.log.retain(since);
    tx.cycles.forget(since);
  });
}

/** Runs the work of a cycle that is about one object, and ends it with its reason. */
export async function runAlone<T>(context: EngineContext, run: CycleRun, work: () => Promise<T>): Promise<T> {
  try {
    await meetTenant(context, run);
    const result = await work();
    const [held] = run.holds;
    run.end(held === undefined ? 'succeeded' : 'held', held?.error ?? null);
    return result;
  } catch (error) {
    const stopped = run.signal.aborted;
    run.end(stopped ? 'stopped' : 'failed', stopped ? new CycleStoppedError(run.id).report() : reportOf(error));
    throw error;
  }
}

/** Signs in before anything is read, and refuses to go on with a state that belongs to another tenant. */
async function meetTenant(context: EngineContext, run: CycleRun): Promise<void> {
  const { state, target, now, configuration } = context;
  const before = tenantQuarantine(state.read);
  if (run.byItself && before !== undefined && isResting(before, now())) {
    throw new QuarantinedError(`tenant ${configuration.tenant.id}`, before.retryAt ?? '', before.error);
  }
  try {
    const { tenantId, deleteThreshold } = await target.check(run.signal);
    const synced = state.read.objects.countsByKind().reduce((n, counts) => n + counts.in_tenant, 0);
    run.deleteThreshold = deleteThreshold && mostDeletes(deleteThreshold, synced);
    const known = state.read.facts.get('tenantId');
    if (known !== undefined && known !== tenantId) throw new TenantMismatchError(known, tenantId);
    state.transact((tx) => {
      tx.facts.set('tenantId', tenantId);
      // A cycle that was too bad is made good by a better one, not by signing in.
      if (before?.error.code !== FailureThresholdError.code) tx.facts.remove('tenantQuarantine');
    });
  } catch (error) {
    run.signal.throwIfAborted();
    const quarantine = afterFailure(before, reportOf(error), now(), configuration.quarantine);
    state.transact((tx) => tx.facts.set('tenantQuarantine', JSON.stringify(quarantine)));
    throw error;
  }
}
