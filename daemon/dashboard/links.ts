import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../api/tokens.ts';

/** Whom a link was made for, and so whom the session it opens speaks for. */
export interface Holder {
  readonly role: Role;
  readonly actor: string;
}

interface Open {
  readonly holder: Holder;
  readonly expiresAt: Date;
  /** Ends the session it opened, once it has. */
  endOpened: (() => void) | undefined;
}

/** A link is for the next minute, in milliseconds. */
const validFor = 60_000;
/** More links than people; the oldest goes. */
const mostOpen = 32;

const digest = (code: string): string => createHash('sha256').update(code).digest('base64url');

/** The one-time links to the dashboard. Kept by the digest of their code, in memory: they end with the daemon. */
export class DashboardLinks {
  readonly #now: () => Date;
  readonly #open = new Map<string, Open>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  make({ role, actor }: Holder): { readonly code: string; readonly expiresAt: Date } {
    const code = randomBytes(32).toString('base64url');
    const expiresAt = new Date(this.#now().getTime() + validFor);
    for (const [oldest] of this.#open) {
      if (this.#open.size < mostOpen) break;
      this.#open.delete(oldest);
    }
    this.#open.set(digest(code), { holder: { role, actor }, expiresAt, endOpened: undefined });
    return { code, expiresAt };
  }

  /**
   * What `open` makes of whom the link was for, once; nothing when it has expired or was never made. Used a second
   * time, somebody else has seen it, and nobody knows who came first: what it had opened ends.
   */
  use<T>(code: string, open: (holder: Holder) => { readonly opened: T; readonly end: () => void }): T | undefined {
    const key = digest(code);
    const found = this.#open.get(key);
    if (found === undefined) return undefined;
    if (found.endOpened !== undefined || found.expiresAt <= this.#now()) {
      this.#open.delete(key);
      found.endOpened?.();
      return undefined;
    }
    const { opened, end } = open(found.holder);
    found.endOpened = end;
    return opened;
  }
}
