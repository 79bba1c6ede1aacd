import { domainPattern, type TenantDomain } from '../directory/index.ts';
import { contextUrl, type GraphAnswer, noContent, ok } from './answer.ts';
import type { GraphContext } from './context.ts';
import { permissions } from './permissions.ts';
import { refuse } from './refusals.ts';
import { representTyped } from './represent.ts';
import { bodyObject, type GraphRequest, type JsonObject } from './request.ts';
import type { ObjectKey, Route } from './route.ts';
import { viewOf } from './view.ts';

export const domainRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/domains',
    permissions: permissions.domainRead,
    handle: (request, _parameters, context) =>
      ok({
        '@odata.context': contextUrl(request.root, 'domains'),
        value: context.directory.domains.list().map(shown),
      }),
  },
  {
    method: 'POST',
    path: '/domains',
    permissions: permissions.domainWrite,
    handle: addDomain,
  },
  {
    method: 'GET',
    path: '/domains/{key}',
    permissions: permissions.domainRead,
    handle: (request, { keys: [key] }, context) => single(request, find(context, key)),
  },
  {
    method: 'PATCH',
    path: '/domains/{key}',
    permissions: permissions.domainWrite,
    handle: (request, { keys: [key] }, context) => {
      const domain = find(context, key);
      for (const [name, value] of Object.entries(bodyObject(request))) {
        if (name !== 'isDefault') throw refuse.readOnly(name);
        if (value !== true || !domain.verified) throw refuse.invalidValue(name, 'Domain');
        context.directory.domains.makeDefault(domain.name);
      }
      return noContent;
    },
  },
  {
    method: 'DELETE',
    path: '/domains/{key}',
    permissions: permissions.domainWrite,
    handle: (_request, { keys: [key] }, context) => {
      const { name, initial, isDefault } = find(context, key);
      if (initial || isDefault || context.directory.domains.usedBy(name).length > 0) throw refuse.domainInUse(name);
      context.directory.domains.remove(name);
      return noContent;
    },
  },
  {
    method: 'POST',
    path: '/domains/{key}/verify',
    permissions: permissions.domainWrite,
    handle: (request, { keys: [key] }, context) => {
      const { name } = find(context, key);
      if (context.profile().domains.verify === 'missing') throw refuse.domainNotProven();
      context.directory.domains.verify(name);
      return single(request, find(context, name));
    },
  },
  {
    method: 'GET',
    path: '/domains/{key}/verificationDnsRecords',
    permissions: permissions.domainRead,
    handle: (request, { keys: [key] }, context) => {
      const { name, verification } = find(context, key);
      return ok({
        '@odata.context': contextUrl(request.root, `domains('${name}')/verificationDnsRecords`),
        value: [
          {
            '@odata.type': '#microsoft.graph.domainDnsTxtRecord',
            id: `aceff52c-06a5-447f-ac5f-${Buffer.from(name).toString('hex').slice(0, 12).padEnd(12, '0')}`,
            isOptional: false,
            label: name,
            recordType: 'Txt',
            supportedService: 'Email',
            ttl: 3600,
            text: verification,
          },
        ],
      });
    },
  },
  {
    method: 'GET',
    path: '/domains/{key}/domainNameReferences',
    permissions: permissions.domainRead,
    units: 4,
    handle: (request, { keys: [key] }, context) => {
      const { name } = find(context, key);
      const view = viewOf(request, context);
      const objects = context.directory.domains
        .usedBy(name)
        .map((number) => context.directory.objects.byNumber(number));
      return ok({
        '@odata.context': contextUrl(request.root, 'directoryObjects', view.select),
        value: objects.filter((object) => object !== undefined).map((object) => representTyped(object, view)),
      });
    },
  },
];

function find({ directory }: GraphContext, key: ObjectKey | undefined): TenantDomain {
  const domain = typeof key === 'string' ? directory.domains.find(key) : undefined;
  if (domain === undefined) throw refuse.notFound(String(key));
  return domain;
}

function addDomain(request: GraphRequest, _parameters: unknown, context: GraphContext): GraphAnswer {
  const { id } = bodyObject(request);
  if (typeof id !== 'string') throw refuse.missingProperty('id', 'Domain');
  if (!domainPattern.test(id)) throw refuse.invalidValue('id', 'Domain');
  const { domains } = context.directory;
  if (domains.find(id) !== undefined) throw refuse.domainExists(id);
  domains.add(id, domains.belowVerified(id));
  const answer = single(request, find(context, id));
  return { ...answer, status: 201, headers: { location: `${request.root}/domains/${id.toLowerCase()}` } };
}

function single(request: GraphRequest, domain: TenantDomain): GraphAnswer {
  return ok({ '@odata.context': contextUrl(request.root, 'domains', undefined, true), ...shown(domain) });
}

function shown({ name, verified, initial, isDefault }: TenantDomain): JsonObject {
  return {
    id: name,
    authenticationType: 'Managed',
    availabilityStatus: null,
    isAdminManaged: true,
    isDefault,
    isInitial: initial,
    isRoot: true,
    isVerified: verified,
    manufacturer: null,
    model: null,
    passwordNotificationWindowInDays: null,
    passwordValidityPeriodInDays: null,
    state: null,
    supportedServices: verified ? ['Email', 'OfficeCommunicationsOnline'] : [],
  };
}
