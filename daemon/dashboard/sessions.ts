import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Holder } from './links.ts';

/** A dashboard open in a browser. */
export interface Session extends Holder {
  /** However much it is used. */
  readonly endsAt: Date;
  /** Aborts when it ends, and with it what it still listens to. */
  readonly ended: AbortSignal;
}

interface Kept extends Session {
  readonly end: AbortController;
  readonly keyDigest: Buffer;
  usedAt: number;
}

/** What proves a session, half in the cookie and half in the page. */
export interface Proof {
  readonly cookie: string;
  readonly key: string;
}

/** Unused for this long, or this old, a session ends; in milliseconds. */
const idleFor = 30 * 60_000;
const wholeFor = 12 * 3_600_000;
const mostOpen = 32;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const secret = (): string => randomBytes(32).toString('base64url');

/**
 * The dashboard's sessions, in memory: they end with the daemon. A browser sends a cookie to every port of a host, so
 * to the servers of other users of this machine as well: the cookie alone proves nothing. The other half, the key, is
 * kept by the page, which a browser holds apart by port, and sent in a header, which no page of another origin can.
 */
export class Sessions {
  readonly #now: () => Date;
  readonly #open = new Map<string, Kept>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  open({ role, actor }: Holder): { readonly opened: Proof; readonly end: () => void } {
    const proof = { cookie: secret(), key: secret() };
    const now = this.#now().getTime();
    const end = new AbortController();
    for (const [oldest, session] of this.#open) {
      if (this.#open.size < mostOpen) break;
      this.#end(oldest, session);
    }
    const id = digest(proof.cookie).toString('base64url');
    const endsAt = new Date(now + wholeFor);
    const session = { role, actor, endsAt, end, ended: end.signal, keyDigest: digest(proof.key), usedAt: now };
    this.#open.set(id, session);
    this.#watch(id, session);
    return { opened: proof, end: () => this.#end(id, session) };
  }

  /** Finding it is using it. */
  find({ cookie, key }: Proof): Session | undefined {
    const id = digest(cookie).toString('base64url');
    const found = this.#open.get(id);
    if (found === undefined || !timingSafeEqual(found.keyDigest, digest(key))) return undefined;
    if (this.#left(found) <= 0) {
      this.#end(id, found);
      return undefined;
    }
    found.usedAt = this.#now().getTime();
    return found;
  }

  end(session: Session): void {
    for (const [id, open] of this.#open) if (open === session) this.#end(id, open);
  }

  #left({ usedAt, endsAt }: Kept): number {
    return Math.min(usedAt + idleFor, endsAt.getTime()) - this.#now().getTime();
  }

  #end(id: string, { end }: Kept): void {
    this.#open.delete(id);
    end.abort();
  }

  /** A stream that was opened in time does not outlive its session. */
  #watch(id: string, session: Kept): void {
    if (session.ended.aborted) return;
    const left = this.#left(session);
    if (left <= 0) this.#end(id, session);
    else setTimeout(() => this.#watch(id, session), left).unref();
  }
}
