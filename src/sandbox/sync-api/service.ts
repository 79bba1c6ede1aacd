import { randomUUID } from 'node:crypto';
import { contentType, WireError } from '../../wire/index.ts';
import { ObjectQuotaReached } from '../directory/index.ts';
import { type Faults, faultSource, type Strike } from '../faults.ts';
import type { HttpAnswer } from '../http.ts';
import type { SyncContext } from './context.ts';
import { readCall, type SyncCall, writeAnswer, writeFault, writeRedirect } from './envelope.ts';
import { fault, SyncFault, SyncRedirect } from './faults.ts';
import { isActivated } from './features.ts';
import { writeRole } from './names.ts';
import { operations } from './operations.ts';
import { quarantineCheck } from './quarantine-check.ts';

export interface SyncRequest {
  readonly bytes: Uint8Array;
  /** `https://host:port`, as the client calls this server. */
  readonly origin: string;
}

export type SyncServed = { readonly answer: HttpAnswer } | { readonly lost: 'reset' | 'hang' };

interface SyncAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

const asHttp = (answer: SyncAnswer): SyncServed => ({ answer: { ...answer, body: '' } });

const headers = { 'content-type': contentType, 'cache-control': 'private' };

/** The service Entra Connect writes to, over the tenant's directory. */
export function syncService(context: SyncContext): (request: SyncRequest) => SyncServed {
  const faults: Faults = faultSource(context.profile);
  const checkQuarantine = quarantineCheck(context);

  function perform(call: SyncCall): Buffer {
    const operation = operations.get(call.operation.toLowerCase());
    if (operation === undefined) throw fault.unknownOperation(call.operation);
    requireBuild(context, call);
    requireCaller(context, call);
    if (!operation.always && !isActivated(context.directory)) throw fault.notActivated();
    context.counters.syncCalls += 1;
    checkQuarantine();
    return writeAnswer(call.operation, call.messageId, operation.handle(context, call));
  }

  function settled(call: SyncCall, origin: string): SyncAnswer {
    const target = { method: 'POST', target: `/provisioningservice.svc/${call.operation}` };
    const strike = faults.onAnswer(target);
    if (strike !== undefined) context.counters.faults += 1;
    try {
      redirect(context, origin);
      if (strike?.when === 'before') throw struck(strike);
      const bytes = perform(call);
      if (strike !== undefined) throw struck(strike);
      return { status: 200, headers, bytes };
    } catch (error) {
      return refused(call, error);
    }
  }

  function serve({ bytes, origin }: SyncRequest): SyncServed {
    let call: SyncCall;
    try {
      call = readCall(bytes);
    } catch (error) {
      if (!(error instanceof WireError) && !(error instanceof SyncFault)) throw error;
      return asHttp({ status: 400, headers: { 'content-type': 'text/plain' }, bytes: Buffer.from('Bad Request') });
    }
    const lost = faults.onConnection([{ method: 'POST', target: `/provisioningservice.svc/${call.operation}` }]);
    if (lost !== undefined) context.counters.faults += 1;
    if (lost?.when === 'before' && isCut(lost)) return { lost: lost.kind };
    const answer = lost?.when === 'before' ? { status: 200, headers, bytes: Buffer.alloc(0) } : settled(call, origin);
    if (lost === undefined) return asHttp(answer);
    return isCut(lost) ? { lost: lost.kind } : asHttp(mangled(lost, answer));
  }

  return (request) => {
    const served = serve(request);
    context.counters.syncBytesReceived += request.bytes.length;
    if ('answer' in served) context.counters.syncBytesSent += served.answer.bytes?.length ?? 0;
    return served;
  };
}

function isCut(strike: Strike): strike is Strike & { readonly kind: 'reset' | 'hang' } {
  return strike.kind === 'reset' || strike.kind === 'hang';
}

/** A gateway has no binding of its own: what it says is plain HTTP. */
class Gateway extends Error {
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(status: number, retryAfter: number | undefined) {
    super(`status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

function struck({ kind, retryAfterSeconds }: Strike): Error {
  switch (kind) {
    case 'throttled':
      return fault.busy();
    case 'internalError':
      return fault.internal();
    case 'gatewayTimeout':
      return new Gateway(504, retryAfterSeconds);
    default:
      return new Gateway(503, retryAfterSeconds);
  }
}

function refused(call: SyncCall, error: unknown): SyncAnswer {
  const { operation, messageId } = call;
  if (error instanceof SyncRedirect) return { status: 500, headers, bytes: writeRedirect(operation, messageId, error) };
  if (error instanceof Gateway) {
    const { retryAfter } = error;
    const after = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    return {
      status: error.status,
      headers: { 'content-type': 'text/plain', ...after },
      bytes: Buffer.from('Service Unavailable'),
    };
  }
  const known = asFault(error);
  return { status: 500, headers, bytes: writeFault(operation, messageId, known, randomUUID()) };
}

function asFault(error: unknown): SyncFault {
  if (error instanceof SyncFault) return error;
  if (error instanceof WireError) return fault.malformed(error.message);
  if (error instanceof ObjectQuotaReached)
    return new SyncFault(`The directory object quota limit of ${error.limit} has been exceeded.`);
  throw error;
}

function mangled({ kind }: Strike, answer: SyncAnswer): SyncAnswer {
  switch (kind) {
    case 'html':
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        bytes: Buffer.from('<!DOCTYPE html><html><body>Please sign in to the network.</body></html>'),
      };
    case 'truncated':
      return { ...answer, bytes: answer.bytes.subarray(0, Math.ceil(answer.bytes.length / 2)) };
    case 'wrongShape':
      return { ...answer, bytes: writeAnswer('Another', undefined, undefined) };
    default:
      return { status: 302, headers: { location: 'https://elsewhere.invalid/portal' }, bytes: Buffer.alloc(0) };
  }
}

/** A call is sent on until it comes to the last origin of the list. */
function redirect(context: SyncContext, origin: string): void {
  const { redirects } = context.settings();
  const hops = redirects.map((url) => new URL(url).origin);
  const at = hops.indexOf(origin);
  const next = hops[at + 1];
  if (next !== undefined) throw new SyncRedirect(`${next}/provisioningservice.svc`);
}

function requireBuild(context: SyncContext, { build }: SyncCall): void {
  if (build === undefined || isOlder(build, context.settings().minimumBuild))
    throw fault.buildTooOld(build ?? 'unknown');
}

function isOlder(build: string, than: string): boolean {
  const parts = build.split('.').map(Number);
  for (const [i, least] of than.split('.').map(Number).entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return !(part > least);
  }
  return false;
}

/** An application with the role, or an administrator signed in as a user. */
function requireCaller(context: SyncContext, { token }: SyncCall): void {
  const checked = context.tokens.check(token);
  if ('problem' in checked || !context.isSyncApi(checked.caller.audience)) throw fault.accessDenied();
  if (context.profile().permissions && !checked.caller.roles.has(writeRole)) throw fault.accessDenied();
}
