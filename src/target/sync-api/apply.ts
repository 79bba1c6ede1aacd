import { CloudSyncError, type TenantId } from '../../model/index.ts';
import { child, children, childText, isNil, text, type XmlElement } from '../../wire/index.ts';
import { AnswerLostError } from '../errors.ts';
import type { Operation, OperationResult } from '../target.ts';
import { type Draft, draft, requestsOf } from './drafts.ts';
import { AdoptedAnotherError, ResultMissingError, TenantDeleteThresholdError } from './errors.ts';
import { objectError, partialError } from './object-errors.ts';
import { inParallel } from './parallel.ts';
import type { Result, SyncService } from './service.ts';
import { parseCloudAnchor, writeSyncRequest } from './sync-object.ts';

/** What one export has done so far: what the service is told at its end, and what its delete threshold is held against. */
export interface ExportCount {
  sent: number;
  succeeded: number;
  deletes: number;
}

export interface ApplyOptions {
  readonly objectsPerRequest: number;
  readonly requests: number;
  readonly linksPerRequest: number;
  readonly deleteThreshold: number | undefined;
}

/** Writes operations in requests of many objects, several requests at once; one bad object fails by itself. */
export async function* applyOperations(
  service: SyncService,
  operations: readonly Operation[],
  options: ApplyOptions,
  count: ExportCount,
  signal: AbortSignal,
): AsyncGenerator<readonly OperationResult[]> {
  const { allowed, refused } = withinThreshold(operations, options.deleteThreshold, count);
  if (refused.length > 0) yield refused;
  const drafts = draft(allowed, options.linksPerRequest);
  const requests = requestsOf(drafts, { objects: options.objectsPerRequest, links: options.linksPerRequest });
  yield* inParallel(requests, options.requests, async (request) => {
    const results = await send(service, request, signal);
    count.sent += request.length;
    count.succeeded += new Set(
      results.flatMap(({ outcome, operationId }) =>
        outcome === 'done'
          ? request.find(({ operations: own }) => own.some((one) => one.operationId === operationId))
          : [],
      ),
    ).size;
    return results;
  });
}

/** The tenant's threshold is for the clients to keep: the service itself does not. */
function withinThreshold(
  operations: readonly Operation[],
  threshold: number | undefined,
  count: ExportCount,
): { readonly allowed: readonly Operation[]; readonly refused: readonly OperationResult[] } {
  const deletes = operations.filter(({ type }) => type === 'delete');
  if (threshold === undefined || count.deletes + deletes.length <= threshold) {
    count.deletes += deletes.length;
    return { allowed: operations, refused: [] };
  }
  return {
    allowed: operations.filter(({ type }) => type !== 'delete'),
    refused: deletes.map(({ operationId, object }) => ({
      operationId,
      requestId: undefined,
      outcome: 'failed',
      error: new TenantDeleteThresholdError(`${nameOf(object)} is not deleted`, threshold),
    })),
  };
}

const nameOf = ({ kind, anchor }: Operation['object']): string => `${kind} ${anchor}`;

async function send(
  service: SyncService,
  request: readonly Draft[],
  signal: AbortSignal,
): Promise<readonly OperationResult[]> {
  const changes = request.some(({ links }) => links > 0);
  const operation = changes ? 'ProvisionAzureADSyncObjects2' : 'ProvisionAzureADSyncObjects';
  const content = [writeSyncRequest(request.map(({ object }) => object))];
  let answer: Result;
  try {
    answer = await service.call({ operation, content }, signal);
  } catch (error) {
    if (!(error instanceof CloudSyncError)) throw error;
    const outcome = error instanceof AnswerLostError ? 'unknown' : 'failed';
    return request.flatMap(({ operations }) =>
      operations.map(({ operationId }) => ({ operationId, requestId: undefined, outcome, error })),
    );
  }
  return resultsOf(request, answer);
}

interface ObjectResult {
  readonly sourceAnchor: string | undefined;
  readonly id: TenantId | undefined;
  readonly success: boolean;
  readonly code: string | undefined;
  readonly description: string | undefined;
}

function readResult(result: XmlElement): ObjectResult {
  const words = [child(result, 'ResultErrorDescription'), child(result, 'ErrorDetails')]
    .map((one) => (one === undefined || isNil(one) ? '' : text(one).trim()))
    .find((one) => one !== '');
  return {
    sourceAnchor: childText(result, 'SourceAnchor'),
    id: parseCloudAnchor(childText(result, 'CloudAnchor')),
    success: childText(result, 'ResultCode')?.trim().toLowerCase() === 'success',
    code: childText(result, 'ResultErrorCode'),
    description: words,
  };
}

const notThere = /not ?found|does ?not ?exist/i;

/** By the anchor; an answer without anchors, object by object in the order of the request. */
function resultsOf(request: readonly Draft[], { element, requestId }: Result): readonly OperationResult[] {
  const all = children(child(element, 'SyncObjectResults'), 'AzureADSyncObjectResult').map(readResult);
  const byAnchor = new Map(all.map((one) => [one.sourceAnchor, one]));
  const inOrder = all.length === request.length && all.every(({ sourceAnchor }) => sourceAnchor === undefined);
  return request.flatMap(({ operations, anchor }, place) => {
    const result = byAnchor.get(anchor) ?? (inOrder ? all[place] : undefined);
    return operations.map((operation): OperationResult => {
      const base = { operationId: operation.operationId, requestId };
      const name = nameOf(operation.object);
      if (result === undefined) return { ...base, outcome: 'failed', error: new ResultMissingError(name) };
      const { id, success, code, description } = result;
      // Deleted before, by a request whose answer was lost.
      const gone = operation.type === 'delete' && notThere.test(`${code} ${description}`);
      if (!success && !gone) {
        const failure = { code, description: description ?? 'it gives no reason' };
        return { ...base, outcome: 'failed', error: objectError(name, failure) };
      }
      const wanted = operation.object.id;
      if (operation.type === 'adopt' && wanted !== undefined && id !== undefined && id !== wanted)
        return { ...base, outcome: 'failed', error: new AdoptedAnotherError(name, wanted, id) };
      const partial = gone || description === undefined ? undefined : partialError(name, { code, description });
      return {
        ...base,
        outcome: 'done',
        ...(id === undefined ? {} : { id }),
        ...(partial === undefined ? {} : { partial }),
      };
    });
  });
}
