import { RulesError } from './errors.ts';

/** Gathers everything that is wrong with a configuration's rules, so that all of it is told at once. */
export class Problems {
  readonly #found: RulesError[] = [];

  get found(): readonly RulesError[] {
    return this.#found;
  }

  /** What is made, or nothing where that is refused. */
  attempt<T>(make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof RulesError)) throw error;
      this.#found.push(error);
      return undefined;
    }
  }

  /** One thing made of each; those refused are left out. */
  attemptAll<A, B>(all: Iterable<A>, make: (one: A, index: number) => B | undefined): readonly B[] {
    return [...all].flatMap((one, i) => {
      const made = this.attempt(() => make(one, i));
      return made === undefined ? [] : [made];
    });
  }
}
