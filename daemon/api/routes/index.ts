import type { Endpoint } from '../endpoint.ts';
import { assessConfiguration } from './assess-configuration.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkSurroundings } from './check-surroundings.ts';
import { clearQuarantine } from './clear-quarantine.ts';
import { compareConfiguration } from './compare-configuration.ts';
import { createDashboardLink } from './create-dashboard-link.ts';
import { decide } from './decide.ts';
import { endSession } from './end-session.ts';
import { explainObject } from './explain-object.ts';
import { getConfiguration } from './get-configuration.ts';
import { getConfigurationVersion } from './get-configuration-version.ts';
import { getCycle } from './get-cycle.ts';
import { getHealth } from './get-health.ts';
import { getMetrics } from './get-metrics.ts';
import { getPlan } from './get-plan.ts';
import { getSchedule } from './get-schedule.ts';
import { getSession } from './get-session.ts';
import { getStatus } from './get-status.ts';
import { listAgents } from './list-agents.ts';
import { listAttributeMappings } from './list-attribute-mappings.ts';
import { listConfigurationVersions } from './list-configuration-versions.ts';
import { listCycles } from './list-cycles.ts';
import { listFailingObjects } from './list-failing-objects.ts';
import { listLog } from './list-log.ts';
import { listObjects } from './list-objects.ts';
import { listOperations } from './list-operations.ts';
import { listProvisioningLog } from './list-provisioning-log.ts';
import { listSecrets } from './list-secrets.ts';
import { listSkippedObjects } from './list-skipped-objects.ts';
import { provisionObject } from './provision-object.ts';
import { provisionOnDemand } from './provision-on-demand.ts';
import { releaseObject } from './release-object.ts';
import { reloadConfiguration } from './reload-configuration.ts';
import { removeSecret } from './remove-secret.ts';
import { restoreConfiguration } from './restore-configuration.ts';
import { resume } from './resume.ts';
import { savePlan } from './save-plan.ts';
import { setConfiguration } from './set-configuration.ts';
import { setSchedule } from './set-schedule.ts';
import { setSecret } from './set-secret.ts';
import { startCycle } from './start-cycle.ts';
import { stopCycle } from './stop-cycle.ts';
import { suspend } from './suspend.ts';
import { syncPasswords } from './sync-passwords.ts';
import { testExpression } from './test-expression.ts';
import { verifyProvisioningLog } from './verify-provisioning-log.ts';
import { watchCycle } from './watch-cycle.ts';
import { watchLog } from './watch-log.ts';

/** Everything the API answers to, but for its own description. */
export const routes: readonly Endpoint[] = [
  getHealth,
  getMetrics,
  getStatus,
  listAgents,
  listAttributeMappings,
  checkSurroundings,
  startCycle,
  listCycles,
  getCycle,
  stopCycle,
  watchCycle,
  getPlan,
  listOperations,
  savePlan,
  decide,
  listObjects,
  listSkippedObjects,
  listFailingObjects,
  explainObject,
  provisionObject,
  provisionOnDemand,
  releaseObject,
  clearQuarantine,
  syncPasswords,
  listProvisioningLog,
  verifyProvisioningLog,
  getConfiguration,
  setConfiguration,
  checkConfiguration,
  assessConfiguration,
  reloadConfiguration,
  listConfigurationVersions,
  getConfigurationVersion,
  compareConfiguration,
  restoreConfiguration,
  listSecrets,
  setSecret,
  removeSecret,
  testExpression,
  getSchedule,
  setSchedule,
  suspend,
  resume,
  listLog,
  watchLog,
  createDashboardLink,
  getSession,
  endSession,
];
