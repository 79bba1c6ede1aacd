import type { z } from 'zod';
import type * as agents from '../../api/agent-shapes.ts';
import type * as daemon from '../../api/daemon-shapes.ts';
import type * as engine from '../../api/shapes.ts';

/** What the API answers with, by the very shapes it is checked with. */

export type Status = z.output<typeof daemon.status>;
export type Agent = z.output<typeof agents.agentPage>['items'][number];
export type Session = z.output<typeof daemon.session>;
export type LogLine = z.output<typeof daemon.logLine>;
export type Problem = z.output<typeof daemon.problem>;
export type Version = z.output<typeof daemon.configurationVersion>;
export type VersionPage = z.output<typeof daemon.configurationVersionPage>;
export type Differences = z.output<typeof daemon.configurationDifferences>;
export type Cycle = z.output<typeof engine.cycle>;
export type Progress = z.output<typeof engine.progress>;
export type PlanSummary = z.output<typeof engine.planSummary>;
export type Operation = z.output<typeof engine.operation>;
export type ObjectInfo = z.output<typeof engine.object>;
export type Explanation = z.output<typeof engine.explanation>;
export type LogEntry = z.output<typeof engine.logEntry>;
export type ErrorReport = z.output<typeof engine.errorReport>;
export type Connector = Status['connectors'][number];

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
