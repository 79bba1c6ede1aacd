interface Current<T> {
  readonly done: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

/** Work that several may wait for at once: done once for all of them, and stopped when the last one no longer waits. */
export class SharedRun<T> {
  readonly #work: (signal: AbortSignal) => Promise<T>;
  #current: Current<T> | undefined;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#work = work;
  }

  async join(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    // One that is being stopped is nothing to wait for, and is over before another begins.
    while (this.#current?.stop.signal.aborted === true) await this.#current.done.catch(() => {});
    signal.throwIfAborted();
    const current = this.#current ?? this.#start();
    current.waiting += 1;
    const left = Promise.withResolvers<never>();
    const leave = (): void => {
      current.waiting -= 1;
      // Whoever is the last sees it end: nothing goes on that nobody knows of.
      if (current.waiting === 0) current.stop.abort(signal.reason);
      else left.reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([current.done, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #start(): Current<T> {
    const stop = new AbortController();
    const done = this.#work(stop.signal).finally(() => {
      this.#current = undefined;
    });
    done.catch(() => {});
    this.#current = { done, stop, waiting: 0 };
    return this.#current;
  }
}
