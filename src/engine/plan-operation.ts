import { canonicalJson, digestOf, type SourceAnchor } from '../model/index.ts';
import type { NewOperation, StateTransactor } from '../state/index.ts';
import type { OperationType } from '../target/index.ts';
import type { CycleRun } from './cycle-run.ts';
import { type Payload, writePayload } from './payload.ts';
import { stageOf } from './stages.ts';

/** What an operation is planned from; the rest of its row follows. */
export type PlannedRow = Omit<NewOperation, 'cycle' | 'stage' | 'type' | 'payload' | 'digest' | 'heldBy' | 'error'>;

/** Puts one operation into the plan. */
export function planOperation(
  tx: StateTransactor,
  run: CycleRun,
  row: PlannedRow,
  type: OperationType,
  payload: Payload,
  members: readonly SourceAnchor[],
  hold?: { readonly by: string; readonly error: string },
): void {
  const digest = operationDigest({ type, kind: row.kind, anchor: row.anchor, payload, members });
  const held = hold !== undefined && tx.guarding.approvedBy(digest) === undefined ? hold : undefined;
  tx.journal.plan({
    ...row,
    cycle: run.id,
    stage: stageOf(type),
    type,
    payload: writePayload(payload),
    digest,
    heldBy: held?.by ?? null,
    error: held?.error ?? null,
  });
  if (held !== undefined) run.add({ held: 1 });
}

/** Over what an operation does, by anchors rather than by row numbers: planned again, it is the same. */
export function operationDigest(operation: {
  readonly type: string;
  readonly kind: string;
  readonly anchor: string;
  readonly payload: Payload;
  readonly members: readonly SourceAnchor[];
}): Uint8Array {
  const { type, kind, anchor, payload, members } = operation;
  const { attributes, changes, attribute } = payload;
  return digestOf(canonicalJson({ type, kind, anchor, attributes, changes, attribute, members }));
}
