import type { TenantId } from '../../model/index.ts';
import { GroupWithoutAnchorError, LastOwnerError, ObjectGoneError } from '../object-errors.ts';
import type { Operation } from '../target.ts';
import type { GraphAnswer, GraphRequest } from './client.ts';
import { createObject } from './create.ts';
import { byId } from './find.ts';
import { addMembers } from './members.ts';
import { refusalOf } from './refusal.ts';
import * as requests from './requests.ts';
import { type Carrying, type Done, done, idOf, refusalError, settle } from './settle.ts';
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
      return good(carrying, operation, requests.remove(kind, idOf(operation)), isGone);
    case 'restore':
      return restore(carrying, operation, kind);
    case 'addMembers':
      return addMembers(carrying, operation);
    case 'removeMember':
      return removeMember(carrying, operation);
    case 'setManager': {
      const manager = operation.manager.id;
      if (manager === undefined)
        throw new ObjectGoneError({ object: `the manager of ${labelOf(operation)}` }, 'it has no id yet');
      return good(carrying, operation, requests.setManager(context.origin, idOf(operation), manager), undefined, [
        manager,
      ]);
    }
    case 'clearManager':
      return good(carrying, operation, requests.clearManager(idOf(operation)), isGone);
    default:
      return operation satisfies never;
  }
}

/** Gone already is as good as removed. */
const isGone = ({ status }: GraphAnswer): boolean => status === 404;

/** One write whose success is the operation's; `also` names other answers that are as good. */
async function good(
  carrying: Carrying,
  operation: Operation,
  request: GraphRequest,
  also: ((answer: GraphAnswer) => boolean) | undefined = undefined,
  others: readonly TenantId[] = [],
): Promise<Done> {
  const answer = await settle(carrying, request, [operation.object.id, ...others]);
  if (answer.status >= 300 && also?.(answer) !== true) throw await refusalError(carrying, operation, answer);
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
): Promise<Done> {
  const member = operation.member.id;
  if (member === undefined)
    throw new ObjectGoneError({ object: `a member of ${labelOf(operation)}` }, 'it has no id yet');
  const answer = await settle(carrying, requests.removeLink(idOf(operation), operation.attribute, member), [
    operation.object.id,
  ]);
  if (answer.status >= 300 && !isGone(answer)) {
    const refusal = refusalOf(answer);
    if (answer.status === 400 && /at least one owner|last owner/i.test(refusal.message))
      throw new LastOwnerError({ object: labelOf(operation) });
    throw await refusalError(carrying, operation, answer);
  }
  return done(operation, answer);
}
