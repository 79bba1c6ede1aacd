import type { TenantId } from '../../model/index.ts';
import { GroupWithoutAnchorError, LastOwnerError, ObjectGoneError } from '../object-errors.ts';
import type { Operation } from '../target.ts';
import type { GraphAnswer } from './client.ts';
import { createObject } from './create.ts';
import { byId } from './find.ts';
import { addMembers } from './members.ts';
import { refusalOf } from './refusal.ts';
import * as requests from './requests.ts';
import { type Carrying, type Done, done, idOf, refusalError, settle, settleRemoval } from './settle.ts';
import { labelOf, valuesOf } from './subject.ts';
import { isWritten, type WrittenKind } from './tenant-object.ts';

/** Carries one operation out; throws the error of a refusal, and `AnswerLostError` when its outcome is unknown. */
export async function carryOut(carrying: Carrying, operation: Operation): Promise<Done> {
  const { kind, anchor } = operation.object;
  const { context } = carrying;
  if (!isWritten(kind)) throw new ObjectGoneError({ object: labelOf(operation) }, `Graph writes no ${kind}.`);
  switch (operation.type) {
    case 'create':
      return createObject(carrying, operation, kind);
    case 'update':
      return update(carrying, operation, kind, {});
    case 'adopt':
      if (kind === 'group') throw new GroupWithoutAnchorError({ object: labelOf(operation) });
      return update(carrying, operation, kind, { onPremisesImmutableId: anchor });
    case 'disable':
      return good(
        carrying,
        operation,
        requests.update(kind, context.kinds[kind], idOf(operation), { accountEnabled: false }),
      );
    case 'delete':
      return deleteObject(carrying, operation, kind);
    case 'restore':
      return restore(carrying, operation, kind);
    case 'addMembers':
      return addMembers(carrying, operation);
    case 'removeMember':
      return removeMember(carrying, operation, kind);
    case 'setManager': {
      const manager = operation.manager.id;
      if (manager === undefined)
        throw new ObjectGoneError({ object: `the manager of ${labelOf(operation)}` }, 'it has no id yet');
      return good(carrying, operation, requests.setManager(context.origin, idOf(operation), manager), [manager]);
    }
    case 'clearManager':
      return takeAway(carrying, operation, kind, requests.clearManager(idOf(operation)));
    default:
      return operation satisfies never;
  }
}

/** One write whose success is the operation's. */
async function good(
  carrying: Carrying,
  operation: Operation,
  request: requests.WriteRequest,
  others: readonly TenantId[] = [],
): Promise<Done> {
  const answer = await settle(carrying, request, [operation.object.id, ...others]);
  if (answer.status >= 300) throw await refusalError(carrying, operation, answer);
  return done(operation, answer);
}

/** Gone already is as good as taken away. */
async function takeAway(
  carrying: Carrying,
  operation: Operation,
  kind: WrittenKind,
  request: requests.WriteRequest,
): Promise<Done> {
  const answer = await settleRemoval(carrying, request, kind, idOf(operation));
  if (answer.status < 300 || answer.status === 404) return done(operation, answer);
  if (answer.status === 400 && /at least one owner|last owner/i.test(refusalOf(answer).message))
    throw new LastOwnerError({ object: labelOf(operation) });
  throw await refusalError(carrying, operation, answer);
}

/** A replica that does not know a new object yet says of it what it says of one that is gone. */
const lateDeletes = [500, 1_000, 2_000, 4_000, 8_000] as const;

async function deleteObject(carrying: Carrying, operation: Operation, kind: WrittenKind): Promise<Done> {
  const { context, writer } = carrying;
  const id = idOf(operation);
  const send = (): Promise<GraphAnswer> => writer.write(requests.remove(kind, id), 'safe');
  let answer = await send();
  for (const delay of lateDeletes) {
    if (answer.status !== 404 || !context.recent.has(id)) break;
    await writer.wait(delay);
    answer = await send();
  }
  if (answer.status >= 300 && answer.status !== 404) throw await refusalError(carrying, operation, answer);
  context.recent.forget(id);
  return done(operation, answer);
}

async function update(
  carrying: Carrying,
  operation: Extract<Operation, { type: 'update' | 'adopt' }>,
  kind: WrittenKind,
  more: Readonly<Record<string, unknown>>,
): Promise<Done> {
  const { context, writer, signal } = carrying;
  const values = valuesOf(operation);
  const id = idOf(operation);
  await context.extensions.ensure(context, writer, kind, values, signal);
  return good(carrying, operation, requests.update(kind, context.kinds[kind], id, values, more));
}

async function restore(carrying: Carrying, operation: Operation, kind: WrittenKind): Promise<Done> {
  const { context, writer, signal } = carrying;
  const id = idOf(operation);
  const answer = await writer.write(requests.restore(id), 'safe');
  if (answer.status === 404 && (await byId(context, kind, id, ['id'], signal)) !== undefined)
    return done(operation, answer);
  if (answer.status >= 300) throw await refusalError(carrying, operation, answer);
  context.recent.add(id);
  return done(operation, answer);
}

async function removeMember(
  carrying: Carrying,
  operation: Extract<Operation, { type: 'removeMember' }>,
  kind: WrittenKind,
): Promise<Done> {
  const member = operation.member.id;
  if (member === undefined)
    throw new ObjectGoneError({ object: `a member of ${labelOf(operation)}` }, 'it has no id yet');
  return takeAway(carrying, operation, kind, requests.removeLink(idOf(operation), operation.attribute, member));
}
