import { createHash } from 'node:crypto';
import type { PairRow, StateTransactor } from '../state/index.ts';
import type { OperationType } from '../target/index.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { type Payload, readPayload, writePayload } from './payload.ts';
import { isWaiting, planObject } from './plan-objects.ts';
import { stageOf } from './stages.ts';

const batch = 500;

/** Writes down what must change for the tenant to be what it should be: the difference, and nothing else. */
export function makePlan(context: EngineContext, run: CycleRun): void {
  const { state, rules } = context;
  state.transact((tx) => {
    tx.journal.prune(run.id);
    tx.planning.setLinkMappings(
      context.configuration.objects.flatMap((kind) =>
        rules.references(kind).map(({ source, target }) => ({ kind, source, target })),
      ),
    );
  });
  planObjects(context, run);
  planLinks(context, run);
  run.digest = digestOfPlan(context, run);
}

function planObjects(context: EngineContext, run: CycleRun): void {
  const { state } = context;
  const now = context.now().toISOString();
  const total = state.transact((tx) => tx.planning.countDirty());
  let done = 0;
  for (let after = 0; ; ) {
    run.signal.throwIfAborted();
    const last = state.transact((tx) => {
      const rows = tx.planning.dirtyIdentities(after, batch);
      for (const row of rows) {
        const plan = planObject(context, tx, row, now);
        switch (plan.outcome) {
          case 'clean':
            tx.planning.clean(row.id);
            if (row.escrow_retry_at !== null) tx.journal.release(row.id);
            break;
          case 'waiting':
            run.add({ held: 1 });
            break;
          case 'held':
            run.add({ held: 1 });
            context.log('warn', 'objectHeld', { cycle: run.id, anchor: row.anchor, ...plan.error.report() });
            tx.journal.escrow({
              identity: row.id,
              error: plan.error.report(),
              at: now,
              retryAt: now,
              hash: row.desired_hash,
            });
            break;
          case 'operations':
            for (const { type, payload, tenantId } of plan.operations) {
              tx.journal.plan({
                cycle: run.id,
                stage: stageOf(type),
                type,
                kind: row.kind,
                identity: row.id,
                anchor: row.anchor,
                displayName: row.display_name,
                dn: row.dn,
                tenantId,
                cause: row.cause,
                payload: writePayload(payload),
              });
            }
            break;
          default:
            plan satisfies never;
        }
      }
      done += rows.length;
      return rows.at(-1)?.id ?? null;
    });
    if (last === null) return;
    after = last;
    run.progress({ phase: 'plan', done, total });
  }
}

/** Memberships and managers: pairs of identities, taken holder by holder. */
function planLinks(context: EngineContext, run: CycleRun): void {
  const { state } = context;
  const now = context.now().toISOString();
  state.transact((tx) => tx.planning.collectPairs());
  let last = { holder: 0, attribute: '', member: 0 };
  const open = new Map<string, PairRow[]>();
  for (;;) {
    run.signal.throwIfAborted();
    const rows = state.transact((tx) => {
      const page = tx.planning.pairsAfter(last, 2 * batch);
      for (const row of page) {
        const key = `${row.holder} ${row.attribute} ${row.wanted}`;
        // Only the pairs of one holder and attribute are ever open.
        if (
          !open.has(key) &&
          [...open.values()].some(([first]) => first?.holder !== row.holder || first.attribute !== row.attribute)
        ) {
          flush(context, run, tx, open, now);
        }
        const pairs = open.get(key);
        if (pairs === undefined) open.set(key, [row]);
        else pairs.push(row);
        if ((pairs?.length ?? 1) >= context.target.profile.membersPerWrite && row.wanted === 1) {
          planPairs(context, run, tx, open.get(key) ?? [], now);
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
  const support = context.target.profile.kinds[holder.kind];
  if (!support.supported || !support.references.has(first.attribute)) return;
  const plan = (type: OperationType, members: readonly number[]): void => {
    const payload: Payload = { attribute: first.attribute, members };
    tx.journal.plan({
      cycle: run.id,
      stage: stageOf(type),
      type,
      kind: holder.kind,
      identity: holder.id,
      anchor: holder.anchor,
      displayName: holder.display_name,
      dn: holder.dn,
      tenantId: holder.tenant_id,
      cause: first.wanted === 1 ? 'linkAdded' : 'linkRemoved',
      payload: writePayload(payload),
    });
  };
  const members = pairs.map((pair) => pair.member);
  if (first.attribute === 'manager') plan(first.wanted === 1 ? 'setManager' : 'clearManager', members);
  else if (first.wanted === 1) plan('addMembers', members);
  else for (const member of members) plan('removeMember', [member]);
}

/** SHA-256 over the operations in order, by anchors rather than by row numbers: two equal plans have equal digests. */
function digestOfPlan(context: EngineContext, run: CycleRun): string {
  const { state } = context;
  const hash = createHash('sha256');
  for (let after = { stage: -1, id: 0 }; ; ) {
    const rows = state.read.journal.page({ cycle: run.id, state: null, type: null, after, limit: batch });
    const last = rows.at(-1);
    if (last === undefined) return hash.digest('hex');
    for (const { type, kind, anchor, payload } of rows) {
      const { members, ...rest } = readPayload(payload);
      const others = members?.map((member) => state.read.objects.identity(member)?.anchor ?? '');
      hash.update(`${type}\n${kind}\n${anchor}\n${writePayload(rest)}\n${others?.join(' ') ?? ''}\n`);
    }
    after = { stage: last.stage, id: last.id };
  }
}
