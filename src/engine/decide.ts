import type { StateTransactor } from '../state/index.ts';
import type { EngineContext } from './context.ts';
import { HeldDigestError } from './errors.ts';
import { readPayload } from './payload.ts';
import { logDecision } from './provisioning-log.ts';

/** A person's word on what is held. */
export interface Decision {
  readonly verdict: 'approve' | 'deny';
  /** The digest of what is held, as it was shown. */
  readonly digest: string;
  /** All of it when left out: what one guard holds, or single operations. */
  readonly heldBy?: string | undefined;
  readonly operations?: readonly number[] | undefined;
  readonly actor: string;
}

export interface Decided {
  /** Operations decided on. */
  readonly count: number;
}

const batch = 500;

/**
 * Approves or denies what is held. Approved operations go out with the next cycle that plans them unchanged; denied
 * ones leave their object as it is until it should become something else, or is released.
 */
export function decide({ state, now }: EngineContext, decision: Decision): Decided {
  const { verdict, digest, heldBy, operations, actor } = decision;
  const cycle = state.read.cycles.lastPlanned();
  if (cycle === undefined || cycle.held_digest !== digest)
    throw new HeldDigestError(digest, cycle?.held_digest ?? null);
  const at = now().toISOString();
  const count = state.transact((tx) => {
    const decided =
      verdict === 'approve'
        ? approve(tx, cycle.id, { heldBy: heldBy ?? null, operations, actor, at })
        : deny(tx, cycle.id, { heldBy: heldBy ?? null, operations, actor, at });
    // Its operations are being planned anew: what was shown is not there to be decided on.
    if (decided === 0) throw new HeldDigestError(digest, null);
    logDecision(tx, {
      at,
      cycle: cycle.id,
      action: verdict,
      status: 'success',
      actor,
      detail: {
        digest,
        count: decided,
        ...(heldBy === undefined ? {} : { heldBy }),
        ...(operations === undefined ? {} : { operations }),
      },
    });
    return decided;
  });
  return { count };
}

interface Selection {
  readonly heldBy: string | null;
  readonly operations: readonly number[] | undefined;
  readonly actor: string;
  readonly at: string;
}

function approve(tx: StateTransactor, cycle: number, { heldBy, operations, actor, at }: Selection): number {
  const one = (operation: number | null): number => tx.guarding.approve({ cycle, heldBy, operation, actor, at });
  return operations === undefined ? one(null) : operations.reduce((sum, operation) => sum + one(operation), 0);
}

function deny(tx: StateTransactor, cycle: number, { heldBy, operations, actor, at }: Selection): number {
  const chosen = operations === undefined ? undefined : new Set(operations);
  let count = 0;
  for (let after = { stage: -1, id: 0 }; ; ) {
    const rows = tx.journal.page({ cycle, state: 'held', type: null, after, limit: batch });
    for (const row of rows) {
      if ((heldBy !== null && row.held_by !== heldBy) || chosen?.has(row.id) === false) continue;
      const { attribute = '' } = readPayload(row.payload);
      tx.pins.set({ identity: row.identity, aspect: attribute, reason: `${row.type} was denied`, actor, at });
      count += 1;
    }
    const last = rows.at(-1);
    if (last === undefined) return count;
    after = last;
  }
}
