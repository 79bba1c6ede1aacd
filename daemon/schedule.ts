import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { durationPattern, parseDuration } from '../src/config/index.ts';
import { parseDataFile, writePrivate } from './data-folder.ts';

/** When cycles run by themselves: as configured, unless changed or suspended since. What was changed outlives a restart. */

export const durationSchema = z.string().regex(durationPattern, 'a number above 0 with ms, s, m, h or d, as in 2m');

const settingsSchema = z.object({
  /** What an operator set in place of the configuration. */
  override: z.object({ delta: durationSchema, full: durationSchema, watch: z.boolean() }).partial().default({}),
  suspended: z.object({ since: z.iso.datetime(), reason: z.string().nullable() }).nullable().default(null),
  lastFullAt: z.iso.datetime().nullable().default(null),
});
type Settings = z.infer<typeof settingsSchema>;

/** As it is in force. */
export interface Schedule {
  readonly delta: string;
  readonly full: string;
  readonly watch: boolean;
}

export type ScheduleChange = { readonly [K in keyof Schedule]?: Schedule[K] | null | undefined };

export class ScheduleSettings {
  readonly #file: string;
  #configured: Schedule;
  #settings: Settings;

  constructor(dataDirectory: string, configured: Schedule) {
    this.#file = join(dataDirectory, 'schedule.json');
    this.#configured = configured;
    this.#settings = read(this.#file);
  }

  get schedule(): Schedule {
    const { override } = this.#settings;
    return {
      delta: override.delta ?? this.#configured.delta,
      full: override.full ?? this.#configured.full,
      watch: override.watch ?? this.#configured.watch,
    };
  }

  /** Another configuration is in force. */
  configure(configured: Schedule): void {
    this.#configured = configured;
  }

  get isOverridden(): boolean {
    return Object.keys(this.#settings.override).length > 0;
  }

  get suspended(): Settings['suspended'] {
    return this.#settings.suspended;
  }

  get lastFullAt(): Date | undefined {
    return this.#settings.lastFullAt === null ? undefined : new Date(this.#settings.lastFullAt);
  }

  /** Sets what is named; `null` goes back to the configuration. */
  change(change: ScheduleChange): void {
    const override = Object.fromEntries(
      Object.entries({ ...this.#settings.override, ...change }).filter(([, value]) => value != null),
    );
    this.#write({ ...this.#settings, override: settingsSchema.shape.override.parse(override) });
  }

  suspend(since: Date, reason: string | null): void {
    this.#write({ ...this.#settings, suspended: { since: since.toISOString(), reason } });
  }

  resume(): void {
    this.#write({ ...this.#settings, suspended: null });
  }

  fullSucceeded(at: Date): void {
    this.#write({ ...this.#settings, lastFullAt: at.toISOString() });
  }

  #write(settings: Settings): void {
    writePrivate(this.#file, `${JSON.stringify(settings, null, 2)}\n`);
    this.#settings = settings;
  }
}

function read(file: string): Settings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return settingsSchema.parse({});
    throw error;
  }
  return parseDataFile(
    file,
    text,
    settingsSchema,
    'Remove it: the schedule is then the configuration’s, and a full cycle comes first. Look for what damaged it.',
  );
}

/** What the schedule starts. */
export type ScheduledType = 'delta' | 'full';

export interface History {
  /** When the last cycle of any type began, in milliseconds. */
  readonly last: number | undefined;
  readonly lastFullSucceeded: number | undefined;
  readonly lastFullTried: number | undefined;
}

/** The next cycle and when it is due. A full cycle that failed is tried again at the pace of deltas. */
export function nextCycle(schedule: Schedule, history: History): { readonly type: ScheduledType; readonly at: number } {
  const delta = Math.max(1000, parseDuration(schedule.delta));
  const full = Math.max(1000, parseDuration(schedule.full));
  const deltaAt = history.last === undefined ? 0 : history.last + delta;
  const fullDue = history.lastFullSucceeded === undefined ? 0 : history.lastFullSucceeded + full;
  const fullAt = Math.max(fullDue, history.lastFullTried === undefined ? 0 : history.lastFullTried + delta);
  return fullAt <= deltaAt ? { type: 'full', at: fullAt } : { type: 'delta', at: deltaAt };
}
