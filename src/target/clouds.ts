/** Where a cloud's Graph and sign-in are: origins, without a path. */
export interface CloudEndpoints {
  readonly name: 'global' | 'usGov' | 'usGovDoD' | 'china' | 'custom';
  readonly graph: string;
  readonly authority: string;
}

/** The national clouds ([national cloud deployments](https://learn.microsoft.com/graph/deployments)); GCC is in `global`. */
export const cloudEndpoints = {
  global: {
    name: 'global',
    graph: 'https://graph.microsoft.com',
    authority: 'https://login.microsoftonline.com',
  },
  /** US Government L4, GCC High. */
  usGov: { name: 'usGov', graph: 'https://graph.microsoft.us', authority: 'https://login.microsoftonline.us' },
  /** US Government L5. */
  usGovDoD: {
    name: 'usGovDoD',
    graph: 'https://dod-graph.microsoft.us',
    authority: 'https://login.microsoftonline.us',
  },
  /** 21Vianet. */
  china: {
    name: 'china',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    authority: 'https://login.partner.microsoftonline.cn',
  },
} as const satisfies Readonly<Record<string, CloudEndpoints>>;

/** A cloud that is none of Microsoft's: the sandbox tenant, or one behind a proxy of one's own. */
export function customCloud(graph: string, authority: string): CloudEndpoints {
  return { name: 'custom', graph: new URL(graph).origin, authority: new URL(authority).origin };
}
