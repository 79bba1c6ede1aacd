import type { IncomingMessage } from 'node:http';
import type { CloudSyncError, ErrorCode, Log } from '../../src/model/index.ts';
import {
  BrowserRefusedError,
  HostRefusedError,
  ReaderRefusedError,
  SessionEndedError,
  SessionRefusedError,
  TokenRefusedError,
} from './errors.ts';

const kinds: ReadonlySet<ErrorCode> = new Set(
  [
    HostRefusedError,
    BrowserRefusedError,
    TokenRefusedError,
    ReaderRefusedError,
    SessionEndedError,
    SessionRefusedError,
  ].map(({ code }) => code),
);
/** Each kind is told once in so many milliseconds: whoever keeps knocking fills no disk. */
const every = 60_000;
const longest = 200;

/** Tells the log who was turned away at the door: the first of a kind, and how many there were since that. */
export class RefusalLog {
  readonly #log: Log;
  readonly #now: () => Date;
  readonly #told = new Map<ErrorCode, { readonly at: number; since: number }>();

  constructor(log: Log, now: () => Date) {
    this.#log = log;
    this.#now = now;
  }

  note(error: CloudSyncError, request: string, { method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): void {
    const { code } = error;
    if (!kinds.has(code)) return;
    const at = this.#now().getTime();
    const told = this.#told.get(code);
    if (told !== undefined && at < told.at + every) {
      told.since += 1;
      return;
    }
    this.#told.set(code, { at, since: 0 });
    // What follows the path may be a secret somebody put in the wrong place.
    const path = url.replace(/\?.*/s, '').slice(0, longest);
    this.#log('warn', 'requestRefused', { request, code, method, path, before: told?.since ?? 0 });
  }
}
