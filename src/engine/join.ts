import type { SourceAnchor } from '../model/index.ts';
import type { EvaluationRow, StateTransactor } from '../state/index.ts';
import type { EngineContext } from './context.ts';
import { JoinConflictError } from './object-errors.ts';
import { nameOf, viewOf } from './source-view.ts';

/**
 * The identity of an object that other connectors know too: the one the tenant has already, since its anchor is
 * immutable, else that of the object whose values win. What joins it is moved there. `undefined`: each has an account, and they
 * are held.
 */
export function joinedIdentity(
  { rules }: EngineContext,
  tx: StateTransactor,
  row: EvaluationRow,
  others: readonly EvaluationRow[],
  own: SourceAnchor,
): number | undefined {
  const { evaluation } = tx;
  const all = [row, ...others];
  const identities = [...new Set(all.flatMap(({ identity }) => identity ?? []))];
  const known = identities.filter((identity) => evaluation.anchorOf(identity)?.known === 1);
  const [first] = rules.inOrder(all.map(viewOf));
  const anchor = first === undefined ? own : (rules.anchor(first).anchor ?? own);
  const chosen = known[0] ?? evaluation.ensureIdentity(row.kind, anchor, nameOf(first ?? viewOf(row)));
  if (known.length > 1) {
    // Two accounts of the tenant would become one: nobody but a person can say which of them goes.
    const error = new JoinConflictError(
      row.dn,
      others.map(({ dn }) => dn),
    ).report();
    for (const identity of known) evaluation.hold(identity, error, row.dn);
    return undefined;
  }
  for (const other of others) {
    if (other.identity === chosen) continue;
    if (other.identity !== null) evaluation.markStale(other.identity);
    evaluation.setIdentity(other.id, chosen);
  }
  if (row.identity !== null && row.identity !== chosen) evaluation.markStale(row.identity);
  return chosen;
}
