import type { Configuration } from '../config/index.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { DeleteThresholdError } from './errors.ts';

/** A percentage says little of a handful: it holds from this many deletes on. */
const leastDeletes = 3;

/** The most objects one cycle may delete: the count or the percentage, whichever is less. */
export function deleteLimit({ count, percent }: Configuration['safety']['deletes'], managed: number): number {
  return Math.min(count, Math.max(leastDeletes, Math.ceil((managed * percent) / 100)));
}

/**
 * Holds what would delete too much; everything else of the plan goes on. A cycle may delete fewer than the limit,
 * as documented for the product: a threshold of 500 lets 499 through.
 */
export function guardPlan(context: EngineContext, run: CycleRun): DeleteThresholdError | undefined {
  const { state, configuration } = context;
  const deletes = state.read.journal.countByType(run.id, 'planned').get('delete') ?? 0;
  if (deletes === 0) return undefined;
  const managed = state.transact((tx) => [...tx.planning.managed().values()].reduce((sum, n) => sum + n, 0));
  const limit = deleteLimit(configuration.safety.deletes, managed);
  if (deletes < limit) return undefined;
  const error = new DeleteThresholdError({ deletes, of: managed, limit });
  const held = state.transact((tx) => tx.journal.hold(run.id, 'delete', error.report()));
  run.add({ held });
  context.log('warn', 'heldByGuard', { cycle: run.id, held, ...error.report() });
  return error;
}
