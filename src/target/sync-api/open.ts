import { setTimeout } from 'node:timers/promises';
import { CloudSyncError } from '../../model/index.ts';
import { element } from '../../wire/index.ts';
import type { TargetEnvironment, TenantAccess } from '../access.ts';
import { httpsFetch } from '../https-fetch.ts';
import { openSignIn } from '../sign-in.ts';
import { mostDeletes, type Target, type TenantFacts } from '../target.ts';
import { applyOperations, type ExportCount } from './apply.ts';
import { type CompanyConfiguration, readConfiguration, tenantFeatures } from './configuration.ts';
import { SyncEndpointUnknownError, SyncInactiveError } from './errors.ts';
import { defaultBuild, defaultObjectsPerRequest, defaultRequests, type SyncApiOptions } from './options.ts';
import { passwordUpload } from './passwords.ts';
import { syncApiProfile, syncKinds } from './profile.ts';
import { findByReading, readBack } from './read.ts';
import { type ServiceSettings, syncService } from './service.ts';

/** "Microsoft Entra AD Synchronization Service", in all clouds. */
const scope = '6bf85cfa-ac8a-4be5-b5de-425a0d0dc016/.default';
const globalEndpoint = 'https://adminwebservice.microsoftonline.com';
const globalDomain = 'microsoftonline.com';

/** The application's role at the service. */
const syncRole = 'ADSynchronization.ReadWrite.All';

/** Writes a tenant through the service that Entra Connect itself writes to. Opens nothing yet: `check` signs in. */
export function openSyncApiTarget(
  access: TenantAccess,
  environment: TargetEnvironment,
  options: SyncApiOptions = {},
): Target {
  const settings = settingsOf(access, options);
  const https = environment.fetch === undefined ? httpsFetch({ ca: access.ca }) : undefined;
  const fetch = environment.fetch ?? https;
  if (fetch === undefined) throw new Error('no way to the network');
  const { now, random, log } = environment;
  const sleep = environment.sleep ?? ((milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }));
  const signIn = openSignIn(access, scope, fetch, now);
  const service = syncService(settings, signIn, fetch, { random, log, sleep });
  const kinds = syncKinds(options);
  let configuration: CompanyConfiguration | undefined;
  let count: ExportCount = { sent: 0, succeeded: 0, deletes: 0 };

  async function known(signal: AbortSignal): Promise<CompanyConfiguration> {
    configuration ??= await readConfiguration(service, signal);
    return configuration;
  }

  /** Tells the service what was written; where it does not listen, the next check tells it again. */
  async function endExport(signal: AbortSignal): Promise<void> {
    const { sent, succeeded } = count;
    count = { ...count, deletes: 0 };
    if (sent === 0) return;
    const content = [element('totalExported', [], [sent]), element('successfulExportCount', [], [succeeded])];
    try {
      await service.call({ operation: 'FinalizeExport', content }, signal);
      count = { sent: 0, succeeded: 0, deletes: 0 };
    } catch (error) {
      // What was written is written: an account of it that is missing is no reason to fail.
      if (!(error instanceof CloudSyncError)) throw error;
      log?.('warn', 'exportNotEnded', { ...error.report() });
    }
  }

  return {
    profile: syncApiProfile(options),
    async check(signal): Promise<TenantFacts> {
      configuration = await readConfiguration(service, signal);
      if (!configuration.isDirSyncing) throw new SyncInactiveError(settings.tenantId);
      // An export that was cut short has not been ended.
      await endExport(signal);
      const { tenantId, displayName } = configuration;
      return {
        tenantId: tenantId === '' ? access.tenantId : tenantId.toLowerCase(),
        displayName,
        verifiedDomains: [],
        deleteThreshold: configuration.deletes,
      };
    },
    async checkPermissions() {
      const { roles } = await signIn.token(false);
      const granted = roles.includes(syncRole);
      return [
        { permission: syncRole, why: 'call the synchronization service', granted, by: granted ? syncRole : undefined },
      ];
    },
    read: (token, signal) => readBack(service, kinds, settings.tenantId, token, signal),
    async *apply(operations, signal) {
      const tenant = await known(signal);
      yield* applyOperations(
        service,
        operations,
        {
          objectsPerRequest: options.objectsPerRequest ?? defaultObjectsPerRequest,
          requests: options.requests ?? defaultRequests,
          linksPerRequest: tenant.linksPerRequest,
          deleteThreshold: mostDeletes(tenant.deletes),
        },
        count,
        signal,
      );
    },
    find: (object, signal) => findByReading(readBack(service, kinds, settings.tenantId, undefined, signal), object),
    exportEnded: endExport,
    passwords: passwordUpload(service),
    features: tenantFeatures(service),
    async [Symbol.asyncDispose]() {
      https?.[Symbol.dispose]();
    },
  };
}

function settingsOf({ cloud, tenantId, credential }: TenantAccess, options: SyncApiOptions): ServiceSettings {
  const endpoint =
    options.endpoint ?? (cloud.name === 'global' ? globalEndpoint : cloud.name === 'custom' ? cloud.graph : undefined);
  if (endpoint === undefined) throw new SyncEndpointUnknownError(cloud.name);
  return {
    endpoint: new URL(endpoint).origin,
    tenantId,
    clientId: credential.clientId,
    build: options.build ?? defaultBuild,
    redirects:
      cloud.name === 'custom' ? 'any' : { domain: cloud.name === 'global' ? globalDomain : domainOf(endpoint) },
  };
}

/** The host without its first label. */
function domainOf(endpoint: string): string {
  return new URL(endpoint).hostname.split('.').slice(1).join('.');
}
