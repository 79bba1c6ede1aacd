import type { TenantId } from '../../model/index.ts';

/** Replicas know a new object within seconds to some minutes; nothing is promised. */
const window = 3 * 60_000;

/** The ids made or restored a short while ago, which a replica may not know yet: their 404 is not an answer. */
export class Recent {
  readonly #now: () => Date;
  /** In order of time. */
  readonly #made = new Map<TenantId, number>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  add(id: TenantId): void {
    const now = this.#now().getTime();
    this.#made.delete(id);
    this.#made.set(id, now);
    for (const [oldest, at] of this.#made) {
      if (now - at < window) return;
      this.#made.delete(oldest);
    }
  }

  /** It is gone: a 404 is an answer again. */
  forget(id: TenantId): void {
    this.#made.delete(id);
  }

  has(id: TenantId | undefined): boolean {
    const at = id === undefined ? undefined : this.#made.get(id);
    return at !== undefined && this.#now().getTime() - at < window;
  }
}
