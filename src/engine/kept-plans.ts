import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';

/** Plans that outlive the one being made: the one it is compared with, and beside a preview what the last real cycle holds. */
export function keptPlans({ state }: EngineContext, run: CycleRun): { readonly cycle: number; readonly held: number } {
  const held = run.preview || run.type === 'onDemand' ? state.read.cycles.lastPlanned()?.id : undefined;
  return { cycle: run.plan?.cycle ?? run.id, held: held ?? run.id };
}
