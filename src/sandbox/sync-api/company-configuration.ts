import { attribute, childText, element, namespace, namespaces, type XmlElement } from '../../wire/index.ts';
import type { SyncContext } from './context.ts';
import { fault } from './faults.ts';
import { deletionPrevention, hasFeature, isActivated, noteSync, readFeatures, writeFeatures } from './features.ts';
import { syncKinds } from './kinds.ts';
import { applicationId } from './names.ts';

const machineFact = 'syncApi.machine';
const buildFact = 'syncApi.build';
const exportedFact = 'syncApi.exported';

const nil = (name: string): XmlElement => element(name, [attribute('i:nil', 'true')]);
const value = (name: string, text: string): XmlElement => element(name, [], [text]);

/** What the tenant says of its synchronization; these members carry no prefix. */
export function companyConfiguration(context: SyncContext): XmlElement {
  const { directory, tenantId } = context;
  const { facts } = directory;
  const prevention = deletionPrevention(directory);
  const exported = facts.get(exportedFact);
  const own = [
    value('AnchorAttribute', 'mS-DS-ConsistencyGuid'),
    value('ApplicationVersion', applicationId),
    value('ClientVersion', facts.get(buildFact) ?? '2.0.0.0'),
    ...(exported === undefined
      ? []
      : [
          element(
            'CurrentExport',
            [],
            [
              value('DirSyncClientMachineName', facts.get(machineFact) ?? 'SANDBOX'),
              value('TotalConnectorSpaceObjects', String(syncedObjects(context))),
            ],
          ),
        ]),
    value('IsTrackingChanges', 'false'),
    element(
      'PreventAccidentalDeletion',
      [],
      [
        value('DeletionPrevention', prevention.kind),
        value('ThresholdCount', String(prevention.count)),
        value('ThresholdPercentage', String(prevention.percentage)),
      ],
    ),
    element('Writeback', [], [nil('UnifiedGroupContainer'), nil('UserContainer')]),
  ];
  return element(
    'GetCompanyConfigurationResult',
    [namespace('i', namespaces.instance)],
    [
      element(
        'AllowedFeatures',
        [namespace('b', namespaces.arrays)],
        ['ObjectWriteback', 'PasswordWriteback'].map((one) => value('b:string', one)),
      ),
      element('DirSyncConfiguration', [], own),
      value('DirSyncFeatures', String(readFeatures(directory))),
      value('DisplayName', facts.get('displayName') ?? 'CloudSync sandbox'),
      value('IsDirSyncing', String(isActivated(directory))),
      value('IsPasswordSyncing', String(hasFeature(directory, 'passwordHashSync'))),
      value('MaxLinksSupportedAcrossBatchInProvision2', String(context.settings().linksPerRequest)),
      value('SynchronizationInterval', 'PT30M'),
      value('TenantId', tenantId),
    ],
  );
}

function syncedObjects({ directory }: SyncContext): number {
  const where = { sql: `o.mastery = 'synced'`, parameters: [] };
  return directory.objects.countWhere({ kinds: syncKinds, state: 'live', where });
}

export function setFeatures({ directory }: SyncContext, body: XmlElement): void {
  const text = childText(body, 'dirsyncFeatures')?.trim() ?? '';
  const bits = Number(text);
  if (!/^\d+$/.test(text) || bits > 0x7fffffff) throw fault.malformed('dirsyncFeatures is no number of 31 bits');
  directory.transact(() => writeFeatures(directory, bits));
}

export function finalizeExport({ directory, clock }: SyncContext, body: XmlElement, build: string | undefined): void {
  directory.transact(() => {
    directory.facts.set(exportedFact, childText(body, 'totalExported') ?? '0');
    if (build !== undefined) directory.facts.set(buildFact, build);
    noteSync(directory, clock.iso());
  });
}
