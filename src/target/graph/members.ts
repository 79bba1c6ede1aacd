import type { CloudSyncError } from '../../model/index.ts';
import { MailEnabledGroupError, ObjectGoneError, PermissionMissingError, SyncMasteredError } from '../object-errors.ts';
import type { Operation, OperationResult, TenantRef } from '../target.ts';
import type { GraphAnswer } from './client.ts';
import { isAlreadyThere, refusalOf } from './refusal.ts';
import * as requests from './requests.ts';
import { type Carrying, done, idOf, refusalError, settle } from './settle.ts';
import { labelOf } from './subject.ts';

type AddMembers = Extract<Operation, { type: 'addMembers' }>;
type Refused = { readonly member: TenantRef; readonly error: CloudSyncError };

/**
 * Twenty in one write, all or nothing: one that is there already, or cannot be, refuses all. So a refused write is
 * halved until the culprit is alone; "already there" is then what was wanted.
 */
export async function addMembers(
  carrying: Carrying,
  operation: AddMembers,
): Promise<Extract<OperationResult, { outcome: 'done' }>> {
  const refused: Refused[] = [];
  const answer = await add(carrying, operation, operation.members, refused);
  const [first] = refused;
  // The group itself is what is wrong when nobody could be added.
  if (first !== undefined && refused.length === operation.members.length && isAboutGroup(first.error))
    throw first.error;
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
  if (members.length > 1 && (answer.status === 400 || answer.status === 404)) {
    const error = await refusalError(carrying, operation, answer);
    if (isAboutGroup(error) || (answer.status === 404 && refusal.message.includes(id))) throw error;
    const middle = Math.ceil(members.length / 2);
    await add(carrying, operation, members.slice(0, middle), refused);
    return add(carrying, operation, members.slice(middle), refused);
  }
  if (members.length === 1 && isAlreadyThere(refusal)) return answer;
  const error = await refusalError(carrying, operation, answer);
  if (members.length > 1 || only === undefined) throw error;
  if (answer.status === 404 && !refusal.message.includes(id)) {
    refused.push({
      member: only,
      error: new ObjectGoneError({ object: `a member of ${labelOf(operation)}` }, refusal.message),
    });
    return answer;
  }
  refused.push({ member: only, error });
  return answer;
}

/** No member would make a difference. */
function isAboutGroup(error: CloudSyncError): boolean {
  return (
    error instanceof MailEnabledGroupError ||
    error instanceof SyncMasteredError ||
    error instanceof PermissionMissingError
  );
}
