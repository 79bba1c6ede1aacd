import type { OperationType } from '../target/index.ts';

/**
 * The order of a plan. What frees names comes before what takes them (a re-created account has the name of the one
 * deleted), objects come before the links between them. A link is made before another goes: a group may not be left
 * without an owner.
 */
export const stages = [
  'delete',
  'disable',
  'restore',
  'update',
  'adopt',
  'create',
  'clearManager',
  'addMembers',
  'removeMember',
  'setManager',
] as const satisfies readonly OperationType[];

export function stageOf(type: OperationType): number {
  return stages.indexOf(type);
}
