import { Worker } from 'node:worker_threads';
import type { SandboxAccess, SandboxOptions } from '../src/sandbox/index.ts';
import { ThreadEndedError } from './errors.ts';
import { Calls } from './threads/calls.ts';

/** What crosses the thread: plain data, no functions. */
export type SandboxThreadData = Pick<SandboxOptions, 'listen' | 'dataDirectory' | 'domains' | 'profile'>;

/** How a client reaches the tenant. */
export type TenantEntrance = Omit<SandboxAccess, 'admin'>;

export type SandboxCalls = {
  open(): TenantEntrance;
  close(): void;
};

export interface SandboxThread extends AsyncDisposable {
  readonly access: TenantEntrance;
}

/** The embedded sandbox tenant in a thread of its own, so that its answers cost neither the engine nor the API. */
export async function startSandboxThread(
  options: SandboxThreadData,
  died: (error: ThreadEndedError) => void,
): Promise<SandboxThread> {
  await using disposables = new AsyncDisposableStack();
  const worker = new Worker(new URL('./sandbox-worker.ts', import.meta.url), { name: 'sandbox', workerData: options });
  const calls = new Calls<SandboxCalls>(worker, {
    note() {},
    died: (error) => died(new ThreadEndedError('sandbox tenant', error)),
  });
  disposables.defer(() => calls.close());
  const access = await calls.call('open', []);
  const kept = disposables.move();
  return { access, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
