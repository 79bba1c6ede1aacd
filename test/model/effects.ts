import type { State } from '../../src/state/index.ts';
import type { Target } from '../../src/target/index.ts';
import type { MemoryTenant } from './memory-tenant.ts';

/** Thrown by everything a dead engine still tries. */
export class Killed extends Error {
  constructor(point: number) {
    super(`killed at effect ${point}`);
    this.name = 'Killed';
  }
}

/**
 * Numbers every effect the engine has on the world: a commit about to be made and made, a request about to be sent and
 * answered. At the chosen one the engine dies: nothing it tries afterwards takes effect.
 */
export class Effects {
  count = 0;
  readonly #killAt: number;
  readonly #kill: (point: number) => void;

  constructor(killAt = Number.POSITIVE_INFINITY, kill?: (point: number) => void) {
    this.#killAt = killAt;
    this.#kill =
      kill ??
      ((point) => {
        throw new Killed(point);
      });
  }

  get dead(): boolean {
    return this.count >= this.#killAt;
  }

  note(): void {
    if (!this.dead) this.count += 1;
    if (this.dead) this.#kill(this.count);
  }

  ofState(state: State): State {
    const effects = this;
    return {
      ...state,
      transact(work) {
        effects.note();
        const result = state.transact(work);
        effects.note();
        return result;
      },
      [Symbol.dispose]: () => state[Symbol.dispose](),
    };
  }

  ofTarget(target: MemoryTenant): Target {
    const effects = this;
    return {
      profile: target.profile,
      check: () => target.check(),
      read: (token) => target.read(token),
      readDeleted: (kind) => target.readDeleted(kind),
      find: (object) => target.find(object),
      async *apply(operations) {
        for (const operation of operations) {
          effects.note();
          for await (const results of target.apply([operation])) {
            effects.note();
            yield results;
          }
        }
      },
      [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
    };
  }
}
