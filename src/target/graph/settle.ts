import type { TenantId } from '../../model/index.ts';
import type { TargetError } from '../errors.ts';
import { ObjectGoneError, RestoreConflictError } from '../object-errors.ts';
import type { Operation, OperationResult } from '../target.ts';
import { classify } from './classify.ts';
import type { GraphAnswer, GraphRequest } from './client.ts';
import type { GraphContext } from './context.ts';
import { ownerOf } from './owner.ts';
import { refusalOf } from './refusal.ts';
import { labelOf, writeSubject } from './subject.ts';
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

/**
 * Sends a write until it is answered for good: a 404 for an id made a short while ago is a replica that is late, and
 * asked again.
 */
export async function settle(
  { context, writer }: Carrying,
  request: GraphRequest,
  ids: readonly (TenantId | undefined)[],
): Promise<GraphAnswer> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await writer.write(request, 'safe');
    if (answer.status !== 404 || !ids.some((id) => context.recent.has(id))) return answer;
    await writer.wait(Math.min(15_000, 500 * 2 ** attempt));
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
  const owner = await ownerOf(context, operation.object.kind, refusal.conflict, subject, signal);
  if (operation.type === 'restore')
    return new RestoreConflictError(subject, owner ?? 'another object', refusal.message);
  return classify(refusal, { ...subject, owner });
}
