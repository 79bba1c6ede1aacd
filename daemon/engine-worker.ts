import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type CycleListener, openEngine } from '../src/engine/index.ts';
import { customCloud, type TenantAccess } from '../src/target/index.ts';
import type { EngineCalls, EngineEvent, EngineThreadData } from './engine-thread.ts';
import { progressRelay } from './progress-relay.ts';
import type { TenantEntrance } from './sandbox-thread.ts';
import { answerCalls, tell } from './threads/calls.ts';
import { SecretVault } from './vault/vault.ts';

/** The thread the engine runs in; its other half is engine-thread.ts. */

function listenerOf(event: (event: EngineEvent) => void): CycleListener {
  let id = 0;
  const relay = progressRelay(
    (progress) => event({ type: 'progress', cycle: id, progress }),
    () => performance.now(),
  );
  return {
    started(cycle) {
      id = cycle.id;
      event({ type: 'started', cycle });
    },
    progress: (_, progress) => relay(progress),
  };
}

function accessOf({ graphUrl, authority, tenantId, clientId, clientSecret, ca }: TenantEntrance): TenantAccess {
  return {
    tenantId,
    cloud: customCloud(graphUrl, authority),
    credential: { kind: 'secret', clientId, secret: () => clientSecret },
    ca: readFileSync(ca, 'utf8'),
  };
}

if (parentPort === null) throw new Error('engine-worker runs as a thread');
const port = parentPort;
// The data comes from engine-thread.ts, of the same build.
const { configuration, dataDirectory, mode, actor, sandbox } = workerData as EngineThreadData;
const vault = new SecretVault(dataDirectory, process.env);
const opening = openEngine({
  configuration,
  dataDirectory,
  mode,
  actor,
  environment: {
    env: process.env,
    vault: (name) => vault.get(name),
    now: () => new Date(),
    log: (level, event, fields) => tell(port, { level, event, fields }),
  },
  ...(sandbox === undefined ? {} : { sandbox: accessOf(sandbox) }),
});
// Whoever calls hears of it.
opening.catch(() => {});

answerCalls<EngineCalls>(port, {
  open: async () => void (await opening),
  runCycle: async ({ signal, event }, request) => (await opening).runCycle(request, signal, listenerOf(event)),
  provision: async ({ signal }, request) => (await opening).provision(request, signal),
  assess: async ({ signal }, configuration) => (await opening).assess(configuration, signal),
  syncPasswords: async ({ signal }, connector) => (await opening).syncPasswords(signal, connector),
  passwordsMoved: async ({ signal }, connector) => (await opening).passwordsMoved(connector, signal),
  moved: async ({ signal }) => (await opening).moved(signal),
  check: async ({ signal }) => (await opening).check(signal),
  contacts: async () => (await opening).contacts(),
  decide: async (_, ...args) => (await opening).decide(...args),
  savePlan: async (_, ...args) => (await opening).savePlan(...args),
  release: async (_, ...args) => (await opening).release(...args),
  clearQuarantine: async (_, ...args) => (await opening).clearQuarantine(...args),
  status: async (_, ...args) => (await opening).status(...args),
  cycles: async (_, ...args) => (await opening).cycles(...args),
  cycle: async (_, ...args) => (await opening).cycle(...args),
  plan: async (_, ...args) => (await opening).plan(...args),
  operations: async (_, ...args) => (await opening).operations(...args),
  skipped: async (_, ...args) => (await opening).skipped(...args),
  failing: async (_, ...args) => (await opening).failing(...args),
  troubles: async (_, ...args) => (await opening).troubles(...args),
  lags: async (_, ...args) => (await opening).lags(...args),
  object: async (_, ...args) => (await opening).object(...args),
  objects: async (_, ...args) => (await opening).objects(...args),
  explain: async (_, ...args) => (await opening).explain(...args),
  log: async (_, ...args) => (await opening).log(...args),
  verifyLog: async (_, ...args) => (await opening).verifyLog(...args),
  close: async () => {
    const engine = await opening.catch(() => undefined);
    await engine?.[Symbol.asyncDispose]();
  },
});
