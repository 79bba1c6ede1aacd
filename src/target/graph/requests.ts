import type { SourceAnchor, TenantAttributes, TenantId } from '../../model/index.ts';
import type { GraphKind } from './attributes.ts';
import { fallbackAlias, toBody } from './body.ts';
import type { GraphRequest } from './client.ts';
import { path } from './odata.ts';
import { entitySet, type WrittenKind } from './tenant-object.ts';

/** The requests that carry operations out. Pure. */

export function createUser(
  graph: GraphKind,
  anchor: SourceAnchor,
  attributes: TenantAttributes,
  password: string,
): GraphRequest {
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
  };
}

/** Made when there is none with this anchor, else updated: a second time gives the same group. */
export function createGroup(graph: GraphKind, anchor: SourceAnchor, attributes: TenantAttributes): GraphRequest {
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
  };
}

/** What only beta writes goes with everything else in one beta request: one write. */
export function update(
  kind: WrittenKind,
  graph: GraphKind,
  id: TenantId,
  values: TenantAttributes,
  more: Readonly<Record<string, unknown>> = {},
): GraphRequest {
  const beta = Object.keys(values).some((name) => graph.attributes.get(name)?.beta === true);
  return {
    method: 'PATCH',
    path: path`/${entitySet[kind]}/${id}`,
    version: beta ? 'beta' : 'v1.0',
    body: { ...toBody(graph, values), ...more },
  };
}

/** Those values of a create that v1.0 takes. */
function stable(graph: GraphKind, attributes: TenantAttributes): TenantAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => graph.attributes.get(name)?.beta !== true));
}

/** Those values of a create that only beta takes, sent after it. */
export function betaValues(graph: GraphKind, attributes: TenantAttributes): TenantAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => graph.attributes.get(name)?.beta === true));
}

export function remove(kind: WrittenKind, id: TenantId): GraphRequest {
  return { method: 'DELETE', path: path`/${entitySet[kind]}/${id}` };
}

export function restore(id: TenantId): GraphRequest {
  return { method: 'POST', path: path`/directory/deletedItems/${id}/restore` };
}

/** A group's links by the engine's names, and what Graph calls them. */
const links: Readonly<Record<string, string>> = { member: 'members', managedBy: 'owners' };

export function linkName(attribute: string): string {
  return links[attribute] ?? attribute;
}

export function addLinks(origin: string, id: TenantId, attribute: string, members: readonly TenantId[]): GraphRequest {
  const bind = members.map((member) => `${origin}/v1.0/directoryObjects/${member}`);
  return { method: 'PATCH', path: path`/groups/${id}`, body: { [`${linkName(attribute)}@odata.bind`]: bind } };
}

/** With `/$ref`: without it, the same words would delete the member itself. */
export function removeLink(id: TenantId, attribute: string, member: TenantId): GraphRequest {
  return { method: 'DELETE', path: `${path`/groups/${id}/${linkName(attribute)}/${member}`}/$ref` };
}

export function setManager(origin: string, id: TenantId, manager: TenantId): GraphRequest {
  return {
    method: 'PUT',
    path: `${path`/users/${id}/manager`}/$ref`,
    body: { '@odata.id': `${origin}/v1.0/users/${manager}` },
  };
}

export function clearManager(id: TenantId): GraphRequest {
  return { method: 'DELETE', path: `${path`/users/${id}/manager`}/$ref` };
}
