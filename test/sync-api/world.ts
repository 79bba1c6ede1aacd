import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { parseSourceAnchor, type SourceAnchor, type TenantId } from '../../src/model/index.ts';
import { type Exchange, type Sandbox, type SandboxProfile, startSandbox } from '../../src/sandbox/index.ts';
import {
  customCloud,
  type Operation,
  type OperationResult,
  openSyncApiTarget,
  type SyncApiOptions,
  type Target,
  type TargetEnvironment,
  type TenantAccess,
  type TenantEvent,
  type TenantObject,
  type TenantRef,
} from '../../src/target/index.ts';
import { watchCsdl } from '../csdl/index.ts';
import { httpsJson } from '../e2e/https-json.ts';

/** A sandbox tenant whose synchronization is on, over TLS, and the target that writes it. */
export interface SyncWorld extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly target: Target;
  /** For what a test writes. */
  readonly folder: string;
  /** Milliseconds that the target has waited, and would have in the real world. */
  readonly waits: number[];
  readonly log: string[];
  /** Another target on the same tenant. */
  open(options?: SyncApiOptions, environment?: Partial<TargetEnvironment>, access?: Partial<TenantAccess>): Target;
  /** Asks the tenant's Graph by plain HTTPS. */
  get<T>(path: string, method?: string, body?: unknown): Promise<T>;
}

/** A tenant's folder with its keys made, which is what takes time in a start; made once a test file. */
let template: Promise<string> | undefined;

afterAll(async () => {
  if (template !== undefined) rmSync(await template, { recursive: true, force: true });
});

async function makeTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-tenant-'));
  await using _made = await startTenant(folder, {});
  return folder;
}

function startTenant(
  dataDirectory: string,
  profile: SandboxProfile,
  validate?: (exchange: Exchange) => void,
): Promise<Sandbox> {
  return startSandbox({
    listen: { host: '127.0.0.1', port: 0 },
    dataDirectory,
    domains: ['corp.contoso.test'],
    profile,
    ...(validate === undefined ? {} : { validate }),
  });
}

export const signal = new AbortController().signal;

export async function openSyncWorld(
  profile: SandboxProfile = {},
  { activated = true, options = {} }: { readonly activated?: boolean; readonly options?: SyncApiOptions } = {},
): Promise<SyncWorld> {
  await using disposables = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-sync-api-'));
  disposables.defer(() => rmSync(folder, { recursive: true, force: true }));
  // What sync has written is shown by Graph as its schema says.
  const watch = watchCsdl();
  disposables.defer(() => {
    const first = watch.violations.find(({ side }) => side !== 'request');
    if (first !== undefined) throw new Error(`against Graph's schema: ${JSON.stringify(first)}`);
  });
  template ??= makeTemplate();
  const tenantFolder = join(folder, 'sandbox');
  cpSync(await template, tenantFolder, { recursive: true });
  const sandbox = disposables.use(
    await startTenant(tenantFolder, { ...profile, syncApi: { activated, ...profile.syncApi } }, watch.see),
  );
  const targets = disposables.use(new AsyncDisposableStack());
  const waits: number[] = [];
  const log: string[] = [];
  const open: SyncWorld['open'] = (targetOptions = options, environment = {}, access = {}) =>
    targets.use(
      openSyncApiTarget(
        {
          tenantId: sandbox.tenantId,
          cloud: customCloud(sandbox.graphUrl, sandbox.authority),
          credential: { clientId: sandbox.clientId, kind: 'secret', secret: () => sandbox.clientSecret },
          ca: readFileSync(sandbox.ca, 'utf8'),
          ...access,
        },
        {
          now: () => new Date(),
          random: () => 0.5,
          sleep: async (milliseconds) => void waits.push(milliseconds),
          log: (level, event, fields) => void log.push(`${level} ${event} ${JSON.stringify(fields)}`),
          ...environment,
        },
        targetOptions,
      ),
    );
  const target = open();
  const get = httpsJson(sandbox);
  const kept = disposables.move();
  return { sandbox, target, folder, waits, log, open, get, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

export function anchor(name: string | number): SourceAnchor {
  const parsed = parseSourceAnchor(Buffer.from(String(name).padEnd(16, '.').slice(0, 16)).toString('base64'));
  if (parsed === undefined) throw new Error('no anchor');
  return parsed;
}

export function ref(kind: TenantRef['kind'], name: string | number, id?: TenantId): TenantRef {
  return { kind, anchor: anchor(name), id };
}

let operations = 0;
export const nextId = (): number => ++operations;

export async function apply(target: Target, ...list: readonly Operation[]): Promise<readonly OperationResult[]> {
  const results: OperationResult[] = [];
  for await (const some of target.apply(list, signal)) results.push(...some);
  const byId = new Map(results.map((result) => [result.operationId, result]));
  if (results.length !== list.length || byId.size !== list.length) throw new Error('not one result each');
  return list.flatMap(({ operationId }) => byId.get(operationId) ?? []);
}

/** Everything an operation came to, in short. */
export function outcome(result: OperationResult | undefined): string {
  if (result === undefined) return 'none';
  if (result.outcome !== 'done') return `${result.outcome} ${result.error.constructor.name}`;
  return result.partial === undefined ? 'done' : `done but ${result.partial.constructor.name}`;
}

export function idOf(result: OperationResult | undefined): TenantId {
  if (result?.outcome !== 'done' || result.id === undefined) throw new Error(`no id: ${outcome(result)}`);
  return result.id;
}

export interface WholeRead {
  readonly objects: readonly TenantObject[];
  readonly removed: readonly TenantId[];
  readonly token: string;
}

export async function readAll(target: Target, token?: string): Promise<WholeRead> {
  const objects: TenantObject[] = [];
  const removed: TenantId[] = [];
  let last = '';
  for await (const event of target.read(token, signal) satisfies AsyncIterable<TenantEvent>) {
    if (event.type === 'objects') objects.push(...event.objects);
    if (event.type === 'removed') removed.push(...event.objects.map(({ id }) => id));
    if (event.type === 'complete') last = event.token;
  }
  return { objects, removed, token: last };
}
