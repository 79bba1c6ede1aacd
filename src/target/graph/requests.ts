import type { SourceAnchor, TenantAttributes, TenantId } from '../../model/index.ts';
import { BadAnswerError } from '../errors.ts';
import type { GraphKind } from './attributes.ts';
import { fallbackAlias, toBody } from './body.ts';
import type { GraphAnswer, GraphRequest } from './client.ts';
import { isRecord } from './json.ts';
import { path } from './odata.ts';
import { entitySet, requireId, type WrittenKind } from './tenant-object.ts';

/** A request that carries an operation out, and what the tenant says when it has. */
export interface WriteRequest extends GraphRequest {
  readonly done: readonly (200 | 201 | 204)[];
  /** The object that an answer with content shows, where its id is known before. */
  readonly shows?: TenantId;
}

/** Throws unless the tenant itself says that it is done: 204 stands alone, anything else shows the object. */
export function requireDone({ path: where, done, shows }: WriteRequest, { status, body }: GraphAnswer): void {
  if (!done.some((one) => one === status)) throw new BadAnswerError(where, `${status} does not say that it is done`);
  if (status === 204) return;
  const id = isRecord(body) ? requireId(body['id']) : undefined;
  if (id === undefined || (shows !== undefined && id !== shows))
    throw new BadAnswerError(where, `${status} without the object`);
}

export function createUser(
  graph: GraphKind,
  anchor: SourceAnchor,
  attributes: TenantAttributes,
  password: string,
): WriteRequest {
  return {
    method: 'POST',
    path: '/users',
    body: {
      accountEnabled: true,
      mailNickname: fallbackAlias(anchor, attributes['userPrincipalName']),
      ...toBody(graph, stable(graph, attributes)),
      onPremisesImmutableId: anchor,
      passwordProfile: { password, forceChangePasswordNextSignIn: true },
    },
    done: [201],
  };
}

/** Made when there is none with this anchor, else updated: a second time gives the same group. */
export function createGroup(graph: GraphKind, anchor: SourceAnchor, attributes: TenantAttributes): WriteRequest {
  return {
    method: 'PATCH',
    path: path`/groups(uniqueName='${anchor}')`,
    headers: { Prefer: 'create-if-missing' },
    body: {
      mailNickname: fallbackAlias(anchor, undefined),
      ...toBody(graph, stable(graph, attributes)),
      mailEnabled: false,
      securityEnabled: true,
    },
    done: [201, 204],
  };
}

/** What only beta writes goes with everything else in one beta request: one write. */
export function update(
  kind: WrittenKind,
  graph: GraphKind,
  id: TenantId,
  values: TenantAttributes,
  more: Readonly<Record<string, unknown>> = {},
): WriteRequest {
  const beta = Object.keys(values).some((name) => graph.attributes.get(name)?.beta === true);
  return {
    method: 'PATCH',
    path: path`/${entitySet[kind]}/${id}`,
    version: beta ? 'beta' : 'v1.0',
    body: { ...toBody(graph, values), ...more },
    ...updated(id),
  };
}

/** Content comes with a change only where it was asked for, and on the way somebody may ask. */
const updated = (id: TenantId): Pick<WriteRequest, 'done' | 'shows'> => ({ done: [200, 204], shows: id });

/** Those values of a create that v1.0 takes. */
function stable(graph: GraphKind, attributes: TenantAttributes): TenantAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => graph.attributes.get(name)?.beta !== true));
}

/** Those values of a create that only beta takes, sent after it. */
export function betaValues(graph: GraphKind, attributes: TenantAttributes): TenantAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => graph.attributes.get(name)?.beta === true));
}

export function remove(kind: WrittenKind, id: TenantId): WriteRequest {
  return { method: 'DELETE', path: path`/${entitySet[kind]}/${id}`, done: [204] };
}

export function restore(id: TenantId): WriteRequest {
  return { method: 'POST', path: path`/directory/deletedItems/${id}/restore`, done: [200], shows: id };
}

/** A group's links by the engine's names, and what Graph calls them. */
const links: Readonly<Record<string, string>> = { member: 'members', managedBy: 'owners' };

export function linkName(attribute: string): string {
  return links[attribute] ?? attribute;
}

export function addLinks(origin: string, id: TenantId, attribute: string, members: readonly TenantId[]): WriteRequest {
  const bind = members.map((member) => `${origin}/v1.0/directoryObjects/${member}`);
  return {
    method: 'PATCH',
    path: path`/groups/${id}`,
    body: { [`${linkName(attribute)}@odata.bind`]: bind },
    ...updated(id),
  };
}

/** With `/$ref`: without it, the same words would delete the member itself. */
export function removeLink(id: TenantId, attribute: string, member: TenantId): WriteRequest {
  return { method: 'DELETE', path: `${path`/groups/${id}/${linkName(attribute)}/${member}`}/$ref`, done: [204] };
}

export function setManager(origin: string, id: TenantId, manager: TenantId): WriteRequest {
  return {
    method: 'PUT',
    path: `${path`/users/${id}/manager`}/$ref`,
    body: { '@odata.id': `${origin}/v1.0/users/${manager}` },
    done: [204],
  };
}

export function clearManager(id: TenantId): WriteRequest {
  return { method: 'DELETE', path: `${path`/users/${id}/manager`}/$ref`, done: [204] };
}
