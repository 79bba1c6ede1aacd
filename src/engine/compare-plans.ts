import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { PlanMovedError } from './errors.ts';

/** Differences named in the refusal; the new plan shows them all. */
const named = 10;

/** A saved plan is carried out as it was shown or not at all: the plan just made must be the same, operation by operation. */
export function comparePlans({ state }: EngineContext, run: CycleRun): void {
  if (run.plan === undefined) return;
  const { cycle, digest } = run.plan;
  if (run.digest === digest) return;
  const differences = state.read.journal
    .differing(cycle, run.id, named)
    .map(
      ({ side, type, display_name, cause }) =>
        `${type} of ${display_name} ${side === 'now' ? `is new (${cause})` : 'is no longer to be done'}`,
    );
  throw new PlanMovedError(cycle, differences.length === 0 ? ['the order of its operations'] : differences);
}
