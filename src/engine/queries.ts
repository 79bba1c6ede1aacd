import type { Configuration } from '../config/index.ts';
import type { Rules } from '../rules/index.ts';
import type { StateReader } from '../state/index.ts';
import type { TargetProfile } from '../target/index.ts';
import { breathe } from './breathe.ts';
import type { Connector } from './context.ts';
import type { EngineQueries } from './engine.ts';
import { explain } from './explain.ts';
import { lagsOf, troubles } from './lags.ts';
import { listCycles } from './list-cycles.ts';
import { listFailing, listObjects, listSkipped } from './list-objects.ts';
import { lastRun } from './passwords.ts';
import type { Quarantine } from './quarantine.ts';
import type { ConnectorStatus, EngineStatus, LogInfo, Page, PlanSummary, QuarantineStatus } from './shapes.ts';
import { parseReport, showCycle, showLogEntry, showOperation, summarize, tenantQuarantine } from './show.ts';
import { findObject } from './show-object.ts';

export interface QueriesContext {
  readonly configuration: Configuration;
  readonly profile: TargetProfile;
  readonly rules: Rules;
  readonly connectors: readonly Connector[];
  readonly now: () => Date;
}

/** The part of the engine that only looks: works on a reader of the state, so in any thread. */
export function openQueries(read: StateReader, context: QueriesContext): EngineQueries {
  const { configuration, profile, rules, connectors, now } = context;
  const listed = { read, rules, connectors };
  return {
    async status(): Promise<EngineStatus> {
      const running = read.cycles.running();
      const last = read.cycles.lastEnded();
      return {
        tenant: {
          id: read.facts.get('tenantId') ?? configuration.tenant.id,
          cloud: configuration.tenant.cloud,
          target: configuration.tenant.target,
          lastError: tenantQuarantine(read)?.error ?? null,
          quarantine: quarantineOf(tenantQuarantine(read)),
        },
        connectors: connectors.map((connector) => connectorStatus(read, connector)),
        objects: objectCounts(read),
        running: running === undefined ? null : showCycle(running),
        last: last === undefined ? null : showCycle(last),
        passwords: lastRun(read, connectors) ?? null,
      };
    },
    cycles: async (filter, cursor, limit) => listCycles(read, filter, cursor, limit),
    async cycle(id) {
      const row = read.cycles.byId(id);
      return row === undefined ? undefined : showCycle(row);
    },
    async plan(id): Promise<PlanSummary | undefined> {
      const row = read.cycles.byId(id);
      return row === undefined ? undefined : summarize(read, showCycle(row));
    },
    async operations(cycle, { state = null, type = null, search = null, heldBy = null }, cursor, limit) {
      const [stage = -1, id = 0] = cursor?.split('.').map(Number) ?? [];
      const rows = read.journal.page({ cycle, state, type, search, heldBy, after: { stage, id }, limit });
      const last = rows.at(-1);
      return page(
        rows.map((row) => showOperation(read, row, rules)),
        limit,
        `${last?.stage}.${last?.id}`,
      );
    },
    skipped: async (filter, cursor, limit) => listSkipped(listed, filter, cursor, limit),
    failing: async (filter, cursor, limit) => listFailing(listed, filter, cursor, limit),
    async troubles() {
      return troubles(read);
    },
    async lags(cycle, cursor, limit) {
      return lagsOf(read, cycle, cursor, limit);
    },
    async object(query) {
      return findObject(read, rules, query);
    },
    objects: async (filter, cursor, limit) => listObjects(listed, filter, cursor, limit),
    async explain(query) {
      return explain(read, rules, { configuration, profile }, query, now().toISOString());
    },
    async log(filter, cursor, limit): Promise<Page<LogInfo>> {
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
      const entries = read.log.before(filter, before, limit);
      return page(entries.map(showLogEntry), limit, String(entries.at(-1)?.id));
    },
    async verifyLog() {
      const steps = read.log.verify();
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done === true) return { broken: step.value ?? null };
        await breathe();
      }
    },
  };
}

function page<T>(items: readonly T[], limit: number, next: string): Page<T> {
  return { items, next: items.length < limit ? null : next };
}

function connectorStatus(read: StateReader, { name, forest, domain }: Connector): ConnectorStatus {
  const row = read.connectors.byName(name);
  return {
    name,
    forest,
    domain,
    state:
      row?.retry_at != null
        ? 'quarantined'
        : row?.error != null
          ? 'failing'
          : row?.read_at == null
            ? 'neverRead'
            : 'healthy',
    objects: row?.objects ?? 0,
    server: row?.server ?? null,
    watermark: row?.watermark ?? null,
    lastReadAt: row?.read_at ?? null,
    lastError: parseReport(row?.error ?? null),
    quarantine:
      row?.retry_at == null || row.failing_since === null
        ? null
        : { failures: row.failures, since: row.failing_since, retryAt: row.retry_at },
  };
}

function quarantineOf(quarantine: Quarantine | undefined): QuarantineStatus | null {
  if (quarantine?.retryAt == null) return null;
  const { failures, since, retryAt } = quarantine;
  return { failures, since, retryAt };
}

function objectCounts(read: StateReader): EngineStatus['objects'] {
  const none = { source: 0, inScope: 0, inTenant: 0 };
  const counted = { user: none, group: none, contact: none, device: none };
  for (const { kind, source, in_scope, in_tenant } of read.objects.countsByKind())
    counted[kind] = { source, inScope: in_scope, inTenant: in_tenant };
  return counted;
}
