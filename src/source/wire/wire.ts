import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Message } from 'ldapts';
import { BerError, BerReader, tags } from './ber.ts';
import { MessageStream } from './message-stream.ts';
import { type LdapResult, operations, readResult, readTexts } from './messages.ts';

/** The server broke the protocol: nothing that follows on this connection can be relied on. */
export class WireProtocolError extends Error {
  override readonly name = 'WireProtocolError';
}

export class WireTimeoutError extends Error {
  override readonly name = 'WireTimeoutError';
}

/** The connection ended, by the server, the network or an abort. */
export class WireClosedError extends Error {
  override readonly name = 'WireClosedError';
}

/** Takes what comes before the result of one request, at the moment it comes. */
export interface Receiver {
  /** Where the content of a SearchResultEntry lies; the bytes stay as they are during the call only. */
  entry(bytes: Buffer, start: number, end: number): void;
  reference(urls: readonly string[]): void;
}

/** A connected socket, and how to be given what it receives: chunks that are overwritten by the next. */
export interface Line {
  readonly socket: Socket;
  readonly feed: (take: (chunk: Buffer) => void) => void;
}

interface Waiting {
  readonly receiver: Receiver | undefined;
  readonly resolve: (result: LdapResult) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
  readonly response: number;
}

/** Requests and their answers over one socket: several may be under way, told apart by their message ids. */
export class Wire implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #timeout: number;
  readonly #waiting = new Map<number, Waiting>();
  readonly #stream = new MessageStream((bytes, start, end) => this.#message(bytes, start, end));
  readonly #reader = new BerReader(Buffer.alloc(0));
  #lastId = 0;
  #ended: Error | undefined;

  /** `timeout` in milliseconds is what every request gets to be answered in full. */
  constructor({ socket, feed }: Line, timeout: number) {
    this.#socket = socket;
    this.#timeout = timeout;
    socket.setKeepAlive(true, 30_000);
    socket.setNoDelay(true);
    feed(this.#data);
    socket.on('error', this.#error);
    socket.on('close', this.#close);
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  /** Gives the socket back as it was, for TLS to take it over; nothing may be under way. */
  release(): Socket {
    this.#socket.removeAllListeners('data');
    this.#socket.off('error', this.#error);
    this.#socket.off('close', this.#close);
    this.#ended = new WireClosedError('the connection was handed on');
    return this.#socket;
  }

  /** Sends what `make` builds for a message id; `response` is the operation that ends it. */
  async request(make: (messageId: number) => Message, response: number, receiver?: Receiver): Promise<LdapResult> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#lastId = (this.#lastId % 0x7fff_fffe) + 1;
    const id = this.#lastId;
    const bytes = make(id).write();
    return await new Promise<LdapResult>((resolve, reject) => {
      const timer = setTimeout(
        () => this.end(new WireTimeoutError(`no answer within ${this.#timeout / 1000} s`)),
        this.#timeout,
      );
      this.#waiting.set(id, { receiver, resolve, reject, timer, response });
      this.#socket.write(bytes);
    });
  }

  /** Ends the connection; whatever is under way fails with `reason`. */
  end(reason: Error): void {
    this.#ended ??= reason;
    this.#socket.destroy();
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#ended);
    }
    this.#waiting.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.closed) return;
    const closed = once(this.#socket, 'close');
    this.end(new WireClosedError('the connection was closed on our side'));
    await closed;
  }

  readonly #data = (chunk: Buffer): void => {
    if (this.#ended !== undefined) return;
    try {
      this.#stream.push(chunk);
    } catch (error) {
      if (!(error instanceof BerError || error instanceof WireProtocolError)) throw error;
      this.end(error instanceof BerError ? new WireProtocolError(error.message, { cause: error }) : error);
    }
  };

  readonly #error = (error: Error): void => {
    this.end(new WireClosedError(error.message, { cause: error }));
  };

  readonly #close = (): void => {
    this.end(new WireClosedError('the server closed the connection'));
  };

  #message(bytes: Buffer, start: number, end: number): void {
    if (this.#ended !== undefined) return;
    const reader = this.#reader;
    reader.move(bytes, start);
    reader.open(tags.sequence, end);
    const id = reader.integer(end);
    const operation = reader.peek(end);
    const stop = reader.open(operation, end);
    // A notice of disconnection: the one message a server sends by itself (RFC 4511, 4.4).
    if (id === 0) {
      const { code, message } = readResult(reader, stop, end);
      this.end(new WireClosedError(`the server ended the connection: ${message || `code ${code}`}`));
      return;
    }
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) throw new WireProtocolError(`an answer to message ${id}, which nobody sent`);
    if (operation === waiting.response) {
      const result = readResult(reader, stop, end);
      this.#waiting.delete(id);
      clearTimeout(waiting.timer);
      waiting.resolve(result);
    } else if (waiting.receiver !== undefined && operation === operations.searchEntry)
      waiting.receiver.entry(bytes, reader.at, stop);
    else if (waiting.receiver !== undefined && operation === operations.searchReference)
      waiting.receiver.reference(readTexts(reader, stop));
    else if (operation !== operations.intermediateResponse)
      throw new WireProtocolError(`operation 0x${operation.toString(16)} in answer to message ${id}`);
  }
}
