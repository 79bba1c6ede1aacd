import type { Configuration } from '../config/index.ts';
import type { GuardCount, Guarded } from '../state/index.ts';
import { TenantDeleteThresholdError } from '../target/index.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import {
  AttributeChangeGuardError,
  DeleteThresholdError,
  DisableGuardError,
  GroupRemovalGuardError,
  type GuardError,
  type GuardFacts,
  ManagerRemovalGuardError,
  MemberRemovalGuardError,
  RenameGuardError,
  ScopeLossGuardError,
  UndoHeldError,
} from './guard-errors.ts';
import { digestOfHeld } from './plan.ts';
import type { GuardHold } from './shapes.ts';

type Limit = Exclude<Configuration['safety']['deletes'], 'off'>;

interface Guard {
  readonly name: Guarded;
  /** A percentage says little of a handful: it holds from this many on. */
  readonly least: number;
  readonly error: new (facts: GuardFacts) => GuardError;
}

/** In the order they hold: what one holds, the next does not count. */
const guards: readonly Guard[] = [
  { name: 'scopeLosses', least: 3, error: ScopeLossGuardError },
  { name: 'deletes', least: 3, error: DeleteThresholdError },
  { name: 'disables', least: 3, error: DisableGuardError },
  { name: 'renames', least: 3, error: RenameGuardError },
  { name: 'attributeChanges', least: 10, error: AttributeChangeGuardError },
  { name: 'memberRemovalsPerGroup', least: 10, error: GroupRemovalGuardError },
  { name: 'memberRemovals', least: 10, error: MemberRemovalGuardError },
  { name: 'managerRemovals', least: 10, error: ManagerRemovalGuardError },
];

/** Holds of one guard that a cycle names. */
const mostHolds = 100;

/** The most that one cycle may do: the count or the percentage, whichever is less. */
export function limitOf({ count, percent }: Limit, of: number, least: number): number {
  return Math.min(count, Math.max(least, Math.ceil((of * percent) / 100)));
}

/**
 * Holds what would do too much of one kind, in one forest or in all; everything else of the plan goes on. What a person
 * has approved is not counted. A cycle may do fewer than the limit, as documented for the product: a threshold of 500
 * lets 499 through.
 */
export function guardPlan(context: EngineContext, run: CycleRun): void {
  for (const guard of guards) {
    const limits = context.configuration.safety[guard.name];
    if (limits === 'off') continue;
    holdAgain(context, run, guard, limits);
    const counts = context.state.transact((tx) => tx.guarding.counts(run.id, guard.name));
    const tooMuch = exceeded(context, guard, counts, limits);
    for (const part of tooMuch) holdPart(context, run, guard, part);
  }
  holdByTenant(context, run);
  if (run.undo !== undefined && run.holds.length > 0) holdUndo(context, run, run.undo);
  run.heldDigest = digestOfHeld(context, run.id);
}

/** An undo brings the tenant back to where it was, or leaves it where it is: half of it would be neither. */
function holdUndo({ state }: EngineContext, run: CycleRun, cycle: number): void {
  const of = state.read.journal.count(run.id);
  const rest = [...state.read.journal.countByType(run.id, 'planned').values()].reduce((sum, n) => sum + n, 0);
  const error = new UndoHeldError(cycle, of - rest, of).report();
  const held = state.transact((tx) => tx.guarding.holdRest(run.id, 'undo', error));
  run.add({ held });
  run.holds.unshift({ guard: 'undo', forest: null, subject: '', count: held, of, limit: 0, error });
}

/** The tenant's own threshold is kept before anything is sent, whatever the configuration allows. */
function holdByTenant({ state, log }: EngineContext, run: CycleRun): void {
  const limit = run.deleteThreshold;
  if (limit === undefined) return;
  const counts = state.transact((tx) => tx.guarding.counts(run.id, 'deletes'));
  const count = counts.reduce((sum, part) => sum + part.n, 0);
  if (count <= limit) return;
  const error = new TenantDeleteThresholdError(`${count} deletes`, limit).report();
  const held = state.transact((tx) => tx.guarding.hold(run.id, 'deletes', { forest: null, subject: '' }, error));
  run.add({ held });
  run.holds.push({ guard: 'deletes', forest: null, subject: '', count, of: count, limit, error });
  log('warn', 'heldByTenant', { cycle: run.id, held, ...error });
}

