import type { Rules } from '../rules/index.ts';
import type { StateReader } from '../state/index.ts';
import { type PlanningContext, planObject } from './plan-objects.ts';
import type { Explanation, ObjectQuery } from './shapes.ts';
import { showChanges, showLogEntry } from './show.ts';
import { findObject } from './show-object.ts';

const shown = 50;

/** Where an object comes from, what was decided, what the next cycle would do, and what was done. */
export function explain(
  read: StateReader,
  rules: Rules,
  context: PlanningContext,
  query: ObjectQuery,
  now: string,
): Explanation | undefined {
  const object = findObject(read, rules, query);
  if (object === undefined) return undefined;
  if (object.anchor === null) return { object, match: null, next: null, history: [] };
  const identity = read.objects.identityOf(object.kind, object.anchor);
  const row = identity === undefined ? undefined : read.planning.row(identity.id);
  if (row === undefined) return { object, match: null, next: null, history: [] };
  const plan = planObject(context, read, row, now);
  return {
    object,
    match: plan.match === undefined ? null : { by: plan.match.by, tenantId: plan.match.tenant.tenant_id },
    next: {
      outcome: outcomeOf(plan.outcome),
      error: plan.outcome === 'held' ? plan.error.report() : object.error,
      retryAt: plan.outcome === 'waiting' ? row.escrow_retry_at : null,
      operations:
        plan.outcome === 'operations'
          ? plan.operations.map(({ type, payload }) => ({
              type,
              changes: showChanges(payload, rules.redacted[row.kind]),
            }))
          : [],
    },
    history: read.log.before({ anchor: object.anchor }, Number.MAX_SAFE_INTEGER, shown).map(showLogEntry),
  };
}

function outcomeOf(outcome: ReturnType<typeof planObject>['outcome']) {
  switch (outcome) {
    case 'clean':
      return 'nothing';
    case 'waiting':
      return 'waits';
    case 'held':
    case 'operations':
      return outcome;
    default:
      return outcome satisfies never;
  }
}
