import type { DirectoryObject } from '../directory/index.ts';
import type { GraphContext } from './context.ts';
import { refuse } from './refusals.ts';
import type { GraphRequest } from './request.ts';

/** What only another administrator may change of an administrator. */
const sensitive = new Set([
  'accountEnabled',
  'businessPhones',
  'mobilePhone',
  'otherMails',
  'passwordProfile',
  'userPrincipalName',
  'onPremisesImmutableId',
]);

export function isAdministrator(context: GraphContext, object: DirectoryObject): boolean {
  const { links } = context.directory;
  for (const holder of links.allHolders('members', object.number, 0, 1_000)) {
    if (holder.kind === 'directoryRole') return true;
  }
  return false;
}

const administering = ['Global Administrator', 'User Administrator'];

/** Does the object hold a role that may change administrators? */
function mayAdminister(context: GraphContext, object: DirectoryObject): boolean {
  return context.directory.links
    .allHolders('members', object.number, 0, 1_000)
    .some(
      ({ kind, properties }) => kind === 'directoryRole' && administering.includes(String(properties['displayName'])),
    );
}

/** An application may touch an administrator only when it holds a directory role itself. */
export function requireMayAdminister(
  request: GraphRequest,
  context: GraphContext,
  object: DirectoryObject,
  names?: readonly string[],
): void {
  if (!context.profile().adminProtection || object.kind !== 'user') return;
  if (names !== undefined && !names.some((name) => sensitive.has(name))) return;
  if (!isAdministrator(context, object)) return;
  const principal = context.applications.servicePrincipal(request.caller.appId);
  if (principal === undefined || !mayAdminister(context, principal)) throw refuse.noPermission();
}

/** Does the token hold one of these roles? */
export function holdsRole(request: GraphRequest, context: GraphContext, roles: readonly string[]): boolean {
  return !context.profile().permissions || roles.some((role) => request.caller.roles.has(role));
}
