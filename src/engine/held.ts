import { breathe } from './breathe.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { limitTexts } from './guards.ts';
import { heldUndo } from './kept-plans.ts';
import { logOperation } from './provisioning-log.ts';

const batch = 500;
const day = 86_400_000;
/** An approval that was not used is forgotten after this time. */
const approvalDays = 30;

/** Writes to the log what is held now and was not before; what is let go shows by what becomes of it. */
export async function noteHeld({ state, now, configuration }: EngineContext, run: CycleRun): Promise<void> {
  if (run.preview) return;
  const at = now();
  for (let after = 0; ; ) {
    await breathe();
    run.signal.throwIfAborted();
    const last = state.transact((tx) => {
      const rows = tx.guarding.newlyHeld(run.id, after, batch);
      for (const { id } of rows) {
        const row = tx.journal.byId(id);
        if (row !== undefined) logOperation(tx, run, row, { status: 'held', at: at.toISOString(), error: row.error });
      }
      return rows.at(-1)?.id;
    });
    if (last === undefined) break;
    after = last;
  }
  // A plan of one object or of an undo says nothing of the others.
  if (run.type !== 'delta' && run.type !== 'full') return;
  state.transact((tx) => {
    tx.guarding.lapse(run.id, heldUndo(state.read)?.id ?? run.id);
    tx.guarding.keepHeld(run.id, at.toISOString(), limitTexts(configuration));
    tx.guarding.expire(new Date(at.getTime() - approvalDays * day).toISOString());
  });
}
