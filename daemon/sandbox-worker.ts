import { parentPort, workerData } from 'node:worker_threads';
import { startSandbox } from '../src/sandbox/index.ts';
import type { SandboxCalls, SandboxThreadData } from './sandbox-thread.ts';
import { answerCalls } from './threads/calls.ts';

/** The thread the embedded sandbox tenant runs in; its other half is sandbox-thread.ts. */

if (parentPort === null) throw new Error('sandbox-worker runs as a thread');
// The options come from sandbox-thread.ts, of the same build.
const opening = startSandbox(workerData as SandboxThreadData);
// Whoever calls hears of it.
opening.catch(() => {});

answerCalls<SandboxCalls>(parentPort, {
  open: async () => {
    const { graphUrl, authority, tenantId, clientId, clientSecret, ca } = await opening;
    return { graphUrl, authority, tenantId, clientId, clientSecret, ca };
  },
  close: async () => {
    const sandbox = await opening.catch(() => undefined);
    await sandbox?.[Symbol.asyncDispose]();
  },
});
