import type { Configuration } from '../config/index.ts';
import type { Rules } from '../rules/index.ts';
import type { StateReader } from '../state/index.ts';
import type { Connector } from './context.ts';
import type { Engine } from './engine.ts';
import type { ConnectorStatus, EngineStatus, ObjectInfo, Page } from './shapes.ts';
import { parseReport, showCycle, showOperation } from './show.ts';
import { findObject, showSource } from './show-object.ts';

type Queries = Pick<Engine, 'status' | 'cycles' | 'cycle' | 'operations' | 'skipped' | 'object'>;

/** The part of the engine that only looks: works on a reader of the state, so in any thread. */
export function openQueries(
  read: StateReader,
  rules: Rules,
  configuration: Configuration,
  connectors: readonly Connector[],
): Queries {
  return {
    async status(): Promise<EngineStatus> {
      const running = read.cycles.running();
      const last = read.cycles.lastEnded();
      return {
        tenant: {
          id: read.facts.get('tenantId') ?? configuration.tenant.id,
          cloud: configuration.tenant.cloud,
          target: configuration.tenant.target,
          lastError: parseReport(read.facts.get('tenantError') ?? null),
        },
        connectors: connectors.map((connector) => connectorStatus(read, connector)),
        objects: objectCounts(read),
        running: running === undefined ? null : showCycle(running),
        last: last === undefined ? null : showCycle(last),
      };
    },
    async cycles(cursor, limit) {
      const rows = read.cycles.before(cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor), limit);
      return page(rows.map(showCycle), limit, String(rows.at(-1)?.id));
    },
    async cycle(id) {
      const row = read.cycles.byId(id);
      return row === undefined ? undefined : showCycle(row);
    },
    async operations(cycle, { state = null, type = null }, cursor, limit) {
      const [stage = -1, id = 0] = cursor?.split('.').map(Number) ?? [];
      const rows = read.journal.page({ cycle, state, type, after: { stage, id }, limit });
      const last = rows.at(-1);
      return page(
        rows.map((row) => showOperation(read, row)),
        limit,
        `${last?.stage}.${last?.id}`,
      );
    },
    async skipped(cursor, limit): Promise<Page<ObjectInfo>> {
      const rows = read.objects.skippedAfter(cursor === undefined ? 0 : Number(cursor), limit);
      return page(
        rows.map((row) => showSource(read, rules, row)),
        limit,
        String(rows.at(-1)?.id),
      );
    },
    async object(query) {
      return findObject(read, rules, query);
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
    state: row?.error != null ? 'failing' : row?.read_at == null ? 'neverRead' : 'healthy',
    objects: row?.objects ?? 0,
    server: row?.server ?? null,
    watermark: row?.watermark ?? null,
    lastReadAt: row?.read_at ?? null,
    lastError: parseReport(row?.error ?? null),
  };
}

/** As counted when the last cycle ended: counting a million rows is no work for a status call. */
function objectCounts(read: StateReader): EngineStatus['objects'] {
  const none = { source: 0, inScope: 0, inTenant: 0 };
  const text = read.facts.get('objectCounts');
  const counted = text === undefined ? {} : (JSON.parse(text) as Partial<EngineStatus['objects']>);
  return { user: none, group: none, contact: none, device: none, ...counted };
}
