/** What tokens can be asked for: the services of the tenant, by the names they are called. */
export interface Resource {
  readonly name: 'graph' | 'syncApi' | 'exchange';
  readonly identifiers: readonly string[];
}

export const resources: readonly Resource[] = [
  {
    name: 'graph',
    identifiers: [
      '00000003-0000-0000-c000-000000000000',
      'https://graph.microsoft.com',
      'https://graph.microsoft.us',
      'https://dod-graph.microsoft.us',
      'https://microsoftgraph.chinacloudapi.cn',
    ],
  },
  {
    name: 'syncApi',
    identifiers: ['6bf85cfa-ac8a-4be5-b5de-425a0d0dc016', 'https://graph.windows.net'],
  },
  {
    name: 'exchange',
    identifiers: [
      '00000002-0000-0ff1-ce00-000000000000',
      'https://outlook.office365.com',
      'https://outlook.office365.us',
      'https://outlook-dod.office365.us',
      'https://outlook.office365.cn',
    ],
  },
];

/** The service an identifier names; the sandbox's own addresses are Graph. */
export function resourceOf(identifier: string, isOwnHost: (host: string) => boolean): Resource | undefined {
  const name = identifier.replace(/\/+$/, '').toLowerCase();
  const known = resources.find(({ identifiers }) => identifiers.includes(name));
  if (known !== undefined) return known;
  const url = URL.parse(name);
  if (url === null || url.protocol !== 'https:' || !isOwnHost(url.hostname)) return undefined;
  return resources.find((resource) => resource.name === 'graph');
}
