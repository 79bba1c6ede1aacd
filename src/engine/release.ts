import type { EngineContext } from './context.ts';
import type { QuarantineScope } from './engine.ts';
import { CycleUnknownError } from './errors.ts';
import { ObjectUnknownError } from './object-errors.ts';
import { logDecision } from './provisioning-log.ts';
import type { ObjectInfo, ObjectQuery } from './shapes.ts';
import { findObject } from './show-object.ts';

/** Lets an object that was denied, undone or refused follow the directory again with the next cycle. */
export function release({ state, rules, now }: EngineContext, query: ObjectQuery, actor: string): ObjectInfo {
  const object = findObject(state.read, rules, query);
  const identity = object?.anchor == null ? undefined : state.read.objects.identityOf(object.kind, object.anchor);
  if (object === undefined || identity === undefined) throw new ObjectUnknownError(query.value);
  state.transact((tx) => {
    tx.pins.release(identity.id);
    tx.journal.release(identity.id);
    tx.journal.releaseLinks(identity.id);
    tx.evaluation.compare(identity.id);
    logDecision(tx, {
      at: now().toISOString(),
      action: 'release',
      status: 'success',
      actor,
      kind: object.kind,
      anchor: object.anchor,
      displayName: object.displayName,
      dn: object.sources[0]?.dn ?? null,
      detail: {},
    });
  });
  return findObject(state.read, rules, query) ?? object;
}

/** Ends waiting: the next cycle tries again whatever it is. */
export function clearQuarantine({ state, now }: EngineContext, what: QuarantineScope, actor: string): void {
  const { scope } = what;
  state.transact((tx) => {
    if (scope === 'connector' && tx.connectors.release(what.connector) === 0)
      throw new ObjectUnknownError(what.connector);
    if (scope === 'all') tx.connectors.release(null);
    if (scope === 'all' || scope === 'tenant') tx.facts.remove('tenantQuarantine');
    if (scope === 'all' || scope === 'objects') tx.journal.releaseAll();
    logDecision(tx, {
      at: now().toISOString(),
      action: 'clearQuarantine',
      status: 'success',
      actor,
      detail: { ...what },
    });
  });
}

/** Keeps a plan until it is applied or let go of. */
export function savePlan({ state, now }: EngineContext, cycle: number, saved: boolean, actor: string): void {
  const row = state.read.cycles.byId(cycle);
  if (row?.digest == null || state.read.journal.count(cycle) === 0) throw new CycleUnknownError(cycle);
  state.transact((tx) => {
    tx.cycles.save(cycle, saved);
    const action = saved ? 'savePlan' : 'dropPlan';
    logDecision(tx, {
      at: now().toISOString(),
      cycle,
      action,
      status: 'success',
      actor,
      detail: { digest: row.digest },
    });
  });
}
