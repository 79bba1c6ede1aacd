import { type ObjectKind, parseSourceAnchor, parseTenantId, type TenantId } from '../../model/index.ts';
import { BadAnswerError } from '../errors.ts';
import type { TenantObject } from '../target.ts';
import type { GraphKind } from './attributes.ts';
import { flagAt, fromBody, selected, textAt } from './body.ts';

export type WrittenKind = Extract<ObjectKind, 'user' | 'group'>;

export function isWritten(kind: ObjectKind): kind is WrittenKind {
  return kind === 'user' || kind === 'group';
}

/** Where the anchor of a kind is. */
export const anchorProperty: Readonly<Record<WrittenKind, string>> = {
  user: 'onPremisesImmutableId',
  group: 'uniqueName',
};

/** Graph's name of the set of a kind. */
export const entitySet: Readonly<Record<WrittenKind, string>> = { user: 'users', group: 'groups' };

/** All that has to be asked for to make a `TenantObject`. */
export function objectSelect(kind: WrittenKind, graph: GraphKind): readonly string[] {
  const own = kind === 'user' ? [] : ['isAssignableToRole'];
  return [...new Set(['id', anchorProperty[kind], 'onPremisesSyncEnabled', ...own, ...selected(graph)])];
}

export interface Holders {
  has(id: TenantId): boolean;
}

/** An object as the tenant shows it. */
export function parseTenantObject(
  kind: WrittenKind,
  graph: GraphKind,
  body: Readonly<Record<string, unknown>>,
  roleHolders: Holders,
  softDeleted = false,
): TenantObject {
  const id = requireId(body['id']);
  const anchor = textAt(body, anchorProperty[kind]);
  return {
    id,
    kind,
    anchor: anchor === undefined ? undefined : parseSourceAnchor(anchor),
    attributes: fromBody(graph, body),
    synced: flagAt(body, 'onPremisesSyncEnabled') === true,
    privileged: flagAt(body, 'isAssignableToRole') === true || roleHolders.has(id),
    softDeleted,
  };
}

export function requireId(value: unknown): TenantId {
  const id = typeof value === 'string' ? parseTenantId(value) : undefined;
  if (id === undefined) throw new BadAnswerError('an object', 'it has no id');
  return id;
}
