import type { EndRow, LinkMapping, PairRow, StateTransactor } from '../state/index.ts';
import { LastOwnerError, type OperationType } from '../target/index.ts';
import { breathe } from './breathe.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { GroupTooLargeError } from './object-errors.ts';
import { isWaiting } from './plan-objects.ts';
import { planOperation } from './plan-operation.ts';

const batch = 1000;

/** Memberships and managers: pairs of identities, taken holder by holder. */
export async function planLinks(context: EngineContext, run: CycleRun): Promise<void> {
  const { state } = context;
  const now = context.now().toISOString();
  state.transact((tx) => tx.planning.collectPairs(leavers(context)));
  let last = { holder: 0, attribute: '', member: 0 };
  const open = new Map<string, PairRow[]>();
  let before: PairRow | undefined;
  for (;;) {
    await breathe();
    run.signal.throwIfAborted();
    const rows = state.transact((tx) => {
      const page = tx.planning.pairsAfter(last, now, batch);
      for (const row of page) {
        if (row.holder !== before?.holder) countDiffering(run, tx, row.holder);
        // Only the pairs of one holder and attribute are ever open.
        if (row.holder !== before?.holder || row.attribute !== before.attribute) flush(context, run, tx, open, now);
        before = row;
        // A manager that waits keeps the one before.
        if (row.waits !== null && row.attribute !== 'manager') {
          countWaiting(run, row);
          continue;
        }
        const key = String(row.wanted);
        const pairs = open.get(key) ?? [];
        pairs.push(row);
        open.set(key, pairs);
        if (row.wanted === 1 && pairs.length >= context.target.profile.membersPerWrite) {
          planPairs(context, run, tx, pairs, now, open);
          open.set(key, []);
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

function countWaiting(run: CycleRun, { waits }: PairRow): void {
  if (waits === 'refused') run.add({ waiting: 1 });
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
  tx.planning.collectPairs(leavers(context));
  const chosen = new Set(members.flatMap((text) => tx.objects.named(text)?.id ?? []));
  const open = new Map<string, PairRow[]>();
  for (let last = { holder, attribute: '', member: 0 }; ; ) {
    const page = tx.planning.pairsAfter(last, now, batch);
    for (const row of page) {
      if (row.holder !== holder || (row.attribute !== 'manager' && !chosen.has(row.member))) continue;
      // Whoever asks for it does not wait for the time to try again.
      const pair = row.waits === 'refused' ? { ...row, waits: null } : row;
      if (pair.waits !== null && pair.attribute !== 'manager') continue;
      const key = String(row.wanted);
      open.set(key, [...(open.get(key) ?? []), pair]);
    }
    const end = page.at(-1);
    if (end === undefined || end.holder !== holder) break;
    last = end;
  }
  flush(context, run, tx, open, now);
}

/** Do the accounts of those who left stay in the tenant? */
function leavers({ configuration }: EngineContext): { readonly usersStay: boolean } {
  return { usersStay: configuration.removal.user !== 'delete' };
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
  for (const pairs of open.values()) planPairs(context, run, tx, pairs, now, open, replaces);
  open.clear();
}

function planPairs(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  pairs: readonly PairRow[],
  now: string,
  open: ReadonlyMap<string, readonly PairRow[]>,
  replaces: readonly PairRow[] = [],
): void {
  const [first] = pairs;
  if (first === undefined) return;
  if (first.waits !== null) {
    countWaiting(run, first);
    return;
  }
  const holder = tx.planning.end(first.holder);
  if (holder === undefined || run.blockedForests.has(holder.forest ?? '')) return;
  // The group stays with the members it has, until it is small enough again.
  if (holder.error_code === GroupTooLargeError.code) return;
  // An object that is there has its links, whatever else of it the tenant refuses.
  if (holder.tenant_id === null && isWaiting(holder, now)) return;
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
  else {
    const mayBeLast = support.keepsLast?.has(first.attribute) === true && !open.has('1');
    const left = mayBeLast ? lastOwner(run, tx, holder, pairs, now) : undefined;
    for (const pair of pairs) if (pair !== left) plan('removeMember', [pair]);
  }
}

/** The tenant does not take the last owner from a group: that one stays until there is another. */
function lastOwner(
  run: CycleRun,
  tx: StateTransactor,
  { id, dn, display_name }: EndRow,
  pairs: readonly PairRow[],
  now: string,
): PairRow | undefined {
  const last = pairs.at(-1);
  if (last === undefined || tx.planning.countLinks(id, last.attribute) > pairs.length) return undefined;
  const error = new LastOwnerError({ object: dn ?? display_name }).report();
  tx.planning.refusePair({ ...last, error, failures: 0, firstAt: now, retryAt: now });
  run.add({ held: 1 });
  return last;
}
