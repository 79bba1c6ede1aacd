import type { DirectoryKind, DirectoryObject } from '../directory/index.ts';
import { contextUrl, type GraphAnswer, ok } from './answer.ts';
import { showTyped } from './collection.ts';
import type { GraphContext } from './context.ts';
import { entityOfType } from './entities/index.ts';
import { findObject } from './find.ts';
import { permissions } from './permissions.ts';
import { refuse } from './refusals.ts';
import { representTyped } from './represent.ts';
import { bodyObject, type GraphRequest } from './request.ts';
import type { ObjectKey, Route } from './route.ts';
import { isExtension, viewOf } from './view.ts';

const allKinds: readonly DirectoryKind[] = [
  'user',
  'group',
  'contact',
  'device',
  'application',
  'servicePrincipal',
  'directoryRole',
];
const idsPerRequest = 1_000;
const groupsPerCheck = 20;

export const directoryObjectRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/directoryObjects/{key}',
    permissions: permissions.directoryRead,
    handle: (request, { keys: [key = ''] }, context) =>
      ok(showTyped(request, findObject(context, allKinds, key), viewOf(request, context))),
  },
  {
    method: 'POST',
    path: '/directoryObjects/getByIds',
    permissions: permissions.directoryRead,
    units: 5,
    reads: true,
    handle: getByIds,
  },
  {
    method: 'POST',
    path: '/directoryObjects/getAvailableExtensionProperties',
    permissions: permissions.directoryRead,
    reads: true,
    handle: (request, _parameters, context) => {
      const { isSyncedFromOnPremises } = bodyObject(request);
      const found = context.directory.objects
        .page({ kinds: ['extensionProperty'], state: 'live', limit: idsPerRequest })
        .map(({ object }) => object)
        .filter(
          ({ properties }) =>
            isSyncedFromOnPremises === undefined ||
            (properties['isSyncedFromOnPremises'] ?? false) === isSyncedFromOnPremises,
        );
      const view = viewOf(request, context);
      return ok({
        '@odata.context': contextUrl(request.root, 'extensionProperties'),
        value: found.map((object) => representTyped(object, view)),
      });
    },
  },
  ...(['users', 'groups', 'contacts', 'devices', 'directoryObjects'] as const).flatMap((set): readonly Route[] => {
    const base = { method: 'POST', permissions: permissions.directoryRead, reads: true } as const;
    return [
      {
        ...base,
        path: `/${set}/{key}/checkMemberGroups`,
        units: 4,
        handle: (r, p, c) => check(r, c, p.keys[0], 'groupIds'),
      },
      {
        ...base,
        path: `/${set}/{key}/checkMemberObjects`,
        units: 4,
        handle: (r, p, c) => check(r, c, p.keys[0], 'ids'),
      },
      {
        ...base,
        path: `/${set}/{key}/getMemberGroups`,
        units: 2,
        handle: (r, p, c) => groupsOf(r, c, p.keys[0], ['group']),
      },
      {
        ...base,
        path: `/${set}/{key}/getMemberObjects`,
        units: 2,
        handle: (r, p, c) => groupsOf(r, c, p.keys[0], ['group', 'directoryRole']),
      },
    ];
  }),
];

function textsIn(request: GraphRequest, name: string): readonly string[] {
  const value = bodyObject(request)[name];
  if (!Array.isArray(value)) throw refuse.wrongType(name, 'Collection(String)');
  return value.map((item) => {
    if (typeof item !== 'string') throw refuse.wrongType(name, 'String');
    return item;
  });
}

function getByIds(request: GraphRequest, _parameters: unknown, context: GraphContext): GraphAnswer {
  const ids = textsIn(request, 'ids');
  if (ids.length > idsPerRequest) throw refuse.tooManyIds(idsPerRequest);
  const types = bodyObject(request)['types'] === undefined ? [] : textsIn(request, 'types');
  const kinds = types.map((type) => entityOfType(type)?.kind).filter((kind) => kind !== undefined);
  const view = viewOf(request, context);
  const found = [...new Set(ids.map((id) => id.toLowerCase()))]
    .map((id) => context.directory.objects.byId(id))
    .filter((object): object is DirectoryObject => object !== undefined && context.directory.objects.shown(object))
    .filter(({ kind }) => types.length === 0 || types.includes('directoryObject') || kinds.includes(kind));
  return ok({
    '@odata.context': contextUrl(request.root, 'directoryObjects', view.select),
    value: found.map((object) =>
      representTyped(object, { ...view, isExtension: (name) => isExtension(context, name) }),
    ),
  });
}

function above(context: GraphContext, object: DirectoryObject): readonly DirectoryObject[] {
  const found: DirectoryObject[] = [];
  let after = 0;
  for (;;) {
    const page = context.directory.links.allHolders('members', object.number, after, 1_000);
    found.push(...page);
    const last = page.at(-1);
    if (page.length < 1_000 || last === undefined) return found;
    after = last.number;
  }
}

function texts(request: GraphRequest, value: readonly string[]): GraphAnswer {
  return ok({ '@odata.context': `${request.root}/$metadata#Collection(Edm.String)`, value });
}

function check(
  request: GraphRequest,
  context: GraphContext,
  key: ObjectKey = '',
  name: 'groupIds' | 'ids',
): GraphAnswer {
  const object = findObject(context, allKinds, key);
  const ids = textsIn(request, name);
  if (ids.length > groupsPerCheck) throw refuse.tooManyIds(groupsPerCheck);
  const held = new Set(above(context, object).map(({ id }) => id));
  return texts(
    request,
    ids.filter((id) => held.has(id.toLowerCase())),
  );
}

function groupsOf(
  request: GraphRequest,
  context: GraphContext,
  key: ObjectKey = '',
  kinds: readonly DirectoryKind[],
): GraphAnswer {
  const object = findObject(context, allKinds, key);
  const { securityEnabledOnly } = bodyObject(request);
  const found = above(context, object)
    .filter(({ kind }) => kinds.includes(kind))
    .filter(({ properties }) => securityEnabledOnly !== true || properties['securityEnabled'] === true);
  return texts(
    request,
    found.map(({ id }) => id),
  );
}
