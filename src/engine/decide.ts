import type { CycleRow, OperationRow, StateReader, StateTransactor } from '../state/index.ts';
import type { EngineContext } from './context.ts';
import { CycleRunningError, HeldDigestError, NotHeldError } from './errors.ts';
import { heldUndo } from './kept-plans.ts';
import { readPayload } from './payload.ts';
import { logDecision } from './provisioning-log.ts';

/** A person's word on what is held. */
export interface Decision {
  readonly verdict: 'approve' | 'deny';
  /** The digest of what is held, as it was shown. */
  readonly digest: string;
  /** All of it when these are left out: only what one guard holds... */
  readonly heldBy?: string | undefined;
  /** ...single operations by number, which the next cycle gives anew... */
  readonly operations?: readonly number[] | undefined;
  /** ...or by their own digests in hex, which stay as long as the operations do. */
  readonly digests?: readonly string[] | undefined;
  readonly actor: string;
}

export interface Decided {
  /** Operations decided on. */
  readonly count: number;
}

const batch = 500;

/**
 * Approves or denies what is held. Approved operations go out with the next cycle that plans them unchanged; denied
 * ones leave their object as it is until it should become something else, or is released. The later word counts; but
 * whoever approves the rest of what was partly denied has not named what was: that stays denied.
 */
export function decide({ state, now }: EngineContext, decision: Decision): Decided {
  const { verdict, digest, heldBy, actor } = decision;
  const cycle = holderOf(state.read, digest);
  const at = now().toISOString();
  const count = state.transact((tx) => {
    const carryOut = (isToo: (row: OperationRow) => boolean): number => {
      let count = 0;
      for (const row of chosen(tx, cycle, decision)) {
        if (!isToo(row)) continue;
        count += verdict === 'approve' ? approve(tx, row, { actor, at }) : deny(tx, cycle, row, { actor, at });
      }
      return count;
    };
    const named = decision.operations !== undefined || decision.digests !== undefined;
    const isOpen = (row: OperationRow): boolean => tx.pins.of(row.identity, aspectOf(row)) === undefined;
    const rest = verdict === 'approve' && !named ? carryOut(isOpen) : 0;
    const decided = rest === 0 ? carryOut(() => true) : rest;
    if (decided === 0) throw nothingLeft(tx, digest);
    if (verdict === 'deny' && cycle.type === 'undo') tx.cycles.forgetHold(cycle.id);
    for (const named of namedIn(decision)) {
      const detail = { digest, count: decided, ...(heldBy === undefined ? {} : { heldBy }), ...named };
      logDecision(tx, { at, cycle: cycle.id, action: verdict, status: 'success', actor, detail });
    }
    return decided;
  });
  return { count };
}

/** What was named one by one, in parts an entry of the log can hold; one part where nothing was. */
function* namedIn({ operations, digests }: Decision): Generator<Pick<Decision, 'operations' | 'digests'>> {
  if (operations === undefined && digests === undefined) yield {};
  const ids = [...new Set(operations)];
  for (let at = 0; at < ids.length; at += batch) yield { operations: ids.slice(at, at + batch) };
  const own = [...new Set(digests)];
  for (let at = 0; at < own.length; at += batch) yield { digests: own.slice(at, at + batch) };
}

/** The cycle, or the undo, that holds just what was shown. */
function holderOf(read: StateReader, digest: string): CycleRow {
  const last = read.cycles.lastPlanned();
  const found = [last, heldUndo(read)].find((cycle) => cycle?.held_digest === digest);
  if (found === undefined) throw new HeldDigestError(digest, last?.held_digest ?? heldUndo(read)?.held_digest ?? null);
  return found;
}

/** What is decided on; all that was named must be held. */
function* chosen(
  tx: StateTransactor,
  cycle: CycleRow,
  { digest, heldBy, operations, digests }: Decision,
): Generator<OperationRow> {
  const isHeld = (row: OperationRow | undefined): row is OperationRow =>
    row?.cycle === cycle.id && row.state === 'held' && (heldBy === undefined || row.held_by === heldBy);
  if (operations !== undefined || digests !== undefined) {
    for (const id of new Set(operations)) {
      const row = tx.journal.byId(id);
      if (!isHeld(row)) throw notAmong(tx, `Operation ${id}`, digest);
      yield row;
    }
    for (const own of new Set(digests)) {
      const row = tx.journal.byDigest(cycle.id, Buffer.from(own, 'hex'));
      if (!isHeld(row)) throw notAmong(tx, `Operation ${own}`, digest);
      yield row;
    }
    return;
  }
  let any = false;
  for (let after = { stage: -1, id: 0 }; ; ) {
    const rows = tx.journal.page({ cycle: cycle.id, state: 'held', type: null, after, limit: batch });
    for (const row of rows) {
      if (!isHeld(row)) continue;
      any = true;
      yield row;
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last;
  }
  if (!any && heldBy !== undefined) throw notAmong(tx, `Anything by ${heldBy}`, digest);
}

interface Word {
  readonly actor: string;
  readonly at: string;
}

/** How many were not approved before. */
function approve(tx: StateTransactor, row: OperationRow, { actor, at }: Word): number {
  tx.pins.releaseAspect(row.identity, aspectOf(row));
  return tx.guarding.approve({ digest: row.digest, actor, at });
}

function deny(tx: StateTransactor, cycle: CycleRow, row: OperationRow, { actor, at }: Word): number {
  tx.guarding.spend(row.digest);
  // The tenant is as the directory has it; that the undo is not wanted says nothing against that.
  if (cycle.type !== 'undo')
    tx.pins.set({ identity: row.identity, aspect: aspectOf(row), reason: `${row.type} was denied`, actor, at });
  return 1;
}

function aspectOf(row: OperationRow): string {
  return readPayload(row.payload).attribute ?? '';
}

/** While a cycle plans anew, what was shown is not there to be decided on. */
function nothingLeft(tx: StateTransactor, digest: string): Error {
  const running = tx.cycles.running();
  return running === undefined ? new HeldDigestError(digest, null) : new CycleRunningError(running.id);
}

function notAmong(tx: StateTransactor, what: string, digest: string): Error {
  const running = tx.cycles.running();
  return running === undefined ? new NotHeldError(what, digest) : new CycleRunningError(running.id);
}
