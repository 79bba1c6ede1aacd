import { createHash } from 'node:crypto';
import type { StateTransactor } from '../state/index.ts';
import { breathe } from './breathe.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { keptPlans } from './kept-plans.ts';
import { linkMappings, planLinks } from './plan-links.ts';
import { planObject } from './plan-objects.ts';
import { planOperation } from './plan-operation.ts';

const batch = 500;
/** Cycles whose operations stay to be looked at; the log tells of older ones. */
const cyclesKept = 20;

/** Writes down what must change for the tenant to be what it should be: the difference, and nothing else. */
export async function makePlan(context: EngineContext, run: CycleRun): Promise<void> {
  context.state.transact((tx) => {
    tx.journal.prune(run.id, { ...keptPlans(context, run), cycles: cyclesKept });
    tx.planning.setLinkMappings(linkMappings(context));
  });
  await planObjects(context, run);
  await planLinks(context, run);
  run.digest = digestOfPlan(context, run.id);
}

async function planObjects(context: EngineContext, run: CycleRun): Promise<void> {
  const { state } = context;
  const now = context.now().toISOString();
  const total = state.transact((tx) => tx.planning.countDirty());
  let done = 0;
  for (let after = 0; ; ) {
    await breathe();
    run.signal.throwIfAborted();
    const last = state.transact((tx) => {
      const rows = tx.planning.dirtyIdentities(after, batch);
      for (const row of rows) planIdentity(context, run, tx, row, now);
      done += rows.length;
      return rows.at(-1)?.id ?? null;
    });
    if (last === null) return;
    after = last;
    run.progress({ phase: 'plan', done, total });
  }
}

/** Plans one identity's own operations, or notes why there are none. */
export function planIdentity(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  row: Parameters<typeof planObject>[2],
  now: string,
): void {
  const plan = planObject({ configuration: context.configuration, profile: context.target.profile }, tx, row, now);
  if (plan.match?.by === 'anchor' && plan.outcome !== 'held') tx.tenant.link(row.id, plan.match.tenant.tenant_id);
  if (plan.outcome === 'clean' || plan.outcome === 'operations') tx.pins.releaseAspect(row.id, '');
  run.add({ compared: 1, differing: plan.outcome === 'clean' ? 0 : 1 });
  switch (plan.outcome) {
    case 'clean':
      tx.planning.clean(row.id);
      if (row.escrow_retry_at !== null) tx.journal.release(row.id);
      return;
    case 'waiting':
      run.add(row.error === null ? { waiting: 1 } : { held: 1 });
      return;
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
      return;
    case 'operations':
      for (const { type, payload, tenantId, hold } of plan.operations) {
        const planned = {
          kind: row.kind,
          identity: row.id,
          anchor: row.anchor,
          displayName: row.display_name,
          forest: row.forest,
          dn: row.dn,
          tenantId,
          cause: row.cause,
        };
        planOperation(tx, run, planned, type, payload, [], hold);
      }
      return;
    default:
      plan satisfies never;
  }
}

/** SHA-256 over the operations' digests in order: two equal plans have equal digests. */
export function digestOfPlan({ state }: EngineContext, cycle: number): string {
  const hash = createHash('sha256');
  for (let after = { stage: -1, id: 0 }; ; ) {
    const rows = state.read.journal.digests(cycle, after, 10 * batch);
    for (const { digest } of rows) hash.update(digest);
    const last = rows.at(-1);
    if (last === undefined) return hash.digest('hex');
    after = { stage: last.stage, id: last.id };
  }
}

/** SHA-256 over what is held, whatever else the plan holds; null where nothing is. */
export function digestOfHeld({ state }: EngineContext, cycle: number): string | null {
  const hash = createHash('sha256');
  let after: Uint8Array = new Uint8Array();
  for (let any = false; ; any = true) {
    const rows = state.read.journal.heldDigests(cycle, after, 10 * batch);
    for (const { digest } of rows) hash.update(digest);
    const last = rows.at(-1);
    if (last === undefined) return any ? hash.digest('hex') : null;
    after = last.digest;
  }
}
