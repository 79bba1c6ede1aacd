import { Worker } from 'node:worker_threads';
import type { SandboxOptions } from '../src/sandbox/index.ts';
import { ThreadEndedError } from './errors.ts';
import { Calls } from './threads/calls.ts';

export type SandboxThreadData = SandboxOptions;

/** How a client reaches the tenant. */
export interface SandboxAccess {
  readonly graphUrl: string;
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM file of the tenant's own certificate authority. */
  readonly ca: string;
}

export type SandboxCalls = {
  open(): SandboxAccess;
  close(): void;
};

export interface SandboxThread extends AsyncDisposable {
  readonly access: SandboxAccess;
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
