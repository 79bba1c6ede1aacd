/**
 * Keeps writes just below what the tenant takes: so many in any window of time. A window rather than a trickle, so that
 * a change of a few hundred objects goes out at once and only a long run is slowed to the documented rate.
 */

export interface QuotaOptions {
  /** Writes of one application in one tenant, and the window in milliseconds. */
  readonly writes: number;
  readonly window: number;
  /** Of those, left for calls a person waits for. */
  readonly reserve: number;
}

/** Documented: 3,000 in 150 s per application and tenant. */
export const documentedQuota: QuotaOptions = { writes: 2_990, window: 150_000, reserve: 30 };

/** `interactive`: someone waits for it; it goes before all that is `bulk` and may use the reserve. */
export type Priority = 'interactive' | 'bulk';

/** What is spent of the writes that any window of time has. */
export interface QuotaUse {
  /** Writes in a window; lower than documented while the tenant refuses below that. */
  readonly limit: number;
  readonly used: number;
  /** Length of the window in milliseconds. */
  readonly window: number;
  /** Milliseconds until writes go on, after the tenant refused several. */
  readonly pause: number;
}

interface Waiting {
  readonly writes: number;
  readonly priority: Priority;
  readonly grant: () => void;
}

export interface QuotaClock {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Requests under way may take longer or shorter than those before them: the tenant's window is not quite ours. */
const slack = 750;
/** Writes are counted by slices of time, so that a window has hundreds of entries and not thousands. */
const slice = 250;
/** One refusal is that request's; when refusals follow on one another, the tenant means everybody. */
const refusalsUntilPause = 3;
const cut = 0.8;
const regain = 1.05;
const least = 0.1;

export class Quota {
  readonly #options: QuotaOptions;
  readonly #clock: QuotaClock;
  readonly #interactive: Waiting[] = [];
  readonly #bulk: Waiting[] = [];
  /** Oldest first. */
  readonly #spent: { at: number; writes: number }[] = [];
  #sum = 0;
  #pausedUntil = 0;
  #refusals = 0;
  /** Share of the documented quota used, lowered when the tenant refuses below it: others may write there too. */
  #share = 1;
  #shareSince = 0;
  #pumping = false;
  #wake: AbortController | undefined;

  constructor(clock: QuotaClock, options: QuotaOptions = documentedQuota) {
    this.#clock = clock;
    this.#options = options;
  }

  /** Resolves when so many writes may be sent now. Rejects when aborted, having taken nothing. */
  async acquire(writes: number, priority: Priority, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const queue = priority === 'interactive' ? this.#interactive : this.#bulk;
    const waiting: Waiting = { writes, priority, grant: resolve };
    const abort = (): void => {
      const at = queue.indexOf(waiting);
      if (at >= 0) queue.splice(at, 1);
      reject(signal.reason);
      this.#wake?.abort();
    };
    signal.addEventListener('abort', abort, { once: true });
    queue.push(waiting);
    if (this.#pumping) this.#wake?.abort();
    else void this.#pump();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** The tenant took a write; `percentage` is its `x-ms-throttle-limit-percentage`, sent from 0.8 of the limit on. */
  accepted(percentage: number | undefined): void {
    this.#refusals = 0;
    if (percentage !== undefined && percentage > 1) this.#lower(1 / percentage);
  }

  /** The tenant refused a write until `retryAfter` milliseconds from now. */
  refused(retryAfter: number): void {
    this.#refusals += 1;
    if (this.#refusals < refusalsUntilPause) return;
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + retryAfter);
    this.#lower(cut);
    this.#refusals = 0;
  }

  /** Milliseconds until nothing holds requests back as a whole. */
  get pause(): number {
    return Math.max(0, this.#pausedUntil - this.#now());
  }

  get use(): QuotaUse {
    const now = this.#now();
    this.#regain(now);
    this.#forget(now);
    const { writes, window } = this.#options;
    return { limit: Math.floor(writes * this.#share), used: this.#sum, window, pause: this.pause };
  }

  #lower(by: number): void {
    const now = this.#now();
    // Refusals of one moment are one reason, not many.
    if (now - this.#shareSince < 10_000 && this.#share < 1) return;
    this.#share = Math.max(least, this.#share * by);
    this.#shareSince = now;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  /** Grants what waits, in order, sleeping until the next can be. One runs at a time. */
  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      for (;;) {
        const queue = this.#interactive.length > 0 ? this.#interactive : this.#bulk;
        const [next] = queue;
        if (next === undefined) return;
        const delay = this.#delay(next);
        if (delay === 0) {
          queue.shift();
          this.#spend(next.writes);
          next.grant();
          continue;
        }
        this.#wake = new AbortController();
        // Woken by a newcomer that may go first, or by one that left.
        await this.#clock.sleep(delay, this.#wake.signal).catch(() => undefined);
      }
    } finally {
      this.#pumping = false;
      this.#wake = undefined;
    }
  }

  #delay({ writes, priority }: Waiting): number {
    const now = this.#now();
    if (this.#pausedUntil > now) return this.#pausedUntil - now;
    this.#regain(now);
    this.#forget(now);
    const { reserve } = this.#options;
    const limit = Math.floor(this.#options.writes * this.#share) - (priority === 'bulk' ? reserve : 0);
    let over = this.#sum + Math.min(writes, limit) - limit;
    for (const { at, writes: back } of this.#spent) {
      if (over <= 0) return 0;
      over -= back;
      if (over <= 0) return at - now;
    }
    return 0;
  }

  /** What was spent a window ago is there again. */
  #forget(now: number): void {
    for (let [oldest] = this.#spent; oldest !== undefined && oldest.at <= now; [oldest] = this.#spent) {
      this.#sum -= oldest.writes;
      this.#spent.shift();
    }
  }

  #regain(now: number): void {
    while (this.#share < 1 && now - this.#shareSince >= 30_000) {
      this.#share = Math.min(1, this.#share * regain);
      this.#shareSince += 30_000;
    }
  }

  /** `at` is when they count no more. */
  #spend(writes: number): void {
    const at = Math.ceil((this.#now() + this.#options.window + slack) / slice) * slice;
    const last = this.#spent.at(-1);
    if (last?.at === at) last.writes += writes;
    else this.#spent.push({ at, writes });
    this.#sum += writes;
  }
}
