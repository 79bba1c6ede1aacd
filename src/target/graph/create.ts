import type { SourceAnchor, TenantId } from '../../model/index.ts';
import { AnswerLostError, BadAnswerError, TargetError } from '../errors.ts';
import type { Operation } from '../target.ts';
import type { GraphAnswer } from './client.ts';
import { byAnchor, byId, deletedByAnchor } from './find.ts';
import { isRecord } from './json.ts';
import { initialPassword } from './password.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import * as requests from './requests.ts';
import { type Carrying, type Done, refusalError, settle } from './settle.ts';
import { labelOf } from './subject.ts';
import { anchorProperty, requireId, type WrittenKind } from './tenant-object.ts';

type Create = Extract<Operation, { type: 'create' }>;

/** An object that is there now. */
interface Made {
  readonly id: TenantId;
  readonly requestId: string | undefined;
}

/**
 * Makes an object once. A user has its anchor for a key: when the answer is lost, or the tenant says that the anchor is
 * taken, the object is looked for, then the recycle bin. A group is made by an upsert on its anchor.
 */
export async function createObject(carrying: Carrying, operation: Create, kind: WrittenKind): Promise<Done> {
  const { context, writer, signal } = carrying;
  await context.extensions.ensure(context, writer, kind, operation.attributes, signal);
  const made = await makeOrFind(carrying, operation, kind);
  context.recent.add(made.id);
  return afterwards(carrying, operation, kind, made);
}

async function makeOrFind(carrying: Carrying, operation: Create, kind: WrittenKind): Promise<Made> {
  try {
    return await make(carrying, operation, kind);
  } catch (error) {
    if (!(error instanceof AnswerLostError || error instanceof BadAnswerError)) throw error;
    const id = await lookUp(carrying, kind, operation.object.anchor);
    if (id === undefined) throw error;
    carrying.context.log('info', 'lostCreateFound', { object: labelOf(operation), id });
    return { id, requestId: undefined };
  }
}

async function make(carrying: Carrying, operation: Create, kind: WrittenKind): Promise<Made> {
  const { context, writer } = carrying;
  const { anchor } = operation.object;
  const graph = context.kinds[kind];
  const answer =
    kind === 'user'
      ? await writer.write(requests.createUser(graph, anchor, operation.attributes, initialPassword()), 'unsafe')
      : await writer.write(requests.createGroup(graph, anchor, operation.attributes), 'safe');
  const { requestId } = answer;
  if (answer.status < 300) return { id: await madeId(carrying, operation, kind, answer), requestId };
  const { conflict } = refusalOf(answer);
  if (conflict !== undefined) {
    const own = await ownObject(carrying, kind, anchor, conflict);
    if (own !== undefined) return { id: own, requestId };
    const restored = await takeBack(carrying, operation, kind);
    if (restored !== undefined) return restored;
    if (conflict.property === anchorProperty[kind])
      throw new AnswerLostError(labelOf(operation), 'an object with its anchor is there, and not shown yet');
  }
  throw await refusalError(carrying, operation, answer);
}

/** What became of a create whose answer was lost; nothing when that cannot be said soon. */
async function lookUp(
  { context, writer, signal }: Carrying,
  kind: WrittenKind,
  anchor: SourceAnchor,
): Promise<TenantId | undefined> {
  try {
    for (const delay of [0, 1_000, 3_000]) {
      if (delay > 0) await writer.wait(delay);
      const body = await byAnchor(context, kind, anchor, ['id'], signal, 2);
      if (body !== undefined) return requireId(body['id']);
    }
  } catch (error) {
    // The next cycle looks again.
    if (!(error instanceof TargetError)) throw error;
  }
  return undefined;
}

/** 201 shows the object; 204, of an upsert that found it, does not. */
async function madeId(
  { context, writer, signal }: Carrying,
  operation: Create,
  kind: WrittenKind,
  answer: GraphAnswer,
): Promise<TenantId> {
  if (isRecord(answer.body)) return requireId(answer.body['id']);
  for (const delay of waits) {
    const body = await byAnchor(context, kind, operation.object.anchor, ['id'], signal);
    if (body !== undefined) return requireId(body['id']);
    await writer.wait(delay);
  }
  throw new AnswerLostError(labelOf(operation), 'it is there, and not shown yet');
}

/** What beta alone writes follows by a request of its own. */
async function afterwards(carrying: Carrying, operation: Create, kind: WrittenKind, made: Made): Promise<Done> {
  const { id, requestId } = made;
  const graph = carrying.context.kinds[kind];
  const values = requests.betaValues(graph, operation.attributes);
  if (Object.keys(values).length > 0) {
    const answer = await settle(carrying, requests.update(kind, graph, id, values), [id]);
    if (answer.status >= 300) throw await refusalError(carrying, operation, answer);
  }
  return { operationId: operation.operationId, requestId, outcome: 'done', id };
}

/** Until a replica shows what the tenant's index already knows. */
const waits = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** The object whose value clashes, when it has our anchor: made by us, with the answer lost. */
async function ownObject(
  { context, writer, signal }: Carrying,
  kind: WrittenKind,
  anchor: SourceAnchor,
  conflict: NonNullable<Refusal['conflict']>,
): Promise<TenantId | undefined> {
  const property = anchorProperty[kind];
  // An address may be a group's or a contact's.
  if (conflict.ownerKind !== undefined && conflict.ownerKind !== kind) return undefined;
  const owner = conflict.owner === undefined ? undefined : requireId(conflict.owner);
  for (const [attempt, delay] of waits.entries()) {
    const body =
      owner === undefined
        ? await byAnchor(context, kind, anchor, ['id', property], signal)
        : await byId(context, kind, owner, ['id', property], signal);
    if (body !== undefined) return body[property] === anchor ? requireId(body['id']) : undefined;
    if (owner === undefined && conflict.property !== property) return undefined;
    if (attempt === 0 && (await deletedByAnchor(context, kind, anchor, signal)) !== undefined) return undefined;
    await writer.wait(delay);
  }
  return undefined;
}

/** A soft-deleted object keeps its anchor to itself: it comes back, with the values of today. */
async function takeBack(carrying: Carrying, operation: Create, kind: WrittenKind): Promise<Made | undefined> {
  const { context, writer, signal } = carrying;
  const deleted = await deletedByAnchor(context, kind, operation.object.anchor, signal);
  if (deleted === undefined) return undefined;
  const id = requireId(deleted['id']);
  const restored = await writer.write(requests.restore(id), 'safe');
  if (restored.status >= 300) throw await refusalError(carrying, operation, restored);
  context.recent.add(id);
  const graph = context.kinds[kind];
  const values = Object.fromEntries(
    Object.entries(operation.attributes).filter(([name]) => graph.attributes.get(name)?.write === 'always'),
  );
  const answer = await settle(carrying, requests.update(kind, graph, id, values), [id]);
  if (answer.status >= 300) throw await refusalError(carrying, operation, answer);
  context.log('info', 'takenBack', { object: labelOf(operation), id });
  return { id, requestId: answer.requestId };
}
