import { BerError, tags } from './ber.ts';

/** A message longer than this is not believed; the longest honest one holds all members of a large group. */
const longestMessage = 256 * 2 ** 20;

/**
 * Cuts a stream of bytes into LDAP messages. Chunks are joined only when a message spans them, each byte at most once,
 * so that a message in a thousand chunks costs no more than one in two.
 */
export class MessageStream {
  readonly #take: (bytes: Buffer, start: number, end: number) => void;
  #chunks: Buffer[] = [];
  #held = 0;
  /** Bytes the first message held needs; 0 while its head is not complete. */
  #needed = 0;

  /** `take` gets a message as the place in a buffer that is reused or given up afterwards. */
  constructor(take: (bytes: Buffer, start: number, end: number) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    if (this.#held === 0) {
      this.#read(chunk);
      return;
    }
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#needed) return;
    const joined = Buffer.concat(this.#chunks, this.#held);
    this.#chunks = [];
    this.#held = 0;
    this.#read(joined);
  }

  #read(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      const length = messageLength(bytes, at);
      if (length > longestMessage) throw new BerError(`a message of ${length} bytes`);
      if (length === 0 || at + length > bytes.length) {
        // The rest is copied when little of a large buffer is left: a view would keep all of it.
        const rest = bytes.subarray(at);
        this.#chunks = [at === 0 ? rest : Buffer.from(rest)];
        this.#held = rest.length;
        // A head cut off is at most five bytes: joined with whatever comes next, it costs nothing.
        this.#needed = length;
        return;
      }
      this.#take(bytes, at, at + length);
      at += length;
    }
  }
}

/** Head and content of the message that begins here; 0 while too little has come to say. */
function messageLength(bytes: Buffer, at: number): number {
  const tag = bytes[at];
  if (tag !== tags.sequence) throw new BerError(`a message that begins with 0x${(tag ?? 0).toString(16)}`);
  const first = bytes[at + 1];
  if (first === undefined) return 0;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new BerError(`a message whose length takes ${count} bytes`);
  if (at + 2 + count > bytes.length) return 0;
  let length = 0;
  for (let i = 0; i < count; i += 1) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  return 2 + count + length;
}
