import { isoTime } from '../clock.ts';
import type { DirectoryObject } from '../directory/index.ts';
import { contextUrl, type GraphAnswer, ok } from './answer.ts';
import type { GraphContext } from './context.ts';
import { findObject } from './find.ts';
import { permissions } from './permissions.ts';
import { pageSize, topOf } from './query/options.ts';
import { refuse } from './refusals.ts';
import { representTyped } from './represent.ts';
import { bodyObject, type GraphRequest, type JsonObject } from './request.ts';
import type { Route } from './route.ts';
import { viewOf } from './view.ts';

const instances = '/roleManagement/directory/roleEligibilityScheduleInstances';
const requests = '/roleManagement/directory/roleEligibilityScheduleRequests';
const wholeTenant = '/';

/** Roles somebody may activate and does not hold: Privileged Identity Management, as far as a sync looks at it. */
export const roleEligibilityRoutes: readonly Route[] = [
  { method: 'GET', path: instances, permissions: permissions.eligibilityRead, handle: listInstances },
  { method: 'POST', path: requests, permissions: permissions.eligibilityWrite, handle: change },
];

interface Eligibility {
  readonly role: DirectoryObject;
  readonly principal: DirectoryObject;
}

function requireLicense(context: GraphContext): void {
  if (!context.profile().roleEligibility) throw refuse.premiumLicenseNeeded();
}

function rolesOf({ directory }: GraphContext): readonly DirectoryObject[] {
  return directory.objects
    .page({ kinds: ['directoryRole'], state: 'live', limit: pageSize.most })
    .map(({ object }) => object);
}

function* eligible(context: GraphContext): Iterable<Eligibility> {
  for (const role of rolesOf(context)) {
    for (let after = 0; ; ) {
      const page = context.directory.links.targets('eligibleMembers', role.number, after, pageSize.most);
      for (const principal of page) yield { role, principal };
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.number;
    }
  }
}

function listInstances(request: GraphRequest, _parameters: unknown, context: GraphContext): GraphAnswer {
  requireLicense(context);
  for (const name of ['filter', 'search', 'orderby', 'count', 'skip', 'select'])
    if (request.options.has(name)) throw refuse.optionNotSupported(name);
  const expand = request.options.get('expand');
  if (expand !== undefined && expand !== 'principal')
    throw refuse.unknownSelect(expand, 'unifiedRoleEligibilityScheduleInstance');
  const from = Number(request.options.get('skiptoken') ?? 0);
  if (!Number.isSafeInteger(from) || from < 0) throw refuse.badToken();
  const top = topOf(request.options);
  const found = [...eligible(context)].slice(from, from + top + 1);
  const link = new URLSearchParams({
    ...(expand === undefined ? {} : { $expand: expand }),
    $top: String(top),
    $skiptoken: String(from + top),
  });
  return ok({
    '@odata.context': contextUrl(request.root, instances.slice(1)),
    ...(found.length > top ? { '@odata.nextLink': `${request.root}${instances}?${link.toString()}` } : {}),
    value: found.slice(0, top).map((one) => shown(one, expand !== undefined, request, context)),
  });
}

function shown(
  { role, principal }: Eligibility,
  expanded: boolean,
  request: GraphRequest,
  context: GraphContext,
): JsonObject {
  const id = `${role.id}_${principal.id}`;
  return {
    id,
    principalId: principal.id,
    roleDefinitionId: role.properties['roleTemplateId'],
    directoryScopeId: wholeTenant,
    appScopeId: null,
    startDateTime: isoTime(principal.createdAt),
    endDateTime: null,
    memberType: 'Direct',
    roleEligibilityScheduleId: id,
    ...(expanded ? { principal: representTyped(principal, viewOf(request, context)) } : {}),
  };
}

function change(request: GraphRequest, _parameters: unknown, context: GraphContext): GraphAnswer {
  requireLicense(context);
  const { action, principalId, roleDefinitionId, directoryScopeId } = bodyObject(request);
  const resource = 'UnifiedRoleEligibilityScheduleRequest';
  if (typeof principalId !== 'string') throw refuse.missingProperty('principalId', resource);
  if (directoryScopeId !== wholeTenant) throw refuse.invalidValue('directoryScopeId', resource);
  const principal = findObject(context, ['user', 'group'], principalId);
  const role = rolesOf(context).find(({ properties }) => properties['roleTemplateId'] === roleDefinitionId);
  if (role === undefined) throw refuse.notFound(String(roleDefinitionId));
  if (principal.kind === 'group' && principal.properties['isAssignableToRole'] !== true)
    throw refuse.wrongMemberType('Group', 'roleEligibilityScheduleRequests');
  context.directory.transact((writer) => {
    if (action === 'adminAssign') {
      if (!writer.link('eligibleMembers', role, principal)) throw refuse.eligibilityExists();
    } else if (action === 'adminRemove') {
      if (!writer.unlink('eligibleMembers', role, principal)) throw refuse.eligibilityMissing();
    } else throw refuse.invalidValue('action', resource);
  });
  return {
    status: 201,
    body: {
      '@odata.context': contextUrl(request.root, requests.slice(1), undefined, true),
      id: `${role.id}_${principal.id}`,
      action,
      principalId,
      roleDefinitionId,
      directoryScopeId,
      status: action === 'adminAssign' ? 'Provisioned' : 'Revoked',
    },
  };
}
