import type { TenantId } from '../../model/index.ts';
import type { TargetError } from '../errors.ts';
import { ObjectGoneError, RestoreConflictError } from '../object-errors.ts';
import type { Operation, OperationResult } from '../target.ts';
import { classify } from './classify.ts';
import type { GraphAnswer } from './client.ts';
import type { GraphContext } from './context.ts';
import { byId } from './find.ts';
import { ownerOf } from './owner.ts';
import { refusalOf } from './refusal.ts';
import type { WriteRequest } from './requests.ts';
import { labelOf, writeSubject } from './subject.ts';
import type { WrittenKind } from './tenant-object.ts';
import type { Writer } from './writer.ts';

/** What carrying out one operation works with. */
export interface Carrying {
  readonly context: GraphContext;
  readonly writer: Writer;
  readonly signal: AbortSignal;
}

export type Done = Extract<OperationResult, { readonly outcome: 'done' }>;

export function idOf(operation: Operation): TenantId {
  const { id } = operation.object;
  if (id === undefined) throw new ObjectGoneError({ object: labelOf(operation) }, 'it has no id in the tenant yet');
  return id;
}

/** How long a 404 is taken for a late replica. */
const patience = 60_000;
const pause = (attempt: number): number => Math.min(10_000, 500 * 2 ** attempt);

/**
 * Sends a write until it is answered for good: a 404 for an id made a short while ago is a replica that is late, and
 * asked again.
 */
export async function settle(
  { context, writer }: Carrying,
  request: WriteRequest,
  ids: readonly (TenantId | undefined)[],
): Promise<GraphAnswer> {
  let waited = 0;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await writer.write(request, 'safe');
    if (answer.status !== 404 || waited >= patience || !ids.some((id) => context.recent.has(id))) return answer;
    waited += pause(attempt);
    await writer.wait(pause(attempt));
  }
}

/**
 * Sends a write that takes something away, whose 404 is as good as success: unless the holder was made a short while
 * ago and is not shown yet, so that it is the holder that the replica misses.
 */
export async function settleRemoval(
  { context, writer, signal }: Carrying,
  request: WriteRequest,
  kind: WrittenKind,
  holder: TenantId,
): Promise<GraphAnswer> {
  let waited = 0;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await writer.write(request, 'safe');
    if (answer.status !== 404 || waited >= patience || !context.recent.has(holder)) return answer;
    if ((await byId(context, kind, holder, ['id'], signal)) !== undefined) return answer;
    waited += pause(attempt);
    await writer.wait(pause(attempt));
  }
}

export function done(operation: Operation, answer: GraphAnswer, id = operation.object.id): Done {
  return { operationId: operation.operationId, requestId: answer.requestId, outcome: 'done', id };
}

/** What the tenant said no with, as an error that names both sides of a clash. */
export async function refusalError(
  { context, signal }: Carrying,
  operation: Operation,
  answer: GraphAnswer,
): Promise<TargetError> {
  const refusal = refusalOf(answer);
  const { roles } = await context.signIn.token(false);
  const subject = writeSubject(context, operation, roles);
  if (refusal.conflict === undefined) return classify(refusal, subject);
  const owner = await ownerOf(context, refusal.conflict, subject, signal);
  if (operation.type === 'restore')
    return new RestoreConflictError(subject, owner ?? 'another object', refusal.message);
  return classify(refusal, { ...subject, owner });
}
