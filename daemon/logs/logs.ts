import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import winston from 'winston';
import { type EventName, events, type Level, type Log, levels } from '../../src/model/index.ts';
import type { Redactor } from './redact.ts';
import { RotatingFile } from './rotating-file.ts';

/** One line of the log. `seq` counts from the start of the process. */
export interface LogLine {
  readonly seq: number;
  readonly time: string;
  readonly level: Level;
  readonly subsystem: string;
  readonly event: EventName;
  /** As the event log of Windows has it: alerts are made of it. */
  readonly eventId: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LineFilter {
  /** This and what is worse. */
  readonly level: Level;
  readonly subsystem?: string | undefined;
  readonly event?: string | undefined;
}

export function fits(line: LogLine, { level, subsystem = line.subsystem, event = line.event }: LineFilter): boolean {
  return levels.indexOf(line.level) <= levels.indexOf(level) && line.subsystem === subsystem && line.event === event;
}

export interface LogsOptions {
  readonly dataDirectory: string;
  readonly level: Level;
  readonly redactor: Redactor;
  readonly now: () => Date;
  /** Gets each line as it is written to the file as well. */
  readonly echo?: (line: string) => void;
}

/** Lines kept in memory for whoever asks. */
const kept = 2000;
const fileSize = 10 * 1024 * 1024;
const files = 10;

/** JSON lines in `logs/`, rotated by size, and the latest in memory. Nothing gets in that the redactor has not seen. */
export class Logs implements AsyncDisposable {
  readonly folder: string;
  readonly #options: LogsOptions;
  readonly #logger: winston.Logger;
  readonly #file: RotatingFile;
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<(line: LogLine) => void>();
  #seq = 0;

  constructor(options: LogsOptions) {
    this.#options = options;
    this.folder = join(options.dataDirectory, 'logs');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.#file = new RotatingFile({ folder: this.folder, name: 'cloudsync', size: fileSize, files });
    this.#logger = winston.createLogger({
      level: options.level,
      format: winston.format.printf(({ message }) => String(message)),
      transports: [new winston.transports.Stream({ stream: this.#file, eol: '\n' })],
    });
  }

  /** The logger of one subsystem. */
  of(subsystem: string): Log {
    return (level, event, fields) => this.#write(subsystem, level, event, fields);
  }

  /** The latest lines before `before`, newest first. */
  recent(filter: LineFilter, before: number | undefined, limit: number): readonly LogLine[] {
    return this.#lines
      .filter((line) => line.seq < (before ?? Number.POSITIVE_INFINITY) && fits(line, filter))
      .slice(-limit)
      .reverse();
  }

  listen(listener: (line: LogLine) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #write(subsystem: string, level: Level, event: EventName, fields: Readonly<Record<string, unknown>>): void {
    if (levels.indexOf(level) > levels.indexOf(this.#options.level)) return;
    this.#seq += 1;
    const line: LogLine = {
      seq: this.#seq,
      time: this.#options.now().toISOString(),
      level,
      subsystem,
      event,
      eventId: events[event].id,
      fields: this.#options.redactor.fields(fields),
    };
    this.#lines.push(line);
    if (this.#lines.length > kept) this.#lines.splice(0, this.#lines.length - kept);
    const { time, eventId } = line;
    const text = JSON.stringify({ time, level, subsystem, event, eventId, ...line.fields });
    this.#logger.log(level, text);
    this.#options.echo?.(text);
    for (const listener of this.#listeners) listener(line);
  }

  /** Writes out what is waiting. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#logger, 'finish');
    this.#logger.end();
    await ended;
    const flushed = once(this.#file, 'finish');
    this.#file.end();
    await flushed;
  }
}
