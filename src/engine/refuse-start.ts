import { createHash } from 'node:crypto';
import type { StateReader } from '../state/index.ts';
import { CycleUnknownError, NothingToUndoError, PlanMovedError } from './errors.ts';
import type { StartCycle } from './shapes.ts';

/** Operations named in the refusal. */
const named = 10;
/** Of a plan without operations. */
const emptyDigest = createHash('sha256').digest('hex');

/** Refuses what cannot come to anything before a cycle is begun, as far as no directory and no tenant need be read for it. */
export function refuseStart(read: StateReader, { plan, undo }: StartCycle): void {
  if (undo !== undefined) {
    if (read.cycles.byId(undo) === undefined) throw new CycleUnknownError(undo);
    const [done] = read.log.before({ cycle: undo, status: 'success' }, Number.MAX_SAFE_INTEGER, 1);
    if (done === undefined) throw new NothingToUndoError(undo);
  }
  if (plan === undefined) return;
  const { cycle, digest } = plan;
  const made = read.cycles.byId(cycle);
  if (made?.digest == null) throw new CycleUnknownError(cycle);
  if (made.digest !== digest) throw new PlanMovedError(cycle, [`its digest is ${made.digest}, not ${digest}`]);
  if (digest !== emptyDigest && read.journal.count(cycle) === 0)
    throw new PlanMovedError(cycle, ['it was not saved, and a later cycle has planned anew']);
  const done = read.journal.doneSince(cycle, named);
  if (done.length > 0) {
    const differences = done.map((one) => `${one.type} of ${one.display_name} was done by cycle ${one.cycle}`);
    throw new PlanMovedError(cycle, differences);
  }
}
