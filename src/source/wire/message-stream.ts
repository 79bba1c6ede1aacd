import { BerError, tags } from './ber.ts';

/** A message longer than this is not believed; the longest honest one holds all members of a large group. */
const longestMessage = 256 * 2 ** 20;

const firstRoom = 64 * 2 ** 10;

/**
 * Cuts a stream of bytes into LDAP messages. What lies whole in a chunk is read there; only a message that spans chunks
 * is put together, each of its bytes copied once, in room that grows with what has come and not with what was announced.
 */
export class MessageStream {
  readonly #take: (bytes: Buffer, start: number, end: number) => void;
  #room = Buffer.allocUnsafeSlow(firstRoom);
  #held = 0;

  /** `take` gets the place of a message, whose bytes stay as they are during the call only. */
  constructor(take: (bytes: Buffer, start: number, end: number) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let at = this.#held === 0 ? 0 : this.#complete(chunk);
    while (at < chunk.length) {
      const length = messageLength(chunk, at, chunk.length);
      if (length === 0 || at + length > chunk.length) {
        this.#hold(chunk, at, chunk.length);
        return;
      }
      this.#take(chunk, at, at + length);
      at += length;
    }
  }

  /** Adds to the message begun earlier; gives where the chunk goes on behind it. */
  #complete(chunk: Buffer): number {
    let at = 0;
    let length = messageLength(this.#room, 0, this.#held);
    while (length === 0 && at < chunk.length) {
      this.#hold(chunk, at, at + 1);
      at += 1;
      length = messageLength(this.#room, 0, this.#held);
    }
    const end = Math.min(chunk.length, at + length - this.#held);
    if (length === 0 || end < at) return at;
    this.#hold(chunk, at, end);
    if (this.#held < length) return end;
    this.#held = 0;
    this.#take(this.#room, 0, length);
    if (this.#room.length > 2 ** 20) this.#room = Buffer.allocUnsafeSlow(firstRoom);
    return end;
  }

  #hold(chunk: Buffer, start: number, end: number): void {
    const size = this.#held + end - start;
    if (size > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#room.length, size));
      this.#room.copy(larger, 0, 0, this.#held);
      this.#room = larger;
    }
    chunk.copy(this.#room, this.#held, start, end);
    this.#held = size;
  }
}

/** Head and content of the message that begins here; 0 while too little has come to say. */
function messageLength(bytes: Buffer, at: number, end: number): number {
  const tag = bytes[at];
  if (tag !== tags.sequence) throw new BerError(`a message that begins with 0x${(tag ?? 0).toString(16)}`);
  const first = at + 1 < end ? bytes[at + 1] : undefined;
  if (first === undefined) return 0;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new BerError(`a message whose length takes ${count} bytes`);
  if (at + 2 + count > end) return 0;
  let length = 0;
  for (let i = 0; i < count; i += 1) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  if (length > longestMessage) throw new BerError(`a message of ${length} bytes`);
  return 2 + count + length;
}
