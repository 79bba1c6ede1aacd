import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectGuidToBytes, parseObjectGuid, type SourceAnchor, sourceAnchorFromBytes } from '../../src/model/index.ts';
import { type Sandbox, type SandboxProfile, startSandbox } from '../../src/sandbox/index.ts';
import {
  customCloud,
  type GraphOptions,
  type GraphTarget,
  httpsFetch,
  type Operation,
  type OperationResult,
  openGraphTarget,
  type TargetEnvironment,
  type TenantAccess,
  type TenantEvent,
} from '../../src/target/index.ts';
import { watchCsdl } from '../csdl/index.ts';
import { httpsJson } from '../e2e/https-json.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A sandbox tenant over TLS and a Graph target that writes it; every exchange is held to Graph's own schema. */
export interface Tenant extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly access: TenantAccess;
  readonly target: GraphTarget;
  /** The time of tenant and target both, when it is virtual. */
  readonly clock: VirtualClock;
  /** What the target logged, event names alone. */
  readonly events: string[];
  /** A further target on the same tenant. */
  open(options?: GraphOptions, environment?: Partial<TargetEnvironment>, access?: Partial<TenantAccess>): GraphTarget;
  /** Plain HTTPS, with none of the target's code between. */
  readonly get: ReturnType<typeof httpsJson>;
  /** Carries operations out and gives back their results by number. */
  apply(operations: readonly Operation[], target?: GraphTarget): Promise<ReadonlyMap<number, OperationResult>>;
}

export const never = new AbortController().signal;

export interface TenantOptions {
  readonly profile?: SandboxProfile;
  readonly options?: GraphOptions;
  readonly environment?: Partial<TargetEnvironment>;
  /** Verified in the tenant. */
  readonly domains?: readonly string[];
  /** Hold every exchange to Graph's schema; a bench of many thousands may not. */
  readonly validate?: boolean;
  /** Time passes only where somebody waits for it. */
  readonly virtual?: boolean;
}

export async function openTenant({
  profile,
  options,
  environment,
  domains = ['contoso.test'],
  validate = true,
  virtual = false,
}: TenantOptions = {}): Promise<Tenant> {
  await using disposables = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-tenant-'));
  disposables.defer(() => rmSync(folder, { recursive: true, force: true }));
  const clock = new VirtualClock();
  const watch = watchCsdl();
  disposables.defer(() => {
    const [first] = watch.violations;
    if (first !== undefined) throw new Error(`against Graph's schema: ${JSON.stringify(first)}`);
    if (validate && watch.seen === 0 && sandbox.counters.requests > 0)
      throw new Error('no exchange with Graph was looked at');
  });
  const sandbox = disposables.use(
    await startSandbox({
      listen: { host: '127.0.0.1', port: 0 },
      dataDirectory: folder,
      domains,
      profile,
      ...(validate ? { validate: watch.see } : {}),
      ...(virtual ? { now: clock.now } : {}),
    }),
  );
  const access: TenantAccess = {
    tenantId: sandbox.tenantId,
    cloud: customCloud(sandbox.graphUrl, sandbox.authority),
    credential: { kind: 'secret', clientId: sandbox.clientId, secret: () => sandbox.clientSecret },
    ca: readFileSync(sandbox.ca, 'utf8'),
  };
  const events: string[] = [];
  const https = disposables.use(httpsFetch({ ca: access.ca }));
  const time = virtual ? { now: clock.now, sleep: clock.sleep, fetch: clock.track(https) } : { now: () => new Date() };
  const open = (
    graph: GraphOptions = {},
    other: Partial<TargetEnvironment> = {},
    changed: Partial<TenantAccess> = {},
  ) =>
    openGraphTarget(
      { ...access, ...changed },
      {
        ...time,
        random: () => 0.5,
        log: (_level, event) => void events.push(event),
        ...environment,
        ...other,
      },
      graph,
    );
  const target = disposables.use(open(options));
  const kept = disposables.move();
  return {
    sandbox,
    access,
    target,
    clock,
    events,
    open: (graph, other, changed) => kept.use(open(graph, other, changed)),
    get: httpsJson(sandbox),
    async apply(operations, on = target) {
      const results = new Map<number, OperationResult>();
      for await (const some of on.apply(operations, never)) {
        for (const result of some) {
          if (results.has(result.operationId)) throw new Error(`operation ${result.operationId} has two results`);
          results.set(result.operationId, result);
        }
      }
      return results;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The anchor of the n-th object of a test. */
export function anchorOf(n: number): SourceAnchor {
  const guid = parseObjectGuid(`28eb3e09-2cfc-458a-ad2c-${n.toString(16).padStart(12, '0')}`);
  const anchor = guid === undefined ? undefined : sourceAnchorFromBytes(objectGuidToBytes(guid));
  if (anchor === undefined) throw new Error(`no anchor for ${n}`);
  return anchor;
}

/** All events of a read. */
export async function eventsOf(events: AsyncIterable<TenantEvent>): Promise<readonly TenantEvent[]> {
  const all: TenantEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
