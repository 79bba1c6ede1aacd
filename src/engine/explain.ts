import type { Rules } from '../rules/index.ts';
import type { OperationRow, RefusedLinkRow, StateReader } from '../state/index.ts';
import { type PlanningContext, planObject } from './plan-objects.ts';
import { operationDigest } from './plan-operation.ts';
import type { ComingOperation, Explanation, ObjectQuery } from './shapes.ts';
import { parseReport, showChanges, showLogEntry, showOperation } from './show.ts';
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
  const held = heldOf(read, row.id);
  const own = plan.outcome === 'operations' ? plan.operations : [];
  const coming = own.map(({ type, payload }): ComingOperation => {
    const digest = operationDigest({ type, kind: row.kind, anchor: row.anchor, payload, members: [] });
    const changes = showChanges(payload, rules.redacted[row.kind]);
    const heldBy = held.find((operation) => Buffer.compare(operation.digest, digest) === 0)?.held_by ?? null;
    return { type, changes, references: [], heldBy };
  });
  const links = held.flatMap((operation): readonly ComingOperation[] => {
    const { type, references, heldBy } = showOperation(read, operation, rules);
    return references.length === 0 ? [] : [{ type, changes: [], references, heldBy }];
  });
  const refused = read.objects.refusedLinks(row.id, shown);
  const [waiting] = plan.outcome === 'clean' ? refused : [];
  const operations = [...coming, ...links, ...refused.map((link) => comingLink(read, row.id, link))];
  const isHeld = operations.length > 0 && operations.every(({ heldBy }) => heldBy !== null);
  return {
    object,
    match: plan.match === undefined ? null : { by: plan.match.by, tenantId: plan.match.tenant.tenant_id },
    next: {
      outcome: isHeld ? 'held' : waiting === undefined ? outcomeOf(plan.outcome) : 'waits',
      error:
        plan.outcome === 'held' ? plan.error.report() : isHeld ? parseReport(held[0]?.error ?? null) : object.error,
      retryAt: plan.outcome === 'waiting' ? row.escrow_retry_at : (waiting?.retry_at ?? null),
      operations,
    },
    history: read.log.before({ anchor: object.anchor }, Number.MAX_SAFE_INTEGER, shown).map(showLogEntry),
  };
}

/** A link that the tenant refused, to be tried again. */
function comingLink(read: StateReader, holder: number, { attribute, member }: RefusedLinkRow): ComingOperation {
  const there = read.planning.isLinked(holder, attribute, member);
  const [make, take] = attribute === 'manager' ? ['setManager', 'clearManager'] : ['addMembers', 'removeMember'];
  const end = read.objects.identity(member);
  const references = [{ anchor: end?.anchor ?? '', displayName: end?.display_name ?? '' }];
  return { type: there ? take : make, changes: [], references, heldBy: null };
}

/** What the last plan of everything holds of an identity, and nobody has approved since. */
function heldOf(read: StateReader, identity: number): readonly OperationRow[] {
  const cycle = read.cycles.lastPlanned()?.id;
  return read.journal
    .ofIdentity(identity, shown)
    .filter((row) => row.cycle === cycle && row.state === 'held' && read.guarding.approvedBy(row.digest) === undefined);
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
