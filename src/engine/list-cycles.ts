import type { StateReader } from '../state/index.ts';
import type { CycleFilter } from './engine.ts';
import type { Cycle, Page } from './shapes.ts';
import { showCycle } from './show.ts';

/** Cycles looked at for one page, however few of them a filter lets through. */
const most = 5000;

/** Newest first. What a filter leaves out costs as well, so that a page may be short of its limit. */
export function listCycles(
  { cycles }: StateReader,
  { state, type, preview, saved }: CycleFilter,
  cursor: string | undefined,
  limit: number,
): Page<Cycle> {
  const before = cursor === undefined ? cycles.newest() + 1 : Number(cursor);
  const rows = cycles.before({
    before,
    from: before - most,
    state: state ?? null,
    type: type ?? null,
    preview: preview === undefined ? null : Number(preview),
    saved: saved === undefined ? null : Number(saved),
    limit,
  });
  const end = rows.length === limit ? (rows.at(-1)?.id ?? 0) : before - most;
  return { items: rows.map(showCycle), next: end > 1 ? String(end) : null };
}
