import { DashboardLinks } from './links.ts';
import { Sessions } from './sessions.ts';

/** What the daemon knows of its dashboard. */
export interface Dashboard {
  readonly links: DashboardLinks;
  readonly sessions: Sessions;
}

export function openDashboard(now: () => Date): Dashboard {
  return { links: new DashboardLinks(now), sessions: new Sessions(now) };
}

/** The routes a session may call: what the page shows and does. Secrets, settings and new links need a token. */
export const sessionRoutes: ReadonlySet<string> = new Set([
  'getSession',
  'endSession',
  'getStatus',
  'listAgents',
  'startCycle',
  'stopCycle',
  'listCycles',
  'getCycle',
  'watchCycle',
  'getPlan',
  'listOperations',
  'decide',
  'listObjects',
  'listSkippedObjects',
  'listFailingObjects',
  'explainObject',
  'releaseObject',
  'clearQuarantine',
  'listProvisioningLog',
  'verifyProvisioningLog',
  'listConfigurationVersions',
  'getConfigurationVersion',
  'compareConfiguration',
  'suspend',
  'resume',
  'listLog',
  'watchLog',
]);
