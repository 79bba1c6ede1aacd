import type { PairRow, StateTransactor } from '../state/index.ts';
import type { OperationType } from '../target/index.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { planOperation } from './plan.ts';
import { isWaiting } from './plan-objects.ts';

const batch = 1000;

/** Memberships and managers: pairs of identities, taken holder by holder. */
export function planLinks(context: EngineContext, run: CycleRun): void {
  const { state } = context;
  const now = context.now().toISOString();
  state.transact((tx) => tx.planning.collectPairs());
  let last = { holder: 0, attribute: '', member: 0 };
  const open = new Map<string, PairRow[]>();
  for (;;) {
    run.signal.throwIfAborted();
    const rows = state.transact((tx) => {
      const page = tx.planning.pairsAfter(last, batch);
      for (const row of page) {
        const [first] = open.values().next().value ?? [];
        // Only the pairs of one holder and attribute are ever open.
        if (first !== undefined && (first.holder !== row.holder || first.attribute !== row.attribute)) {
          flush(context, run, tx, open, now);
        }
        const key = String(row.wanted);
        const pairs = open.get(key) ?? [];
        pairs.push(row);
        open.set(key, pairs);
        if (row.wanted === 1 && pairs.length >= context.target.profile.membersPerWrite) {
          planPairs(context, run, tx, pairs, now);
          open.delete(key);
        }
      }
      return page;
    });
    const end = rows.at(-1);
    if (end === undefined) break;
    last = end;
  }
  state.transact((tx) => flush(context, run, tx, open, now));
}

function flush(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  open: Map<string, PairRow[]>,
  now: string,
): void {
  // A manager that is set anew need not be cleared first.
  const replaced = [...open.values()].some(([first]) => first?.attribute === 'manager' && first.wanted === 1);
  for (const pairs of open.values()) {
    if (replaced && pairs[0]?.wanted === 0) continue;
    planPairs(context, run, tx, pairs, now);
  }
  open.clear();
}

function planPairs(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  pairs: readonly PairRow[],
  now: string,
): void {
  const [first] = pairs;
  if (first === undefined) return;
  const holder = tx.planning.end(first.holder);
  if (holder === undefined || isWaiting(holder, now)) return;
  if (tx.pins.of(holder.id, first.attribute) !== undefined) {
    run.add({ held: pairs.length });
    return;
  }
  const support = context.target.profile.kinds[holder.kind];
  if (!support.supported || !support.references.has(first.attribute)) return;
  const plan = (type: OperationType, ends: readonly PairRow[]): void => {
    const row = {
      kind: holder.kind,
      identity: holder.id,
      anchor: holder.anchor,
      displayName: holder.display_name,
      forest: holder.forest,
      dn: holder.dn,
      tenantId: holder.tenant_id,
      cause: first.wanted === 1 ? 'linkAdded' : 'linkRemoved',
    };
    const members = ends.map((pair) => pair.member);
    planOperation(
      tx,
      run,
      row,
      type,
      { attribute: first.attribute, members },
      ends.map((pair) => pair.member_anchor),
    );
  };
  if (first.attribute === 'manager') plan(first.wanted === 1 ? 'setManager' : 'clearManager', pairs);
  else if (first.wanted === 1) plan('addMembers', pairs);
  else for (const pair of pairs) plan('removeMember', [pair]);
}
