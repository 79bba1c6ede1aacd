import {
  attribute,
  child,
  children,
  element,
  isNil,
  namespace,
  namespaces,
  text,
  type XmlElement,
} from '../../wire/index.ts';
import { companyConfiguration, finalizeExport, setFeatures } from './company-configuration.ts';
import type { SyncContext } from './context.ts';
import { provisionCredentials } from './credentials.ts';
import { flag, member, type SyncCall } from './envelope.ts';
import { fault } from './faults.ts';
import { type ObjectResult, provisionObject } from './provision-object.ts';
import { readBack } from './read-back.ts';
import { serviceAccount } from './service-account.ts';
import { type GivenObject, isChanges, readObject } from './values.ts';

export interface Operation {
  /** Serves a tenant whose synchronization is not activated, too. */
  readonly always: boolean;
  /** The result's element; none where the answer is empty. */
  handle(context: SyncContext, call: SyncCall): XmlElement | undefined;
}

const objectNamespaces = [namespace('b', namespaces.objects), namespace('i', namespaces.instance)];

const provision: Operation = {
  always: false,
  handle(context, { operation, body }) {
    const given = children(child(body, 'syncRequest', 'SyncObjects'), 'AzureADSyncObject').map(readObject);
    requireFewLinks(context, given);
    context.counters.syncObjects += given.length;
    const results = context.directory.transact(() =>
      given.map((one) => ({ given: one, result: provisionObject(context, one) })),
    );
    return element(`${operation}Result`, objectNamespaces, [
      element(
        'b:SyncObjectResults',
        [],
        results.map(({ given: one, result }) => shownResult(one, result)),
      ),
    ]);
  },
};

function requireFewLinks(context: SyncContext, given: readonly GivenObject[]): void {
  const limit = context.settings().linksPerRequest;
  let links = 0;
  for (const { properties } of given)
    for (const value of properties.values()) if (isChanges(value)) links += value.changes.length;
  if (links > limit) throw fault.tooManyLinks(limit);
}

function shownResult(
  { type, operation }: GivenObject,
  { cloudAnchor, sourceAnchor, failure, partial }: ObjectResult,
): XmlElement {
  return element(
    'b:AzureADSyncObjectResult',
    [],
    [
      member('b:CloudAnchor', cloudAnchor),
      member('b:ErrorDetails', undefined),
      member('b:ObjectType', type),
      member('b:ResultCode', failure === undefined ? 'Success' : 'Failure'),
      member('b:ResultErrorCode', failure?.code),
      member('b:ResultErrorDescription', failure?.message ?? partial),
      member('b:SourceAnchor', sourceAnchor),
      member('b:SyncOperation', operation),
    ],
  );
}

const readBackOperation = (showEmpty: boolean): Operation => ({
  always: false,
  handle(context, { operation, body }) {
    const cookie = child(body, 'inputCookie');
    const given = cookie === undefined || isNil(cookie) || text(cookie) === '' ? undefined : text(cookie);
    const page = readBack(context, given, flag(body, 'isFullSync'), showEmpty);
    return element(`${operation}Result`, objectNamespaces, [
      element('b:Cookie', [], [page.cookie]),
      element('b:MoreObjects', [], [String(page.more)]),
      element('b:ResultObjects', [], page.objects),
    ]);
  },
});

const fixed = (make: (context: SyncContext) => readonly XmlElement[]): Operation => ({
  always: true,
  handle: (context, { operation }) =>
    element(`${operation}Result`, [namespace('i', namespaces.instance)], make(context)),
});

const nil = (name: string): XmlElement => element(name, [attribute('i:nil', 'true')]);

/** What the service offers, as XML in a text. */
function capabilities(context: SyncContext): string {
  const { minimumBuild } = context.settings();
  return `<ServiceCapability><MicrosoftOnline><Protocol><Application><LatestProductVersion>2.5.190.0</LatestProductVersion><MinimumProductVersion>${minimumBuild}</MinimumProductVersion><BlackList Enabled="false"/></Application></Protocol></MicrosoftOnline></ServiceCapability>`;
}

/** Every operation clients are known to call, by its name in lower case. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    GetCompanyConfiguration: { always: true, handle: (context: SyncContext) => companyConfiguration(context) },
    SetCompanyDirsyncFeatures: {
      always: true,
      handle(context: SyncContext, { body }: SyncCall) {
        setFeatures(context, body);
        return undefined;
      },
    },
    ProvisionAzureADSyncObjects: provision,
    ProvisionAzureADSyncObjects2: provision,
    ReadBackAzureADSyncObjects: readBackOperation(true),
    ReadBackAzureADSyncObjects2: readBackOperation(false),
    FinalizeExport: {
      always: false,
      handle(context: SyncContext, { body, build }: SyncCall) {
        finalizeExport(context, body, build);
        return undefined;
      },
    },
    ProvisionCredentials: {
      always: false,
      handle: (context: SyncContext, { body }: SyncCall) => provisionCredentials(context, body),
    },
    Capabilities: {
      always: true,
      handle: (context: SyncContext) => element('CapabilitiesResult', [], [capabilities(context)]),
    },
    GetServiceAccount: {
      always: true,
      handle: (context: SyncContext, { body }: SyncCall) => serviceAccount(context, body),
    },
    GetDeviceConfiguration: fixed(() => [
      element('CloudPublicIssuerCertificates', [namespace('b', namespaces.arrays)]),
      element('PublicIssuerCertificates', [namespace('b', namespaces.arrays)]),
    ]),
    // Entra Domain Services is not part of the sandbox: nothing is asked for.
    GetWindowsCredentialsSyncConfig: fixed(() => [
      element('EnableWindowsLegacyCredentials', [], ['false']),
      element('EnableWindowsSupplementaCredentials', [], ['false']),
      nil('SecretEncryptionCertificate'),
    ]),
    GetKerberosDomainSyncConfig: fixed(() =>
      ['PublicEncryptionKey', 'SecuredEncryptionAlgorithm', 'SecuredKeyId', 'SecuredPartitionId'].map(nil),
    ),
    GetKerberosDomain: fixed(() =>
      ['PublicEncryptionKey', 'SecuredEncryptionAlgorithm', 'SecuredKeyId', 'SecuredPartitionId'].map(nil),
    ),
    GetMonitoringTenantCertificate: fixed(() => []),
  } satisfies Record<string, Operation>).map(([name, operation]) => [name.toLowerCase(), operation]),
);