/** The thresholds as what is held is noted with. */
export function limitTexts({ safety }: Configuration): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(safety).map(([name, limits]) => [name, JSON.stringify(limits)]));
}

/** What is held again is told with the numbers it was held with first, and how much of it is left. */
function holdAgain({ state }: EngineContext, run: CycleRun, { name, error }: Guard, limits: Limit): void {
  const held = state.transact((tx) => tx.guarding.holdAgain(run.id, name, JSON.stringify(limits)));
  if (held.length === 0) return;
  const before = readHolds(state.read.cycles.lastPlanned()?.holds).filter(({ guard }) => guard === name);
  for (const { error: text, n } of held) {
    const first = before.find((hold) => JSON.stringify(hold.error) === text) ?? before[0];
    const { forest = null, subject = '', of = n, limit = limits.count } = first ?? {};
    const report = new error({ count: n, of, limit, forest: forest ?? undefined, subject }).report();
    // The next cycle finds it by these words.
    state.transact((tx) => tx.guarding.retell(run.id, name, text, report));
    run.add({ held: n });
    run.holds.push({ guard: name, forest, subject, count: n, of, limit, error: report });
  }
}

function readHolds(text: string | undefined): readonly GuardHold[] {
  return text === undefined ? [] : (JSON.parse(text) as readonly GuardHold[]);
}

interface Exceeded {
  /** `null`: in all forests together. */
  readonly forest: string | null;
  readonly subject: string;
  readonly n: number;
  readonly of: number;
  readonly limit: number;
}

/** Of so many, `n` are no longer too many by percentage: a delta does not count a million objects for a handful of changes. */
function enough(n: number, { count, percent }: Limit): number {
  return n >= count || percent === 0 ? -1 : Math.floor((n * 100) / percent) + 1;
}

function exceeded(
  { state }: EngineContext,
  { name, least }: Guard,
  counts: readonly GuardCount[],
  limits: Limit,
): readonly Exceeded[] {
  const found: Exceeded[] = [];
  for (const [subject, counted] of Map.groupBy(counts, (count) => count.subject)) {
    const n = counted.reduce((sum, part) => sum + part.n, 0);
    if (n < Math.min(least, limits.count)) continue;
    const most = enough(n, limits);
    const parts = counted.map((part) => {
      const whole = state.transact((tx) => tx.guarding.whole(name, part.forest, subject, most));
      return { ...part, of: whole };
    });
    const of = parts.reduce((sum, part) => sum + part.of, 0);
    const limit = limitOf(limits, of, least);
    if (n >= limit) {
      found.push({ forest: null, subject, n, of, limit });
      continue;
    }
    for (const part of parts) {
      const own = limitOf(limits, part.of, least);
      if (part.n >= own) found.push({ ...part, limit: own });
    }
  }
  return found;
}

function holdPart({ state, log }: EngineContext, run: CycleRun, { name, error }: Guard, part: Exceeded): void {
  const { forest, subject, n, of, limit } = part;
  const about =
    name === 'memberRemovalsPerGroup' ? (state.read.objects.identity(Number(subject))?.display_name ?? '') : subject;
  const report = new error({ count: n, of, limit, forest: forest ?? undefined, subject: about }).report();
  const held = state.transact((tx) => tx.guarding.hold(run.id, name, { forest, subject }, report));
  run.add({ held });
  // Of a hundred thousand groups that lose their members, each operation says why; the cycle names the first.
  if (run.holds.filter(({ guard }) => guard === name).length < mostHolds)
    run.holds.push({ guard: name, forest, subject: about, count: n, of, limit, error: report });
  log('warn', 'heldByGuard', { cycle: run.id, guard: name, held, ...report });
}
