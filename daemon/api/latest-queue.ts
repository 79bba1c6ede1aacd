/**
 * What a slow reader has missed, by kind: of each kind the latest alone is kept, so that nobody who does not read makes
 * the daemon grow. Ends when its signal aborts.
 */
export class LatestQueue<T> implements AsyncIterable<T> {
  readonly #waiting = new Map<string, T>();
  readonly #signal: AbortSignal;
  readonly #kindOf: (item: T) => string;
  #wake = Promise.withResolvers<void>();

  constructor(signal: AbortSignal, kindOf: (item: T) => string) {
    this.#signal = signal;
    this.#kindOf = kindOf;
    signal.addEventListener('abort', () => this.#wake.resolve(), { once: true });
  }

  push(item: T): void {
    const kind = this.#kindOf(item);
    // Takes the place of the older one at the end of the line: what it says is newer than what stands before.
    this.#waiting.delete(kind);
    this.#waiting.set(kind, item);
    this.#wake.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    while (!this.#signal.aborted) {
      const [first] = this.#waiting;
      if (first === undefined) {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
        continue;
      }
      const [kind, item] = first;
      this.#waiting.delete(kind);
      yield item;
    }
  }
}
