import type { StateReader } from '../state/index.ts';
import type { ChangeLag, ForestTrouble, Page } from './shapes.ts';

/** How long each change of the directory took that a cycle carried out. */
export function lagsOf(read: StateReader, cycle: number, cursor: string | undefined, limit: number): Page<ChangeLag> {
  const [stage = -1, id = 0] = cursor?.split('.').map(Number) ?? [];
  const begun = read.cycles.byId(cycle)?.started_at;
  const rows = read.journal.lags(cycle, { stage, id }, limit);
  const last = rows.at(-1);
  return {
    items: rows.map(({ forest, changed_at, read_at, ended_at }) => ({
      forest,
      sinceRead: secondsTo(ended_at, read_at ?? begun ?? ended_at),
      sinceChanged: changed_at === null ? null : secondsTo(ended_at, changed_at),
    })),
    next: last === undefined || rows.length < limit ? null : `${last.stage}.${last.id}`,
  };
}

function secondsTo(end: string, begin: string): number {
  return Math.max(0, Date.parse(end) - Date.parse(begin)) / 1000;
}

/** What does not go through, by forest: as the last cycle left it. */
export function troubles({ objects, journal, cycles }: StateReader): readonly ForestTrouble[] {
  const found = new Map<string | null, { held: number; failed: number }>();
  const count = (what: 'held' | 'failed', rows: readonly { forest: string | null; n: number }[]): void => {
    for (const { forest, n } of rows) {
      const known = found.get(forest) ?? { held: 0, failed: 0 };
      found.set(forest, { ...known, [what]: known[what] + n });
    }
  };
  const planned = cycles.lastPlanned();
  if (planned !== undefined) count('held', journal.heldByForest(planned.id));
  count('held', objects.heldByForest());
  count('failed', objects.refusedByForest());
  return [...found].map(([forest, counts]) => ({ forest, ...counts }));
}
