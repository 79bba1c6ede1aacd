import type { Condition, DirectoryKind, DirectoryObject } from '../directory/index.ts';
import { type GraphAnswer, noContent } from './answer.ts';
import { countObjects, type Listing, listObjects } from './collection.ts';
import type { GraphContext } from './context.ts';
import { entityOfType } from './entities/index.ts';
import { findObject, findWritable } from './find.ts';
import { requireRoleGroupRight } from './groups.ts';
import { permissions } from './permissions.ts';
import { addReferences, memberKinds, referenceInBody, requireMembershipWritable } from './references.ts';
import { refuse } from './refusals.ts';
import type { GraphRequest } from './request.ts';
import type { Route, RouteParameters } from './route.ts';

/** v1.0 lists no service principals among members. */
const listedKinds: readonly DirectoryKind[] = ['user', 'group', 'contact', 'device'];
const groupKinds: readonly DirectoryKind[] = ['group'];
const aboveKinds: readonly DirectoryKind[] = ['group', 'directoryRole'];

type Source = (context: GraphContext, of: DirectoryObject) => Omit<Listing, 'typed' | 'set'>;

const linked =
  (attribute: 'members' | 'owners'): Source =>
  (context, of) => ({
    kinds: attribute === 'owners' ? ['user', 'servicePrincipal'] : listedKinds,
    within: {
      sql: `EXISTS (SELECT 1 FROM link l WHERE l.attribute = '${attribute}' AND l.holder = ? AND l.target = o.number)`,
      parameters: [of.number],
    },
    ...(attribute === 'owners'
      ? {}
      : {
          quick: (after: number, limit: number) => membersOnly(context, of, after, limit),
          quickCount: () => context.directory.links.countTargets('members', of.number),
        }),
  });

/** Pages by the link itself: a group of a million members costs a page what a small one does. */
function membersOnly(
  context: GraphContext,
  group: DirectoryObject,
  after: number,
  limit: number,
): readonly DirectoryObject[] {
  const found: DirectoryObject[] = [];
  let resume = after;
  for (;;) {
    const page = context.directory.links.targets('members', group.number, resume, limit);
    found.push(...page.filter(({ kind }) => listedKinds.includes(kind)));
    const last = page.at(-1);
    if (found.length >= limit || page.length < limit || last === undefined) return found.slice(0, limit);
    resume = last.number;
  }
}

const below: Source = (context, of) => ({
  kinds: listedKinds,
  within: walked('target', 'holder', of),
  quick: (after, limit) => context.directory.links.allTargets('members', of.number, after, limit),
});

const above: Source = (context, of) => ({
  kinds: aboveKinds,
  within: walked('holder', 'target', of),
  quick: (after, limit) => context.directory.links.allHolders('members', of.number, after, limit),
});

const directlyAbove: Source = (context, of) => ({
  kinds: aboveKinds,
  within: {
    sql: `EXISTS (SELECT 1 FROM link l WHERE l.attribute = 'members' AND l.target = ? AND l.holder = o.number)`,
    parameters: [of.number],
  },
  quick: (after, limit) => context.directory.links.holders('members', of.number, after, limit),
  quickCount: () => context.directory.links.countHolders('members', of.number),
});

function walked(to: 'target' | 'holder', from: 'target' | 'holder', of: DirectoryObject): Condition {
  return {
    sql: `o.number IN (WITH RECURSIVE reached (number) AS (
        SELECT ${to} FROM link WHERE ${from} = ? AND attribute = 'members'
        UNION SELECT l.${to} FROM reached r JOIN link l ON l.${from} = r.number AND l.attribute = 'members')
      SELECT number FROM reached)`,
    parameters: [of.number],
  };
}

function listed(
  { keys: [key = ''], cast }: RouteParameters,
  context: GraphContext,
  holders: readonly DirectoryKind[],
  source: Source,
): Listing {
  const listing = source(context, findObject(context, holders, key));
  if (cast === undefined) return { ...listing, typed: true, set: 'directoryObjects' };
  const entity = entityOfType(cast);
  if (entity === undefined) throw refuse.noSegment(cast);
  const { kinds, within } = listing;
  return { kinds: kinds.filter((kind) => kind === entity.kind), within, typed: false, set: entity.set };
}

function routesFor(
  set: string,
  holders: readonly DirectoryKind[],
  name: string,
  source: Source,
  rights: readonly string[],
  units: number,
): readonly Route[] {
  return ['', '/{cast}'].flatMap((tail): readonly Route[] => [
    {
      method: 'GET',
      path: `/${set}/{key}/${name}${tail}`,
      permissions: rights,
      units,
      handle: (request, parameters, context) =>
        listObjects(request, context, listed(parameters, context, holders, source)),
    },
    {
      method: 'GET',
      path: `/${set}/{key}/${name}${tail}/$count`,
      permissions: rights,
      units,
      handle: (request, parameters, context) =>
        countObjects(request, context, listed(parameters, context, holders, source)),
    },
  ]);
}

const above1 = (set: string, kind: DirectoryKind, rights: readonly string[]): readonly Route[] => [
  ...routesFor(set, [kind], 'memberOf', directlyAbove, rights, 2),
  ...routesFor(set, [kind], 'transitiveMemberOf', above, rights, 5),
];

export const memberRoutes: readonly Route[] = [
  ...routesFor('groups', groupKinds, 'members', linked('members'), permissions.groupRead, 3),
  ...routesFor('groups', groupKinds, 'transitiveMembers', below, permissions.groupRead, 5),
  ...routesFor('groups', groupKinds, 'owners', linked('owners'), permissions.groupRead, 1),
  ...above1('groups', 'group', permissions.groupRead),
  ...above1('users', 'user', permissions.directoryRead),
  ...above1('contacts', 'contact', permissions.directoryRead),
  ...above1('devices', 'device', permissions.directoryRead),
  ...(['members', 'owners'] as const).flatMap((attribute): readonly Route[] => [
    {
      method: 'POST',
      path: `/groups/{key}/${attribute}/$ref`,
      permissions: attribute === 'members' ? permissions.members : permissions.groupUpdate,
      handle: (request, parameters, context) => addOne(request, parameters, context, attribute),
    },
    {
      method: 'DELETE',
      path: `/groups/{key}/${attribute}/{key}/$ref`,
      permissions: attribute === 'members' ? permissions.members : permissions.groupUpdate,
      handle: (request, parameters, context) => removeOne(request, parameters, context, attribute),
    },
  ]),
];

function addOne(
  request: GraphRequest,
  { keys: [key = ''] }: RouteParameters,
  context: GraphContext,
  attribute: 'members' | 'owners',
): GraphAnswer {
  const group = findWritable(context, ['group'], key);
  requireMembershipWritable(group);
  requireRoleGroupRight(request, context, group);
  const target = referenceInBody(request, context);
  context.directory.transact((writer) => addReferences(context, writer, attribute, group, [target]));
  return noContent;
}

function removeOne(
  request: GraphRequest,
  { keys: [key = '', member = ''] }: RouteParameters,
  context: GraphContext,
  attribute: 'members' | 'owners',
): GraphAnswer {
  const group = findWritable(context, ['group'], key);
  requireMembershipWritable(group);
  requireRoleGroupRight(request, context, group);
  const target = findObject(context, memberKinds, member);
  const { links } = context.directory;
  if (!links.has(attribute, group.number, target.number)) throw refuse.notFound(target.id);
  if (attribute === 'owners' && links.countTargets('owners', group.number) === 1) throw refuse.lastOwner();
  context.directory.transact((writer) => writer.unlink(attribute, group, target));
  return noContent;
}
