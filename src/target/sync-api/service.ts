import { randomUUID } from 'node:crypto';
import { child, contentType, servicePath, WireError, type XmlContent, type XmlElement } from '../../wire/index.ts';
import type { TargetEnvironment } from '../access.ts';
import {
  AnswerLostError,
  BadAnswerError,
  type TargetError,
  TenantUnavailableError,
  TenantUnreachableError,
} from '../errors.ts';
import type { Fetch } from '../https-fetch.ts';
import type { SignIn } from '../sign-in.ts';
import { type Answer, type AnsweredObject, readAnswer } from './answer.ts';
import { applicationId, clientVersion, writeRequest } from './envelope.ts';
import { RedirectLoopError, RedirectRefusedError, ServiceBusyError, SyncAccessDeniedError } from './errors.ts';
import { type FaultContext, faultError, isBusy, isInternal } from './fault-errors.ts';

export interface ServiceSettings {
  /** Origin of the service. */
  readonly endpoint: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly build: string;
  /** Redirects may lead to any host (a cloud of one's own) or only to hosts of this domain. */
  readonly redirects: 'any' | { readonly domain: string };
}

export interface Call {
  readonly operation: string;
  readonly content: readonly XmlContent[];
  /** Takes the objects of a read-back, one by one; begins anew when the call is repeated. */
  readonly items?: { begin(): void; take(object: AnsweredObject): void };
  /** A result without this member is not one. */
  readonly needs?: string;
  /** An internal error of the service means something of its own here, and is not repeated. */
  readonly internal?: (description: string) => TargetError;
}

export interface Result {
  readonly element: XmlElement | undefined;
  /** What the service's support asks for. */
  readonly requestId: string;
}

const mostRedirects = 3;
const mostAttempts = 6;

type Once =
  | { readonly type: 'answer'; readonly answer: Answer }
  | { readonly type: 'again'; readonly after: number | undefined; readonly error: TargetError };

/**
 * Calls the service. Everything it is told names its object and says how it is to be, so what was lost, refused as
 * busy or answered by an internal error is sent again, with growing pauses; a redirect is followed and kept.
 */
