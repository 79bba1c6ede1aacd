import type { Endpoint } from '../endpoint.ts';
import { checkConfiguration } from './check-configuration.ts';
import { getCycle } from './get-cycle.ts';
import { getHealth } from './get-health.ts';
import { getMetrics } from './get-metrics.ts';
import { getSchedule } from './get-schedule.ts';
import { getStatus } from './get-status.ts';
import { listCycles } from './list-cycles.ts';
import { listLog } from './list-log.ts';
import { listObjects } from './list-objects.ts';
import { listOperations } from './list-operations.ts';
import { listSkippedObjects } from './list-skipped-objects.ts';
import { resume } from './resume.ts';
import { setSchedule } from './set-schedule.ts';
import { startCycle } from './start-cycle.ts';
import { stopCycle } from './stop-cycle.ts';
import { suspend } from './suspend.ts';
import { watchCycle } from './watch-cycle.ts';
import { watchLog } from './watch-log.ts';

/** Everything the API answers to, but for its own description. */
export const routes: readonly Endpoint[] = [
  getHealth,
  getMetrics,
  getStatus,
  startCycle,
  listCycles,
  getCycle,
  stopCycle,
  watchCycle,
  listOperations,
  listObjects,
  listSkippedObjects,
  checkConfiguration,
  getSchedule,
  setSchedule,
  suspend,
  resume,
  listLog,
  watchLog,
];
