import { setTimeout as sleep } from 'node:timers/promises';
import type { Contacts, Engine } from '../src/engine/index.ts';

/** How long the thread that writes may take to answer, in milliseconds, before what it said last is shown. */
const patience = 500;

/** Whom the engine speaks to. Only the thread that runs cycles knows, and a question must not wait for its work. */
export class LastContacts {
  readonly #engine: Pick<Engine, 'contacts'>;
  #known: Contacts = { connectors: [], quota: null };
  #asking: Promise<Contacts> | undefined;

  constructor(engine: Pick<Engine, 'contacts'>) {
    this.#engine = engine;
  }

  async get(): Promise<Contacts> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    const enough = new AbortController();
    const waited = sleep(patience, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
    try {
      return (await Promise.race([this.#asking, waited])) ?? this.#known;
    } finally {
      enough.abort();
    }
  }

  async #ask(): Promise<Contacts> {
    try {
      this.#known = await this.#engine.contacts();
    } catch {
      // An engine that is going away says nothing new.
    }
    return this.#known;
  }
}
