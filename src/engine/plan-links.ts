import type { LinkMapping, PairRow, StateTransactor } from '../state/index.ts';
import type { OperationType } from '../target/index.ts';
import { breathe } from './breathe.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { GroupTooLargeError } from './object-errors.ts';
import { isPartial, isWaiting } from './plan-objects.ts';
import { planOperation } from './plan-operation.ts';

const batch = 1000;

/** Memberships and managers: pairs of identities, taken holder by holder. */
export async function planLinks(context: EngineContext, run: CycleRun): Promise<void> {
  const { state } = context;
  const now = context.now().toISOString();
  state.transact((tx) => tx.planning.collectPairs());
  let last = { holder: 0, attribute: '', member: 0 };
  const open = new Map<string, PairRow[]>();
  let counted: number | undefined;
  for (;;) {
    await breathe();
    run.signal.throwIfAborted();
    const rows = state.transact((tx) => {
      const page = tx.planning.pairsAfter(last, batch);
      for (const row of page) {
        if (row.holder !== counted) countDiffering(run, tx, row.holder);
        counted = row.holder;
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

/** A full cycle compares all there is: a holder whose own values are right differs by its links alone. */
function countDiffering(run: CycleRun, tx: StateTransactor, holder: number): void {
  if (run.type === 'full' && tx.planning.end(holder)?.dirty === 0) run.add({ differing: 1 });
}

/** Of one group's memberships those with the chosen members, and its manager. */
export function planChosenMembers(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  holder: number,
  members: readonly string[],
  now: string,
): void {
  tx.planning.setLinkMappings(linkMappings(context));
  tx.planning.collectPairs();
  const chosen = new Set(members.flatMap((text) => tx.objects.named(text)?.id ?? []));
  const open = new Map<string, PairRow[]>();
  for (let last = { holder, attribute: '', member: 0 }; ; ) {
    const page = tx.planning.pairsAfter(last, batch);
    for (const row of page) {
      if (row.holder !== holder || (row.attribute !== 'manager' && !chosen.has(row.member))) continue;
      const key = String(row.wanted);
      open.set(key, [...(open.get(key) ?? []), row]);
    }
    const end = page.at(-1);
    if (end === undefined || end.holder !== holder) break;
    last = end;
  }
  flush(context, run, tx, open, now);
}

/** The reference attributes that flow, by kind. */
export function linkMappings({ configuration, rules }: EngineContext): readonly LinkMapping[] {
  return configuration.objects.flatMap((kind) =>
    rules.references(kind).map(({ source, target }) => ({ kind, source, target })),
  );
}

function flush(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  open: Map<string, PairRow[]>,
  now: string,
): void {
  // A manager that is set anew need not be cleared first.
  const wanted = open.get('1');
  const replaces = wanted?.[0]?.attribute === 'manager' ? (open.get('0') ?? []) : [];
  if (replaces.length > 0) open.delete('0');
  for (const pairs of open.values()) planPairs(context, run, tx, pairs, now, replaces);
  open.clear();
}

function planPairs(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  pairs: readonly PairRow[],
  now: string,
  replaces: readonly PairRow[] = [],
): void {
  const [first] = pairs;
  if (first === undefined) return;
  const holder = tx.planning.end(first.holder);
  if (holder === undefined || run.blockedForests.has(holder.forest ?? '')) return;
  // The group stays with the members it has, until it is small enough again.
  if (holder.error_code === GroupTooLargeError.code) return;
  // An object that is there but for one address has its links none the less.
  if (isWaiting(holder, now) && !isPartial(holder)) return;
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
    const payload = {
      attribute: first.attribute,
      members: ends.map((pair) => pair.member),
      ...(replaces.length === 0 ? {} : { replaces: replaces.map((pair) => pair.member) }),
    };
    planOperation(
      tx,
      run,
      row,
      type,
      payload,
      ends.map((pair) => pair.member_anchor),
    );
  };
  if (first.attribute === 'manager') plan(first.wanted === 1 ? 'setManager' : 'clearManager', pairs);
  else if (first.wanted === 1) plan('addMembers', pairs);
  else for (const pair of pairs) plan('removeMember', [pair]);
}
