import type { CycleRow, StateReader } from '../state/index.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';

interface KeptPlans {
  readonly cycle: number;
  readonly held: number;
  readonly undo: number;
}

/**
 * Plans that outlive the one being made: the one it is compared with, what the last undo holds, and beside what is no cycle
 * over everything what the last one holds.
 */
export function keptPlans({ state }: EngineContext, run: CycleRun): KeptPlans {
  const replaces = !run.preview && (run.type === 'delta' || run.type === 'full');
  const { cycles } = state.read;
  return {
    cycle: run.plan?.cycle ?? run.id,
    held: (replaces ? undefined : cycles.lastPlanned()?.id) ?? run.id,
    undo: (run.type === 'undo' && !run.preview ? undefined : heldUndo(state.read)?.id) ?? run.id,
  };
}

/** The last undo, while it waits to be approved. */
export function heldUndo({ cycles }: StateReader): CycleRow | undefined {
  const undo = cycles.lastUndo();
  return undo?.held_digest == null ? undefined : undo;
}
