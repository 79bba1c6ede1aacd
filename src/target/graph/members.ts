import type { CloudSyncError, TenantId } from '../../model/index.ts';
import { TargetError } from '../errors.ts';
import { MailEnabledGroupError, ObjectGoneError, PermissionMissingError, SyncMasteredError } from '../object-errors.ts';
import type { Operation, OperationResult, TenantRef } from '../target.ts';
import type { GraphAnswer } from './client.ts';
import { byId, readList } from './find.ts';
import { odata, path, query } from './odata.ts';
import { isAlreadyThere, refusalOf } from './refusal.ts';
import * as requests from './requests.ts';
import { type Carrying, done, idOf, refusalError, settle } from './settle.ts';
import { labelOf } from './subject.ts';

type AddMembers = Extract<Operation, { type: 'addMembers' }>;
type Refused = { readonly member: TenantRef; readonly error: CloudSyncError };

/**
 * Twenty in one write, all or nothing: one that is there already, or cannot be, refuses all. Those that are there the
 * tenant shows, and the rest go again; otherwise a refused write is halved until the culprit is alone.
 */
export async function addMembers(
  carrying: Carrying,
  operation: AddMembers,
): Promise<Extract<OperationResult, { outcome: 'done' }>> {
  const refused: Refused[] = [];
  const answer = await add(carrying, operation, operation.members, refused);
  return { ...done(operation, answer), refused };
}

async function add(
  carrying: Carrying,
  operation: AddMembers,
  members: readonly TenantRef[],
  refused: Refused[],
): Promise<GraphAnswer> {
  const { context } = carrying;
  const id = idOf(operation);
  const ids = members.flatMap((member) => (member.id === undefined ? [] : [member.id]));
  const answer = await settle(carrying, requests.addLinks(context.origin, id, operation.attribute, ids), [id, ...ids]);
  if (answer.status < 300) return answer;
  const refusal = refusalOf(answer);
  const [only] = members;
  if (only !== undefined && members.length === 1) {
    if (!isAlreadyThere(refusal)) refused.push({ member: only, error: await memberError(carrying, operation, answer) });
    return answer;
  }
  if (isAlreadyThere(refusal)) {
    const missing = await notShown(carrying, operation, members);
    if (missing.length === 0) return answer;
    if (missing.length < members.length) return add(carrying, operation, missing, refused);
  }
  // Of a 404, the text does not say whether the group or a member is missing.
  const error = await refusalError(carrying, operation, answer);
  const culpable = answer.status === 404 ? await groupIsThere(carrying, id) : answer.status === 400;
  if (!culpable || isAboutGroup(error)) throw error;
  const middle = Math.ceil(members.length / 2);
  await add(carrying, operation, members.slice(0, middle), refused);
  return add(carrying, operation, members.slice(middle), refused);
}

/** A filter takes no more values. */
const filtered = 15;

/** Those who are not shown among the links: all of them where the tenant does not say. */
async function notShown(
  { context, signal }: Carrying,
  operation: AddMembers,
  members: readonly TenantRef[],
): Promise<readonly TenantRef[]> {
  const links = path`/groups/${idOf(operation)}/${requests.linkName(operation.attribute)}`;
  const shown = new Set<unknown>();
  try {
    for (let from = 0; from < members.length; from += filtered) {
      const ids = members.slice(from, from + filtered).map(({ id }) => odata`${id ?? ''}`);
      const where = `${links}${query({ $select: 'id', $count: 'true', $filter: `id in (${ids.join(',')})` })}`;
      const request = { method: 'GET', path: where, headers: { ConsistencyLevel: 'eventual' } } as const;
      for await (const part of readList(context, request, signal, 2)) for (const { id } of part) shown.add(id);
    }
  } catch (error) {
    // Halving finds them as well.
    if (!(error instanceof TargetError)) throw error;
  }
  return members.filter(({ id }) => !shown.has(id));
}

async function groupIsThere({ context, signal }: Carrying, id: TenantId): Promise<boolean> {
  return (await byId(context, 'group', id, ['id'], signal)) !== undefined;
}

/** What is wrong with a member alone; what is wrong with the group is thrown. */
async function memberError(carrying: Carrying, operation: AddMembers, answer: GraphAnswer): Promise<CloudSyncError> {
  if (answer.status === 404 && (await groupIsThere(carrying, idOf(operation))))
    return new ObjectGoneError({ object: `a member of ${labelOf(operation)}` }, refusalOf(answer).message);
  const error = await refusalError(carrying, operation, answer);
  if (answer.status === 404 || isAboutGroup(error)) throw error;
  return error;
}

/** No member would make a difference. */
function isAboutGroup(error: CloudSyncError): boolean {
  return (
    error instanceof MailEnabledGroupError ||
    error instanceof SyncMasteredError ||
    error instanceof PermissionMissingError
  );
}
