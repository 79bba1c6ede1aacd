import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ReplicationLostError, ReplicationTimeoutError, ReplicationUnreachableError } from '../errors.ts';

/** How the messages of a protocol tell their length. */
export interface Framing {
  readonly headLength: number;
  /** Length of the whole message, its head included; throws where the head makes no sense. */
  lengthOf(head: Buffer): number;
}

const connectTimeout = 10_000;
/** A large domain is sorted before its first page comes. */
const silenceTimeout = 120_000;

/** A TCP connection that gives whole messages; at most one is read ahead, so the far side waits for us. */
export class MessageSocket implements Disposable {
  readonly server: string;
  readonly #socket: Socket;
  #problem: Error | undefined;
  #wake: (() => void) | undefined;

  private constructor(server: string, socket: Socket) {
    this.server = server;
    this.#socket = socket;
    socket.on('error', (error) => {
      this.#problem = error;
    });
    // Listening for good: a listener added anew would be told at once of what has been there before, for ever.
    for (const event of ['readable', 'end', 'close']) socket.on(event, () => this.#wake?.());
  }

  static async connect(server: string, port: number, signal: AbortSignal): Promise<MessageSocket> {
    signal.throwIfAborted();
    const socket = connect({ host: server, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    const timeout = AbortSignal.timeout(connectTimeout);
    try {
      await once(socket, 'connect', { signal: AbortSignal.any([signal, timeout]) });
      return new MessageSocket(server, socket);
    } catch (error) {
      socket.on('error', () => undefined);
      socket.destroy();
      signal.throwIfAborted();
      const reason = timeout.aborted ? 'it does not answer' : reasonOf(error);
      throw new ReplicationUnreachableError(server, port, reason);
    }
  }

  get isOpen(): boolean {
    return this.#problem === undefined && this.#socket.readable && this.#socket.writable;
  }

  send(message: Uint8Array): void {
    if (!this.isOpen) throw this.#lost();
    this.#socket.write(message);
  }

  async receive(framing: Framing, signal: AbortSignal): Promise<Buffer> {
    const head = await this.#take(framing.headLength, signal);
    const rest = framing.lengthOf(head) - head.length;
    return rest === 0 ? head : Buffer.concat([head, await this.#take(rest, signal)]);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #take(length: number, signal: AbortSignal): Promise<Buffer> {
    for (;;) {
      signal.throwIfAborted();
      const found: unknown = this.#socket.read(length);
      if (Buffer.isBuffer(found)) {
        if (found.length === length) return found;
        throw this.#lost();
      }
      if (!this.isOpen) throw this.#lost();
      await this.#more(signal);
    }
  }

  /** Waits until something happens; what it is the caller looks at. */
  async #more(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new ReplicationTimeoutError(this.server, silenceTimeout / 1000)),
      silenceTimeout,
    );
    const wake = (): void => resolve();
    this.#wake = wake;
    signal.addEventListener('abort', wake);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
      signal.removeEventListener('abort', wake);
    }
  }

  #lost(): ReplicationLostError {
    return new ReplicationLostError(
      this.server,
      this.#problem === undefined ? 'the server closed it' : reasonOf(this.#problem),
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
