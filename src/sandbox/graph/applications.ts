import { X509Certificate } from 'node:crypto';
import { isoTime } from '../clock.ts';
import type { DirectoryObject } from '../directory/index.ts';
import { type Credential, newSecret } from '../sign-in/index.ts';
import { contextUrl, type GraphAnswer, noContent, ok } from './answer.ts';
import { listObjects, showObject } from './collection.ts';
import type { GraphContext } from './context.ts';
import { entities } from './entities/index.ts';
import { findObject, findWritable } from './find.ts';
import { permissions } from './permissions.ts';
import { refuse } from './refusals.ts';
import { represent } from './represent.ts';
import { bodyObject, type GraphRequest, isJsonObject, type JsonObject } from './request.ts';
import type { Route } from './route.ts';
import { initialProperties, parseWrite, requireProperties } from './write.ts';

const entity = entities.application;

export const applicationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/applications',
    permissions: permissions.applicationRead,
    units: 2,
    handle: (request, _parameters, context) => {
      const answer = listObjects(request, context, { kinds: ['application'], typed: false, set: 'applications' });
      if (!isJsonObject(answer.body) || !Array.isArray(answer.body['value'])) return answer;
      const value = answer.body['value'].map((shown: unknown) =>
        isJsonObject(shown) ? completed(context, shown) : shown,
      );
      return ok({ ...answer.body, value });
    },
  },
  {
    method: 'POST',
    path: '/applications',
    permissions: permissions.applicationWrite,
    handle: (request, _parameters, context) => {
      const { changes } = parseWrite(bodyObject(request), { entity, mode: 'create', beta: false }, context);
      requireProperties(changes, ['displayName'], entity);
      const { displayName, ...further } = initialProperties(changes);
      const appId = context.applications.register(String(displayName));
      const made = findObject(context, ['application'], { name: 'appId', value: appId });
      context.directory.transact((writer) => writer.update(made, further));
      return { ...shown(request, context, made.id), status: 201 };
    },
  },
  {
    method: 'GET',
    path: '/applications/{key}',
    permissions: permissions.applicationRead,
    handle: (request, { keys: [key = ''] }, context) => {
      const application = findObject(context, ['application'], key);
      return ok(withCredentials(context, application, showObject(request, context, application)));
    },
  },
  {
    method: 'PATCH',
    path: '/applications/{key}',
    permissions: permissions.applicationWrite,
    handle: (request, { keys: [key = ''] }, context) => {
      const application = findWritable(context, ['application'], key);
      const { keyCredentials, ...others } = bodyObject(request);
      const { changes } = parseWrite(others, { entity, mode: 'update', beta: false }, context);
      context.directory.transact((writer) => {
        writer.update(application, changes);
        if (keyCredentials !== undefined) replaceCertificates(context, appIdOf(application), keyCredentials);
      });
      return noContent;
    },
  },
  {
    method: 'DELETE',
    path: '/applications/{key}',
    permissions: permissions.applicationWrite,
    handle: (_request, { keys: [key = ''] }, context) => {
      const application = findWritable(context, ['application'], key);
      const principal = context.applications.servicePrincipal(appIdOf(application));
      context.directory.transact((writer) => {
        writer.delete(application);
        if (principal !== undefined) writer.delete(principal);
      });
      return noContent;
    },
  },
  {
    method: 'POST',
    path: '/applications/{key}/addPassword',
    permissions: permissions.applicationWrite,
    handle: (request, { keys: [key = ''] }, context) => {
      const application = findWritable(context, ['application'], key);
      const wanted = isJsonObject(request.body) ? request.body['passwordCredential'] : undefined;
      const { displayName, endDateTime } = isJsonObject(wanted) ? wanted : {};
      const secretText = newSecret();
      const credential = context.applications.addSecret(appIdOf(application), secretText, {
        ...(typeof displayName === 'string' ? { displayName } : {}),
        ...(typeof endDateTime === 'string' ? { endsAt: Date.parse(endDateTime) } : {}),
      });
      return ok({
        '@odata.context': `${request.root}/$metadata#microsoft.graph.passwordCredential`,
        ...passwordCredential(credential),
        secretText,
      });
    },
  },
  {
    method: 'POST',
    path: '/applications/{key}/removePassword',
    permissions: permissions.applicationWrite,
    handle: (request, { keys: [key = ''] }, context) => {
      const application = findWritable(context, ['application'], key);
      const { keyId } = bodyObject(request);
      if (typeof keyId !== 'string' || !context.applications.removeCredential(appIdOf(application), keyId)) {
        throw refuse.notFound(String(keyId));
      }
      return noContent;
    },
  },
  {
    method: 'GET',
    path: '/servicePrincipals',
    permissions: permissions.applicationRead,
    handle: (request, _parameters, context) =>
      listObjects(request, context, { kinds: ['servicePrincipal'], typed: false, set: 'servicePrincipals' }),
  },
  {
    method: 'GET',
    path: '/servicePrincipals/{key}',
    permissions: permissions.applicationRead,
    handle: (request, { keys: [key = ''] }, context) =>
      ok(showObject(request, context, findObject(context, ['servicePrincipal'], key))),
  },
];

