import { type Dn, type DnKey, dnKey, isWithin, type SourceKind } from '../model/index.ts';
import { IncompleteReadError } from './errors.ts';

/** A read that brings less than this share of what the last one brought has lost something on the way... */
const leastShare = 0.5;
/** ...once there is enough to speak of shares. */
const enough = 100;
/** Pages without an entry that are put up with in a row: a server may answer so while it searches. */
const emptyPages = 1000;
/** More than twice what was there before, and more than this, is no directory but a server that does not end. */
const sudden = 10_000_000;

/**
 * Collects what makes a read provably complete. Absence means deletion only after a read that was: a short one looks
 * just like a directory somebody has emptied.
 */
export class ReadProof {
  readonly #server: string;
  readonly #mode: 'full' | 'delta';
  readonly #namingContext: Dn;
  readonly #root: DnKey;
  readonly #suffix: string;
  readonly #expected: number | undefined;
  /** The first entry of each page. */
  readonly #heads = new Set<string>();
  #empty = 0;
  #rootSeen = false;
  #objects = 0;
  #containers = 0;

  /** `expected` is how many objects are known from before, containers left out. */
  constructor(server: string, mode: 'full' | 'delta', namingContext: Dn, expected: number | undefined) {
    this.#server = server;
    this.#mode = mode;
    this.#namingContext = namingContext;
    this.#root = dnKey(namingContext);
    this.#suffix = `,${namingContext}`;
    this.#expected = expected;
  }

  get objects(): number {
    return this.#objects;
  }

  /** A page as it came: its first entry, its size, and where the server said there is more. */
  page(head: string | undefined, references: readonly string[]): void {
    const [elsewhere] = references;
    if (elsewhere !== undefined) throw this.#incomplete(`it refers to ${elsewhere} for more`);
    if (head === undefined) {
      this.#empty += 1;
      if (this.#empty > emptyPages) throw this.#incomplete('it sends empty pages without end');
      return;
    }
    this.#empty = 0;
    if (this.#heads.has(head)) throw this.#incomplete(`it sends the page that begins with ${head} again`);
    this.#heads.add(head);
  }

  object(dn: Dn, kind?: SourceKind): void {
    this.#objects += 1;
    if (kind === 'container') this.#containers += 1;
    // Nearly every DN ends with the naming context spelled as the server itself spells it.
    if (!dn.endsWith(this.#suffix)) this.#compare(dn);
    if (this.#objects > 2 * (this.#expected ?? 0) + sudden) throw this.#incomplete('it sends objects without end');
  }

  deletion(): void {
    // A full read takes what is gone from its absence, once it is complete, and from nothing else.
    if (this.#mode === 'full') throw this.#incomplete('it sends deleted objects that nobody asked for');
    this.#objects += 1;
  }

  #compare(dn: Dn): void {
    const key = dnKey(dn);
    if (key === this.#root) this.#rootSeen = true;
    else if (!isWithin(key, this.#root)) throw this.#incomplete(`it sends ${dn}, which lies outside`);
  }

  /** Throws when a full read, seen to its end, does not stand for the whole domain. */
  finish(): void {
    if (!this.#rootSeen) throw this.#incomplete(`${this.#namingContext} itself was not among the objects`);
    const before = this.#expected ?? 0;
    // Containers are left when all that lies in them is out of sight.
    const now = this.#objects - this.#containers;
    if (before >= enough && now < before * leastShare) {
      throw new IncompleteReadError(
        this.#server,
        `it brought ${now} objects where ${before} were known`,
        'Nothing is deleted because of it. If so many are meant to be gone, set safety.deletes to { count: 1, percent: 100 } for one full read: it is believed then, and each deletion waits for your approval. Else check the rights of the account and the health of the domain controller.',
      );
    }
  }

  #incomplete(reason: string): IncompleteReadError {
    return new IncompleteReadError(this.#server, reason);
  }
}
