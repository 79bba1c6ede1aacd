import { isoTime } from '../clock.ts';
import { contextUrl, noContent, ok } from './answer.ts';
import type { GraphContext } from './context.ts';
import { permissions } from './permissions.ts';
import { selectOf } from './query/options.ts';
import { refuse } from './refusals.ts';
import { bodyObject, type GraphRequest, isJsonObject, type JsonObject } from './request.ts';
import type { Route } from './route.ts';

const syncSwitch = 'organization.onPremisesSyncEnabled';
const lastSync = 'organization.onPremisesLastSyncDateTime';

export const organizationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/organization',
    permissions: permissions.organizationRead,
    handle: (request, _parameters, context) =>
      ok({
        '@odata.context': contextUrl(request.root, 'organization', selectOf(request.options)),
        value: [selected(request, organization(context))],
      }),
  },
  {
    method: 'GET',
    path: '/organization/{key}',
    permissions: permissions.organizationRead,
    handle: (request, { keys: [key] }, context) => {
      if (key !== context.tenantId) throw refuse.notFound(String(key));
      return ok({
        '@odata.context': contextUrl(request.root, 'organization', selectOf(request.options), true),
        ...selected(request, organization(context)),
      });
    },
  },
  {
    method: 'PATCH',
    path: '/organization/{key}',
    permissions: permissions.organizationWrite,
    handle: (request, { keys: [key] }, context) => {
      if (key !== context.tenantId) throw refuse.notFound(String(key));
      for (const [name, value] of Object.entries(bodyObject(request))) {
        if (name.toLowerCase() !== 'onpremisessyncenabled') throw refuse.readOnly(name);
        // The switch is turned in beta only by an application; clients that sign a user in turn it in v1.0.
        if (request.version !== 'beta' && request.caller.userId === undefined)
          throw refuse.readOnly('onPremisesSyncEnabled');
        if (typeof value !== 'boolean') throw refuse.wrongType(name, 'Boolean');
        context.directory.facts.set(syncSwitch, String(value));
      }
      return noContent;
    },
  },
  {
    method: 'GET',
    path: '/subscribedSkus',
    permissions: permissions.licenseRead,
    units: 3,
    handle: (request, _parameters, context) =>
      ok({ '@odata.context': contextUrl(request.root, 'subscribedSkus'), value: [freeLicense(context)] }),
  },
];

function selected(request: GraphRequest, shown: JsonObject): JsonObject {
  const select = selectOf(request.options);
  if (select === undefined) return shown;
  for (const name of select) if (!(name in shown)) throw refuse.unknownSelect(name, 'organization');
  return Object.fromEntries(select.map((name) => [name, shown[name]]));
}

function organization(context: GraphContext): JsonObject {
  const { facts, domains } = context.directory;
  const enabled = facts.get(syncSwitch);
  return {
    id: context.tenantId,
    deletedDateTime: null,
    businessPhones: [],
    city: null,
    country: null,
    countryLetterCode: 'DE',
    createdDateTime: isoTime(Number(facts.get('createdAt') ?? 0)),
    defaultUsageLocation: null,
    displayName: facts.get('displayName') ?? 'CloudSync sandbox',
    marketingNotificationEmails: [],
    onPremisesLastSyncDateTime: facts.get(lastSync) ?? null,
    onPremisesSyncEnabled: enabled === undefined ? null : enabled === 'true',
    partnerTenantType: null,
    postalCode: null,
    preferredLanguage: 'en',
    securityComplianceNotificationMails: [],
    securityComplianceNotificationPhones: [],
    state: null,
    street: null,
    technicalNotificationMails: [],
    tenantType: 'AAD',
    assignedPlans: [],
    provisionedPlans: [],
    privacyProfile: null,
    verifiedDomains: domains
      .list()
      .filter(({ verified }) => verified)
      .map(({ name, initial, isDefault }) => ({
        capabilities: 'Email, OfficeCommunicationsOnline',
        isDefault,
        isInitial: initial,
        name,
        type: 'Managed',
      })),
  };
}

/** Every tenant has the free edition. */
function freeLicense({ tenantId, directory }: GraphContext): JsonObject {
  const skuId = 'f30db892-07e9-47e9-837c-80727f46fd3d';
  return {
    id: `${tenantId}_${skuId}`,
    accountId: tenantId,
    accountName: 'sandbox',
    appliesTo: 'User',
    capabilityStatus: 'Enabled',
    consumedUnits: 0,
    skuId,
    skuPartNumber: 'FLOW_FREE',
    prepaidUnits: { enabled: 10_000, lockedOut: 0, suspended: 0, warning: 0 },
    servicePlans: [],
    subscriptionIds: [directory.facts.get('subscriptionId') ?? tenantId],
  };
}

const synchronizationFact = 'onPremisesSynchronization';

