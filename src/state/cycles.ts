import type { Database } from './database.ts';

export interface CycleRow {
  readonly id: number;
  readonly type: string;
  readonly preview: number;
  readonly saved: number;
  readonly trigger: string;
  readonly state: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  /** JSON columns; the engine's. */
  readonly progress: string | null;
  readonly counts: string;
  readonly phases: string;
  readonly digest: string | null;
  readonly held_digest: string | null;
  readonly error: string | null;
  readonly holds: string;
  readonly connector_errors: string;
}

/** What changes while a cycle runs. */
export interface CycleColumns {
  readonly id: number;
  readonly counts: string;
  readonly phases: string;
  readonly digest: string | null;
  readonly heldDigest: string | null;
  readonly holds: string;
  readonly connectorErrors: string;
}

export interface CycleQuery {
  /** Their numbers: from inclusive. */
  readonly before: number;
  readonly from: number;
  readonly state: string | null;
  readonly type: string | null;
  readonly preview: number | null;
  readonly saved: number | null;
  readonly limit: number;
}

export function cycleReader(database: Database) {
  const byId = database.prepare<[number], CycleRow>('SELECT * FROM cycle WHERE id = ?');
  const before = database.prepare<[CycleQuery], CycleRow>(
    `SELECT * FROM cycle WHERE id < @before AND id >= @from AND (@state IS NULL OR state = @state) AND (@type IS NULL OR type = @type)
       AND (@preview IS NULL OR preview = @preview) AND (@saved IS NULL OR saved = @saved) ORDER BY id DESC LIMIT @limit`,
  );
  const newest = database.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM cycle');
  const running = database.prepare<[], CycleRow>(
    `SELECT * FROM cycle WHERE state = 'running' ORDER BY id DESC LIMIT 1`,
  );
  // A preview nobody asked for is what a cycle comes to in staging.
  const lastEnded = database.prepare<[], CycleRow>(
    `SELECT * FROM cycle WHERE state <> 'running' AND type IN ('delta', 'full') AND (preview = 0 OR trigger <> 'manual')
     ORDER BY id DESC LIMIT 1`,
  );
  const lastPlanned = database.prepare<[], CycleRow>(
    `SELECT * FROM cycle WHERE state <> 'running' AND preview = 0 AND type IN ('delta', 'full') AND digest IS NOT NULL ORDER BY id DESC LIMIT 1`,
  );
  const lastUndo = database.prepare<[], CycleRow>(
    `SELECT * FROM cycle WHERE state <> 'running' AND preview = 0 AND type = 'undo' AND digest IS NOT NULL ORDER BY id DESC LIMIT 1`,
  );
  return {
    /** The last real cycle that got as far as a plan: what it held is what is held. */
    lastPlanned: () => lastPlanned.get(),
    /** The last undo that got as far as a plan: what it held waits beside what cycles hold. */
    lastUndo: () => lastUndo.get(),
    byId: (id: number) => byId.get(id),
    /** Newest first. */
    before: (query: CycleQuery) => before.all(query),
    newest: () => newest.get()?.id ?? 0,
    running: () => running.get(),
    /** The last that followed the directory: no undo, nothing about one object, and no preview somebody asked for. */
    lastEnded: () => lastEnded.get(),
  };
}

export function cycleTransactor(database: Database) {
  const insert = database.prepare(
    `INSERT INTO cycle (type, preview, trigger, state, started_at, counts) VALUES (@type, @preview, @trigger, 'running', @startedAt, @counts)`,
  );
  const update = database.prepare(
    `UPDATE cycle SET progress = @progress, counts = @counts, phases = @phases, digest = @digest, held_digest = @heldDigest, holds = @holds,
       connector_errors = @connectorErrors WHERE id = @id`,
  );
  const end = database.prepare(
    `UPDATE cycle SET state = @state, ended_at = @endedAt, error = @error, progress = NULL, counts = @counts, phases = @phases,
       digest = @digest, held_digest = @heldDigest, holds = @holds, connector_errors = @connectorErrors WHERE id = @id`,
  );
  const save = database.prepare<[number, number]>('UPDATE cycle SET saved = ? WHERE id = ?');
  const forgetHold = database.prepare<[number]>('UPDATE cycle SET held_digest = NULL WHERE id = ?');
  const abandon = database.prepare(
    `UPDATE cycle SET state = 'failed', ended_at = @at, error = @error, progress = NULL WHERE state = 'running'`,
  );
  const forget = database.prepare<[string]>(
    `DELETE FROM cycle WHERE started_at < ? AND saved = 0 AND state <> 'running' AND id < (SELECT max(id) FROM cycle) - 100
       AND NOT EXISTS (SELECT 1 FROM operation o INDEXED BY operation_cycle WHERE o.cycle = cycle.id)`,
  );
  return {
    ...cycleReader(database),
    /** Cycles as old as what the log no longer tells. */
    forget: (before: string) => forget.run(before).changes,
    start(cycle: { type: string; preview: boolean; trigger: string; startedAt: string; counts: string }): number {
      return Number(insert.run({ ...cycle, preview: cycle.preview ? 1 : 0 }).lastInsertRowid);
    },
    update: (cycle: CycleColumns & { progress: string | null }) => void update.run(cycle),
    end: (cycle: CycleColumns & { state: string; endedAt: string; error: string | null }) => void end.run(cycle),
    /** A saved plan outlives the next cycle, until it is dropped. */
    save: (id: number, saved: boolean) => void save.run(saved ? 1 : 0, id),
    /** What it held is decided, and not to be approved any more. */
    forgetHold: (id: number) => void forgetHold.run(id),
    /** Cycles of a process that ended without ending them. */
    abandon: (at: string, error: string) => abandon.run({ at, error }).changes,
  };
}
