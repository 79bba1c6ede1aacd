import { record } from '../places.ts';
import { caseless, listOf, ruleOfJson, ruleOfXml, type SyncRule, textOf } from './connect-rule.ts';
import { childrenAt, type Element, textAt } from './xml.ts';

/** One domain of a forest, and which of its containers take part. */
export interface Partition {
  readonly dn: string;
  readonly included: readonly string[];
  readonly excluded: readonly string[];
}

/** A connector to a forest. */
export interface ForestConnector {
  /** Its id, or the forest's name where the export gives none; lower case. */
  readonly id: string;
  readonly forest: string;
  readonly user: string | undefined;
  readonly partitions: readonly Partition[];
  readonly group: string | undefined;
}

/** What either form of a Connect server's export holds, as far as it is understood. */
export interface ConnectExport {
  readonly tenant: string | undefined;
  readonly forests: readonly ForestConnector[];
  readonly rules: readonly SyncRule[];
  readonly deleteThreshold: number | undefined;
  /** Settings nobody reads here. */
  readonly ignored: readonly string[];
}

const azure = 'Windows Azure Active Directory (Microsoft)';

/** The XML files of Get-ADSyncServerConfiguration: connectors and synchronization rules. */
export function exportOfXml(elements: readonly Element[]): ConnectExport {
  const connectors = elements.filter(({ name }) => name === 'ma-data');
  const cloud = connectors.find((element) => textAt(element, 'subtype') === azure);
  const [, tenant] = (cloud === undefined ? '' : (textAt(cloud, 'name') ?? '')).match(/^(\S+?)(?:\s+-\s+A?AD)?$/) ?? [];
  return {
    tenant,
    forests: connectors.filter((element) => textAt(element, 'category') === 'AD').map(forestOfXml),
    rules: elements.filter(({ name }) => name === 'synchronizationRule').map(ruleOfXml),
    deleteThreshold: undefined,
    ignored: elements.map(({ name }) => name).filter((name) => name !== 'ma-data' && name !== 'synchronizationRule'),
  };
}

function forestOfXml(element: Element): ForestConnector {
  const directory = ['private-configuration', 'adma-configuration'] as const;
  const user = textAt(element, ...directory, 'forest-login-user');
  const domain = textAt(element, ...directory, 'forest-login-domain');
  const parameters = childrenAt(element, ...directory, 'parameter-values', 'parameter');
  const group = parameters.find(({ attributes }) => attributes.get('name') === 'Connector.GroupFilteringGroupDn')?.text;
  return {
    id: (textAt(element, 'id') ?? '').toLowerCase(),
    forest: textAt(element, ...directory, 'forest-name') ?? textAt(element, 'name') ?? '',
    user: user === undefined ? undefined : domain === undefined ? user : `${user}@${domain}`,
    group: group === '' ? undefined : group,
    partitions: childrenAt(element, 'ma-partition-data', 'partition')
      .filter((partition) => textAt(partition, 'selected') === '1' && isDomain(textAt(partition, 'name') ?? ''))
      .map((partition) => ({
        dn: textAt(partition, 'name') ?? '',
        included: childrenAt(partition, 'filter', 'containers', 'inclusions', 'inclusion').map(({ text }) => text),
        excluded: childrenAt(partition, 'filter', 'containers', 'exclusions', 'exclusion').map(({ text }) => text),
      })),
  };
}

/** Not the schema, nor the configuration, nor DNS zones. */
function isDomain(dn: string): boolean {
  return /^DC=/i.test(dn) && !/^DC=(Forest|Domain)DnsZones,/i.test(dn);
}

/** The settings file the wizard exports: Applied- or Exported-SynchronizationPolicy. */
export function exportOfJson(settings: unknown): ConnectExport {
  const value = caseless(settings);
  const directories = listOf(value('onpremisesDirectoryPolicy')).map(caseless);
  const cloud = caseless(value('azureDirectoryPolicy'));
  const rules = directories.flatMap((directory) => {
    const id = idOf(directory);
    return [
      ...listOf(directory('customSynchronizationRules')).map((rule) =>
        ruleOfJson(rule, id, isInbound(rule, true), false),
      ),
      ...listOf(directory('standardSynchronizationRules')).map((rule) =>
        ruleOfJson(rule, id, isInbound(rule, true), true),
      ),
    ];
  });
  const outbound = [
    ...listOf(cloud('customSynchronizationRules')).map((rule) => ruleOfJson(rule, '', isInbound(rule, false), false)),
    ...listOf(cloud('standardSynchronizationRules')).map((rule) => ruleOfJson(rule, '', isInbound(rule, false), true)),
  ];
  const threshold = Number(textOf(cloud('deletionThreshold') ?? cloud('exportDeletionThreshold')));
  return {
    tenant: textOf(cloud('tenantName') ?? cloud('fullyQualifiedDomainName')) || undefined,
    forests: directories.map((directory) => ({
      id: idOf(directory),
      forest: textOf(directory('fullyQualifiedDomainName')) || textOf(directory('friendlyName')),
      user: textOf(directory('accountName') ?? directory('userName')) || undefined,
      group: textOf(directory('groupFilteringGroupDn') ?? directory('groupFilter')) || undefined,
      partitions: listOf(directory('partitionFilters')).map((partition) => {
        const filter = caseless(partition);
        return {
          dn: textOf(filter('distinguishedName')),
          included: listOf(filter('containerInclusions')).map(textOf),
          excluded: listOf(filter('containerExclusions')).map(textOf),
        };
      }),
    })),
    rules: [...rules, ...outbound],
    deleteThreshold: threshold > 0 ? threshold : undefined,
    ignored: Object.keys(record(settings)).filter(
      (key) => !['onpremisesdirectorypolicy', 'azuredirectorypolicy'].includes(key.toLowerCase()),
    ),
  };
}

function idOf(directory: (key: string) => unknown): string {
  return (textOf(directory('uniqueIdentifier')) || textOf(directory('fullyQualifiedDomainName'))).toLowerCase();
}

function isInbound(rule: unknown, otherwise: boolean): boolean {
  const direction = textOf(caseless(rule)('direction')).toLowerCase();
  return direction === '' ? otherwise : direction === 'inbound';
}
