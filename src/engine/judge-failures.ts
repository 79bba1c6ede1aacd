import type { Configuration } from '../config/index.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { FailureThresholdError } from './errors.ts';
import { afterFailure } from './quarantine.ts';
import { tenantQuarantine } from './show.ts';

/** What became of one cycle's operations. */
export interface Outcomes {
  readonly objectFailures: number;
  /** Memberships and managers: they often fail for want of the object at the other end. */
  readonly referenceFailures: number;
  readonly successes: number;
}

const references: ReadonlySet<string> = new Set(['addMembers', 'removeMember', 'setManager', 'clearManager']);

/**
 * Is it too much that failed? As documented for Cloud Sync: a share of all that was tried, a number of objects, or a number of
 * anything; a few failures say nothing.
 */
export function tooManyFailures(
  { objectFailures, referenceFailures, successes }: Outcomes,
  { evaluateFrom, percent, objects, all }: Configuration['quarantine'],
): string | undefined {
  const failures = objectFailures + referenceFailures;
  if (failures < evaluateFrom) return undefined;
  if (objectFailures > objects) return `${objectFailures} objects failed, more than ${objects}`;
  if (failures > all) return `${failures} operations failed, more than ${all}`;
  const share = (100 * failures) / (failures + successes);
  return share > percent ? `${Math.round(share)} % of all operations failed, more than ${percent} %` : undefined;
}

/** Slows the tenant down after a cycle in which too much failed; a cycle in which it did not ends that. */
export function judgeFailures({ state, now, log, configuration }: EngineContext, run: CycleRun): void {
  const failed = state.read.journal.countByType(run.id, 'failed');
  const done = state.read.journal.countByType(run.id, 'done');
  const sum = (counts: ReadonlyMap<string, number>, ofReferences?: boolean): number =>
    [...counts].reduce((n, [type, count]) => n + (ofReferences === !references.has(type) ? 0 : count), 0);
  const outcomes = { objectFailures: sum(failed, false), referenceFailures: sum(failed, true), successes: sum(done) };
  const reason = tooManyFailures(outcomes, configuration.quarantine);
  const before = tenantQuarantine(state.read);
  if (reason === undefined) {
    if (before !== undefined) state.transact((tx) => tx.facts.remove('tenantQuarantine'));
    return;
  }
  const error = new FailureThresholdError(configuration.tenant.id, reason).report();
  const quarantine = afterFailure(before, error, now(), configuration.quarantine);
  state.transact((tx) => tx.facts.set('tenantQuarantine', JSON.stringify(quarantine)));
  log('error', 'quarantined', { cycle: run.id, ...error });
}
