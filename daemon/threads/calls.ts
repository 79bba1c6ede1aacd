import type { MessagePort, Worker } from 'node:worker_threads';
import { CloudSyncError, type ErrorReport } from '../../src/model/index.ts';
import { UnforeseenError } from '../errors.ts';
import { ReportedError } from './reported-error.ts';

/**
 * Calls from one thread to another over a message port: each has one answer, may tell of events on its way and may be
 * aborted. Both halves of the protocol are in this file, and nothing else posts to the port.
 */

type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly kind: 'abort'; readonly id: number };

type FromWorker =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorReport; readonly stack: string | undefined }
  | { readonly kind: 'event'; readonly id: number; readonly event: unknown }
  | { readonly kind: 'note'; readonly note: unknown };

/** What a worker answers to: by method name; arguments and results must be cloneable. */
type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

export interface CallHandling {
  readonly signal: AbortSignal;
  /** Tells the caller of something on the way. */
  readonly event: (event: unknown) => void;
}

export type Handlers<M extends Methods> = {
  readonly [K in keyof M]: (handling: CallHandling, ...args: Parameters<M[K]>) => Promise<ReturnType<M[K]>>;
};

/** The worker's half. A call named `close` that has been answered ends the conversation. */
export function answerCalls<M extends Methods>(port: MessagePort, handlers: Handlers<M>): void {
  const running = new Map<number, AbortController>();
  const post = (message: FromWorker): void => port.postMessage(message);
  port.on('message', async (message: ToWorker) => {
    if (message.kind === 'abort') {
      running.get(message.id)?.abort();
      return;
    }
    const { id, method, args } = message;
    const controller = new AbortController();
    running.set(id, controller);
    const handling = {
      signal: controller.signal,
      event: (event: unknown) => post({ kind: 'event', id, event }),
    };
    try {
      const handler = handlers[method];
      if (handler === undefined) throw new Error(`no method ${method}`);
      const result = await handler(handling, ...(args as Parameters<M[string]>));
      post({ kind: 'result', id, result });
    } catch (error) {
      post({
        kind: 'error',
        id,
        error: (error instanceof CloudSyncError ? error : new UnforeseenError(error)).report(),
        stack: error instanceof Error ? error.stack : undefined,
      });
    } finally {
      running.delete(id);
    }
    if (method === 'close') port.close();
  });
}

/** Tells the other side of something outside of any call. */
export function tell(port: MessagePort, note: unknown): void {
  port.postMessage({ kind: 'note', note } satisfies FromWorker);
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly event: ((event: unknown) => void) | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly event?: (event: unknown) => void;
}

/** The caller's half, over a worker of its own. */
export class Calls<M extends Methods> {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #closing: Promise<void> | undefined;
  #ended: Error | undefined;

  /** `note` hears what the worker tells unasked; `died` is called once if it ends without having been closed. */
  constructor(worker: Worker, { note, died }: { note(note: unknown): void; died(error: Error): void }) {
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => (message.kind === 'note' ? note(message.note) : this.#take(message)));
    worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error)), died));
    worker.on('exit', (code) => this.#end(new Error(`the thread ended with code ${code}`), died));
  }

  call<K extends keyof M & string>(
    method: K,
    args: Parameters<M[K]>,
    { signal, event }: CallOptions = {},
  ): Promise<ReturnType<M[K]>> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#next++;
    const abort = (): void => this.#worker.postMessage({ kind: 'abort', id } satisfies ToWorker);
    const settle = (done: () => void): void => {
      this.#pending.delete(id);
      signal?.removeEventListener('abort', abort);
      done();
    };
    this.#pending.set(id, {
      resolve: (result) => settle(() => resolve(result)),
      reject: (error) => settle(() => reject(error)),
      event,
    });
    this.#worker.postMessage({ kind: 'call', id, method, args } satisfies ToWorker);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    return promise as Promise<ReturnType<M[K]>>;
  }

  #take(message: Exclude<FromWorker, { kind: 'note' }>): void {
    const pending = this.#pending.get(message.id);
    switch (message.kind) {
      case 'result':
        pending?.resolve(message.result);
        return;
      case 'error':
        pending?.reject(new ReportedError(message.error, message.stack));
        return;
      case 'event':
        pending?.event?.(message.event);
        return;
      default:
        message satisfies never;
    }
  }

  #end(error: Error, died: (error: Error) => void): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    for (const pending of [...this.#pending.values()]) pending.reject(error);
    if (this.#closing === undefined) died(error);
  }

  /** Asks the worker to close, then ends its thread; calls still open fail. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#ended === undefined) await this.call('close', [] as never).catch(() => {});
    await this.#worker.terminate();
  }
}