export function syncService(
  settings: ServiceSettings,
  signIn: SignIn,
  fetch: Fetch,
  { random, sleep, log }: Pick<TargetEnvironment, 'random' | 'log'> & Required<Pick<TargetEnvironment, 'sleep'>>,
) {
  let origin = settings.endpoint;

  async function call(request: Call, signal: AbortSignal): Promise<Result> {
    const { operation } = request;
    const hosts = [new URL(origin).host];
    let fresh = false;
    let error: TargetError = new ServiceBusyError(operation, longestPause);
    for (let attempt = 1; attempt <= mostAttempts; ) {
      signal.throwIfAborted();
      const id = randomUUID();
      const once = await attemptOnce(request, id, fresh, signal);
      if (once.type === 'again') {
        error = once.error;
        log?.('debug', 'syncCallRepeated', { operation, attempt, requestId: id, code: error.code });
        if (attempt < mostAttempts) await pause(attempt, once.after, signal);
        attempt += 1;
        continue;
      }
      const { fault, result } = once.answer;
      if (fault === undefined) return { element: result, requestId: id };
      if (fault.type === 'redirect') {
        redirect(fault.url);
        hosts.push(new URL(origin).host);
        if (hosts.length > mostRedirects + 1) throw new RedirectLoopError(hosts);
        continue;
      }
      log?.('debug', 'syncFault', { operation, requestId: id, code: fault.code, description: fault.description });
      const refusal = faultError(fault, context(operation));
      // A role that was granted a moment ago is in fresh tokens only.
      if (!(refusal instanceof SyncAccessDeniedError) || fresh) throw refusal;
      fresh = true;
    }
    throw error;
  }

  /** Nothing it throws is worth another attempt. */
  async function attemptOnce(request: Call, id: string, fresh: boolean, signal: AbortSignal): Promise<Once> {
    const { operation, content, items, needs, internal } = request;
    const url = `${origin}${servicePath}`;
    const { value: token } = await signIn.token(fresh);
    const body = writeRequest({ operation, url, token, build: settings.build, id }, content);
    try {
      const headers = headersOf(settings, operation, id);
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body), signal });
      const unusable = await unusableAnswer(response, operation);
      if (unusable !== undefined) return unusable;
      items?.begin();
      const answer = await readAnswer(operation, chunksOf(response), items?.take);
      if (answer.fault === undefined && needs !== undefined && child(answer.result, needs) === undefined)
        return again(new BadAnswerError(operation, `there is no ${needs} in it`));
      if (answer.fault?.type !== 'fault') return { type: 'answer', answer };
      if (isBusy(answer.fault)) return again(new ServiceBusyError(operation, longestPause));
      if (!isInternal(answer.fault)) return { type: 'answer', answer };
      if (internal !== undefined) throw internal(answer.fault.description);
      return again(faultError(answer.fault, context(operation)));
    } catch (error) {
      if (error instanceof WireError) return again(new BadAnswerError(operation, error.message, error));
      if (error instanceof AnswerLostError || error instanceof TenantUnreachableError) return again(error);
      throw error;
    }
  }

  function redirect(to: string): void {
    const url = URL.parse(to);
    const { redirects } = settings;
    const host = url?.hostname ?? '';
    const known = redirects === 'any' || host === redirects.domain || host.endsWith(`.${redirects.domain}`);
    if (url === null || url.protocol !== 'https:' || !known) throw new RedirectRefusedError(new URL(origin).host, to);
    origin = url.origin;
    log?.('info', 'syncRedirected', { host: url.host });
  }

  async function pause(attempt: number, after: number | undefined, signal: AbortSignal): Promise<void> {
    const grown = Math.min(longestPause, 1000 * 2 ** (attempt - 1)) * (0.75 + random() / 2);
    await sleep?.(Math.max(after ?? 0, grown), signal);
  }

  const context = (operation: string): FaultContext => ({
    operation,
    clientId: settings.clientId,
    tenant: settings.tenantId,
    build: settings.build,
  });

  return { call };
}

export type SyncService = ReturnType<typeof syncService>;

/** Reads what a result says; one that is not as it should be is no answer. */
export function readResult<T>(operation: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw new BadAnswerError(operation, error.message, error);
    throw error;
  }
}

const longestPause = 60_000;

const again = (error: TargetError, after?: number): Once => ({ type: 'again', after, error });

function headersOf({ build, tenantId }: ServiceSettings, operation: string, id: string): Record<string, string> {
  return {
    'content-type': contentType,
    'x-ms-aadmsods-clientversion': clientVersion,
    'x-ms-aadmsods-dirsyncbuildnumber': build,
    'x-ms-aadmsods-fimbuildnumber': build,
    'x-ms-aadmsods-tenantid': tenantId,
    'x-ms-aadmsods-appid': applicationId,
    'x-ms-aadmsods-apiaction': operation,
    'client-request-id': id,
    'user-agent': '',
  };
}

/** Anything but an answer of the service: a gateway that is overloaded, a page of a proxy. */
async function unusableAnswer(response: Response, operation: string): Promise<Once | undefined> {
  const { status } = response;
  const isOurs = response.headers.get('content-type')?.toLowerCase().startsWith(contentType) === true;
  if (isOurs && (status === 200 || status === 500)) return undefined;
  await response.arrayBuffer();
  const seconds = Number(response.headers.get('retry-after') ?? '');
  const after = Number.isFinite(seconds) ? Math.min(10 * longestPause, seconds * 1000) : undefined;
  if (status === 429) return again(new ServiceBusyError(operation, after ?? longestPause), after);
  if (status >= 500) return again(new TenantUnavailableError(operation, status, 'no answer of the service'), after);
  const type = response.headers.get('content-type') ?? 'no content type';
  return again(new BadAnswerError(operation, `status ${status}, ${type}`), after);
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  for await (const chunk of response.body) yield chunk;
}