export function appIdOf({ properties }: DirectoryObject): string {
  return String(properties['appId']);
}

function shown(request: GraphRequest, context: GraphContext, id: string): GraphAnswer {
  const application = findObject(context, ['application'], id);
  const view = { select: undefined, beta: request.version === 'beta', isExtension: () => false };
  return ok({
    '@odata.context': contextUrl(request.root, 'applications', undefined, true),
    ...withCredentials(context, application, represent(application, view)),
  });
}

function passwordCredential(credential: Credential): JsonObject {
  return {
    customKeyIdentifier: null,
    displayName: credential.displayName ?? null,
    endDateTime: isoTime(credential.endsAt),
    hint: null,
    keyId: credential.id,
    secretText: null,
    startDateTime: isoTime(credential.startsAt),
  };
}

function keyCredential(credential: Credential): JsonObject {
  const certificate = new X509Certificate(credential.value);
  return {
    customKeyIdentifier: Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex').toString('base64'),
    displayName: credential.displayName ?? null,
    endDateTime: isoTime(credential.endsAt),
    key: null,
    keyId: credential.id,
    startDateTime: isoTime(credential.startsAt),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  };
}

/** An application of a list, with its credentials where they are shown. */
function completed(context: GraphContext, shown: JsonObject): JsonObject {
  const { id } = shown;
  const application = typeof id === 'string' ? context.directory.objects.byId(id) : undefined;
  return application === undefined ? shown : withCredentials(context, application, shown);
}

function withCredentials(context: GraphContext, application: DirectoryObject, body: JsonObject): JsonObject {
  const credentials = context.applications.credentials(appIdOf(application));
  const result: Record<string, unknown> = { ...body };
  if ('passwordCredentials' in result) {
    result['passwordCredentials'] = credentials.filter(({ type }) => type === 'secret').map(passwordCredential);
  }
  if ('keyCredentials' in result) {
    result['keyCredentials'] = credentials.filter(({ type }) => type === 'certificate').map(keyCredential);
  }
  return result;
}

/** The list is replaced as a whole: entries without a key keep the certificate of their id. */
function replaceCertificates(context: GraphContext, appId: string, wanted: unknown): void {
  if (!Array.isArray(wanted)) throw refuse.wrongType('keyCredentials', 'Collection(ComplexType)');
  const items: readonly unknown[] = wanted;
  const before = context.applications.credentials(appId).filter(({ type }) => type === 'certificate');
  const keeps = new Set(items.filter(isJsonObject).map(({ keyId }) => keyId));
  for (const { id } of before) if (!keeps.has(id)) context.applications.removeCredential(appId, id);
  for (const item of items) {
    if (!isJsonObject(item)) throw refuse.wrongType('keyCredentials', 'ComplexType');
    const { key, keyId, displayName } = item;
    if (typeof key !== 'string') {
      if (!before.some(({ id }) => id === keyId)) throw refuse.invalidValue('keyCredentials', entity.resource);
      continue;
    }
    context.applications.addCertificate(appId, pemOf(key), typeof displayName === 'string' ? displayName : undefined);
  }
}

/** `key` is the certificate's DER in base64; scripts send the base64 of the PEM as well. */
function pemOf(key: string): string {
  const bytes = Buffer.from(key, 'base64');
  try {
    return new X509Certificate(bytes).toString();
  } catch {
    throw refuse.invalidValue('keyCredentials', entity.resource);
  }
}