const featureNames = [
  'allowOnPremUpdateOfOnPremisesObjectIdentifierEnabled',
  'blockCloudObjectTakeoverThroughHardMatchEnabled',
  'blockSoftMatchEnabled',
  'bypassDirSyncOverridesEnabled',
  'cloudPasswordPolicyForPasswordSyncedUsersEnabled',
  'concurrentCredentialUpdateEnabled',
  'concurrentOrgIdProvisioningEnabled',
  'deviceWritebackEnabled',
  'directoryExtensionsEnabled',
  'fopeConflictResolutionEnabled',
  'groupWriteBackEnabled',
  'passwordSyncEnabled',
  'passwordWritebackEnabled',
  'quarantineUponProxyAddressesConflictEnabled',
  'quarantineUponUpnConflictEnabled',
  'softMatchOnUpnEnabled',
  'synchronizeUpnForManagedUsersEnabled',
  'unifiedGroupWritebackEnabled',
  'userForcePasswordChangeOnLogonEnabled',
  'userWritebackEnabled',
] as const;

const onByDefault: readonly string[] = [
  'quarantineUponProxyAddressesConflictEnabled',
  'quarantineUponUpnConflictEnabled',
  'softMatchOnUpnEnabled',
  'synchronizeUpnForManagedUsersEnabled',
];

interface Synchronization {
  readonly features: Readonly<Record<string, boolean>>;
  readonly prevention: string;
  readonly threshold: number;
}

function synchronization({ directory }: GraphContext): Synchronization {
  const features = Object.fromEntries(featureNames.map((name) => [name, onByDefault.includes(name)]));
  const initial: Synchronization = { features, prevention: 'enabledForCount', threshold: 500 };
  const stored = directory.facts.get(synchronizationFact);
  return stored === undefined ? initial : { ...initial, ...(JSON.parse(stored) as Partial<Synchronization>) };
}

function shownSynchronization(context: GraphContext): JsonObject {
  const { features, prevention, threshold } = synchronization(context);
  return {
    id: context.tenantId,
    configuration: {
      accidentalDeletionPrevention: { synchronizationPreventionType: prevention, alertThreshold: threshold },
    },
    features,
  };
}

const path = 'directory/onPremisesSynchronization';

export const onPremisesSynchronizationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `/${path}`,
    permissions: permissions.synchronizationRead,
    handle: (request, _parameters, context) =>
      ok({ '@odata.context': contextUrl(request.root, path), value: [shownSynchronization(context)] }),
  },
  {
    method: 'GET',
    path: `/${path}/{key}`,
    permissions: permissions.synchronizationRead,
    handle: (request, { keys: [key] }, context) => {
      if (key !== context.tenantId) throw refuse.notFound(String(key));
      return ok({
        '@odata.context': contextUrl(request.root, path, undefined, true),
        ...shownSynchronization(context),
      });
    },
  },
  {
    method: 'PATCH',
    path: `/${path}/{key}`,
    permissions: permissions.synchronizationWrite,
    handle: (request, { keys: [key] }, context) => {
      if (key !== context.tenantId) throw refuse.notFound(String(key));
      const changed = changedSynchronization(synchronization(context), bodyObject(request));
      context.directory.facts.set(synchronizationFact, JSON.stringify(changed));
      return noContent;
    },
  },
];

const preventionTypes = ['disabled', 'enabledForCount', 'enabledForPercentage'];

function changedSynchronization(before: Synchronization, body: JsonObject): Synchronization {
  let { features, prevention, threshold } = before;
  for (const [name, value] of Object.entries(body)) {
    if (name.startsWith('@')) continue;
    if (name === 'features' && isJsonObject(value)) {
      for (const [feature, on] of Object.entries(value)) {
        if (!featureNames.some((known) => known === feature)) {
          throw refuse.unknownProperty(feature, 'onPremisesDirectorySynchronizationFeature');
        }
        if (typeof on !== 'boolean') throw refuse.wrongType(feature, 'Boolean');
        features = { ...features, [feature]: on };
      }
    } else if (name === 'configuration' && isJsonObject(value)) {
      const deletion = value['accidentalDeletionPrevention'];
      if (!isJsonObject(deletion)) throw refuse.wrongType('accidentalDeletionPrevention', 'ComplexType');
      const { synchronizationPreventionType: type, alertThreshold: count } = deletion;
      if (type !== undefined) {
        if (typeof type !== 'string' || !preventionTypes.includes(type)) {
          throw refuse.invalidValue('synchronizationPreventionType', 'OnPremisesDirectorySynchronization');
        }
        prevention = type;
      }
      if (count !== undefined) {
        if (typeof count !== 'number') throw refuse.wrongType('alertThreshold', 'Int32');
        threshold = count;
      }
    } else {
      throw refuse.unknownProperty(name, 'onPremisesDirectorySynchronization');
    }
  }
  return { features, prevention, threshold };
}
