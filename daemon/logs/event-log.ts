import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { events, type Level, type Log, levels } from '../../src/model/index.ts';
import type { LogLine, Logs } from './logs.ts';

const run = promisify(execFile);

/** Windows' types of events, as `eventcreate` spells them. */
const types: Readonly<Record<Level, string>> = {
  error: 'ERROR',
  warn: 'WARNING',
  info: 'INFORMATION',
  debug: 'INFORMATION',
};

/** An event has room for 31,839 characters, a command line for 32,767 with what is escaped. */
const longestText = 8000;
/** Events that wait to be written; those that find no room are in the log's files all the same. */
const mostWaiting = 100;
const timeout = 10_000;

/** The program of Windows that writes its event log; undefined on other systems. */
export function eventCreateOf(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return platform === 'win32' ? join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'eventcreate.exe') : undefined;
}

function isFor({ level, event }: LogLine): boolean {
  const { windows: least = 'warn' } = events[event];
  return least !== 'never' && levels.indexOf(level) <= levels.indexOf(least);
}

/** A sentence for whoever reads it, then the line as it stands in the file for whatever parses it. */
function textOf({ time, level, subsystem, event, eventId, fields }: LogLine): string {
  const said = [fields['message'], fields['remedy']].filter((text) => typeof text === 'string');
  const line = JSON.stringify({ time, level, subsystem, event, eventId, ...fields });
  const text = [events[event].tells, ...said, line].join(' ');
  const short = text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
  // The event viewer puts other texts in the place of %1 and %%1.
  return short.replaceAll('\0', '').replace(/%(?=[%\d])/g, '% ');
}

/**
 * What an admin has to know, in the Application log of Windows under the source `CloudSync`, by its number. Written by
 * the system's own program, one after the other; nobody waits for it, and it failing costs events, never the daemon.
 */
export class EventLog implements AsyncDisposable {
  readonly #program: string;
  readonly #log: Log;
  readonly #listening: Disposable;
  #waiting = 0;
  #lost = 0;
  #failing = false;
  #last: Promise<void> = Promise.resolve();

  constructor(program: string, logs: Logs) {
    this.#program = program;
    this.#log = logs.of('log');
    this.#listening = logs.listen((line) => {
      if (isFor(line)) this.#queue(line);
    });
  }

  #queue(line: LogLine): void {
    if (this.#waiting >= mostWaiting) {
      this.#lost += 1;
      return;
    }
    this.#waiting += 1;
    this.#last = this.#last.then(() => this.#write(line));
  }

  async #write(line: LogLine): Promise<void> {
    const { level, eventId } = line;
    const unwritten = this.#lost === 0 ? '' : ` (${this.#lost} events before it are in the log's files alone.)`;
    this.#lost = 0;
    const words = ['/L', 'APPLICATION', '/SO', 'CloudSync', '/T', types[level], '/ID', String(eventId)];
    try {
      await run(this.#program, [...words, '/D', textOf(line) + unwritten], { timeout, windowsHide: true });
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log('warn', 'eventLogFailed', { program: this.#program, reason: reasonOf(error) });
      this.#failing = true;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Writes out what is waiting. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listening[Symbol.dispose]();
    await this.#last;
  }
}

/** Without the command, which Node puts into the message and which holds the whole event. */
function reasonOf(error: unknown): string {
  const { code, stderr, stdout } = error as { code?: unknown; stderr?: string; stdout?: string };
  return `${`${stderr ?? ''} ${stdout ?? ''}`.trim() || 'no answer'} (${String(code ?? 'ended by a signal')})`;
}
