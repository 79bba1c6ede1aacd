type Fetch = (url: string, init: RequestInit) => Promise<Response>;

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Time that passes only while nothing else happens: the earliest sleeper is woken when no request is under way. Hours
 * of waiting for quotas pass in the time the requests themselves take.
 */
export class VirtualClock {
  #time: number;
  #running = 0;
  #watching = false;
  readonly #sleepers: Sleeper[] = [];

  constructor(start = Date.now()) {
    this.#time = start;
  }

  readonly now = (): Date => new Date(this.#time);

  readonly sleep = (milliseconds: number, signal: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal.aborted) {
      reject(signal.reason);
      return promise;
    }
    const sleeper = { at: this.#time + milliseconds, wake: resolve };
    const abort = (): void => {
      const at = this.#sleepers.indexOf(sleeper);
      if (at >= 0) this.#sleepers.splice(at, 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#sleepers.push(sleeper);
    this.#watch();
    return promise.finally(() => signal.removeEventListener('abort', abort));
  };

  /** Requests through this are what time stands still for. */
  track(fetch: Fetch): Fetch {
    return async (url, init) => {
      this.#running += 1;
      try {
        return await fetch(url, init);
      } finally {
        this.#running -= 1;
        this.#watch();
      }
    };
  }

  advance(milliseconds: number): void {
    this.#time += milliseconds;
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    // What just became ready runs first, and may send a request.
    setImmediate(() => setImmediate(() => setImmediate(() => this.#wakeNext())));
  }

  #wakeNext(): void {
    this.#watching = false;
    if (this.#running > 0) return;
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) if (next === undefined || sleeper.at < next.at) next = sleeper;
    if (next === undefined) return;
    this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
    this.#time = Math.max(this.#time, next.at);
    next.wake();
    this.#watch();
  }
}
