import { timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

/** Of the empty password: a value AD may hold, and one that is never sent. */
const ofEmptyPassword = Buffer.from('31d6cfe0d16ae931b73c59d7e0c089c0', 'hex');

/**
 * One password hash in memory, 16 bytes of MD4 of the password in UTF-16LE. It shows itself to nobody: not to JSON,
 * not to a log, not to a crash report. Whoever holds it wipes it by disposing it; a wiped one is of no use.
 */
export class NtHash implements Disposable {
  #bytes: Uint8Array | undefined;

  /** Takes the bytes over: they are wiped with it. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== 16) throw new RangeError('an NT hash has 16 bytes');
    this.#bytes = bytes;
  }

  get isWiped(): boolean {
    return this.#bytes === undefined;
  }

  get isOfEmptyPassword(): boolean {
    return this.use((bytes) => timingSafeEqual(bytes, ofEmptyPassword));
  }

  /** Lends the bytes for the length of `work`, which must not keep them. */
  use<Result>(work: (bytes: Uint8Array) => Result): Result {
    if (this.#bytes === undefined) throw new Error('this password hash has been wiped');
    return work(this.#bytes);
  }

  equals(other: NtHash): boolean {
    return this.use((mine) => other.use((theirs) => timingSafeEqual(mine, theirs)));
  }

  [Symbol.dispose](): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toJSON(): string {
    return '[password hash]';
  }

  toString(): string {
    return '[password hash]';
  }

  [inspect.custom](): string {
    return '[password hash]';
  }
}
