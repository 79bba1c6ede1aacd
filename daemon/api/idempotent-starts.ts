import type { Cycle, StartCycle } from '../../src/engine/index.ts';
import type { Cycles } from '../cycles.ts';
import { IdempotencyKeyReusedError } from './errors.ts';

/** Keys remembered, the oldest forgotten first. A cycle started twice does no harm; it only takes time. */
const remembered = 1000;

/** Starts of cycles by the key their client sent: the same key gives the same cycle, however often it is sent. */
export class IdempotentStarts {
  readonly #cycles: Cycles;
  readonly #starts = new Map<string, { readonly request: string; readonly cycle: Promise<Cycle> }>();

  constructor(cycles: Cycles) {
    this.#cycles = cycles;
  }

  async start(key: string | undefined, request: StartCycle): Promise<Cycle> {
    if (key === undefined) return this.#begin(request);
    const text = JSON.stringify(request);
    const known = this.#starts.get(key);
    if (known !== undefined) {
      if (known.request !== text) throw new IdempotencyKeyReusedError();
      return known.cycle;
    }
    const cycle = this.#begin(request);
    this.#starts.set(key, { request: text, cycle });
    for (const oldest of this.#starts.keys()) {
      if (this.#starts.size <= remembered) break;
      this.#starts.delete(oldest);
    }
    // What was refused may be asked for again.
    cycle.catch(() => this.#starts.delete(key));
    return cycle;
  }

  async #begin(request: StartCycle): Promise<Cycle> {
    const { cycle, ended } = await this.#cycles.start(request);
    // Its end is told to whoever listens, and is in the state.
    ended.catch(() => {});
    return cycle;
  }
}
