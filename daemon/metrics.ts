import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Cycle, Engine, EngineStatus } from '../src/engine/index.ts';
import { objectKinds } from '../src/model/index.ts';
import type { Cycles } from './cycles.ts';

/** What Prometheus is told. Names are a promise: alert rules stand on them. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #engine: Pick<Engine, 'status'>;
  /** Sets all gauges by one look at the status. */
  readonly #refresh: (status: EngineStatus) => void;
  readonly #cycles: Counter<'type' | 'state'>;
  readonly #seconds: Histogram<'type'>;
  readonly #changes: Counter<'change'>;
  readonly #requests: Histogram<'route' | 'method' | 'status'>;

  constructor(engine: Pick<Engine, 'status'>, cycles: Cycles) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#cycles = new Counter({
      name: 'cloudsync_cycles_total',
      help: 'Cycles that ended, by type and how',
      labelNames: ['type', 'state'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'cloudsync_cycle_seconds',
      help: 'How long cycles took',
      labelNames: ['type'],
      buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400],
      registers,
    });
    this.#changes = new Counter({
      name: 'cloudsync_changes_total',
      help: 'What cycles counted: read, created, updated, deleted, held, waiting, failed...',
      labelNames: ['change'],
      registers,
    });
    this.#requests = new Histogram({
      name: 'cloudsync_api_request_seconds',
      help: 'How long API requests took, event streams left out',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5],
      registers,
    });
    this.#engine = engine;
    this.#refresh = this.#gauges();
    cycles.listen((event) => {
      if (event.type === 'ended') this.#ended(event.cycle);
    });
  }

  #gauges(): (status: EngineStatus) => void {
    const registers = [this.#registry];
    const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
      new Gauge({ name, help, labelNames, registers });
    const objects = gauge('cloudsync_objects', 'Objects as last counted', ['kind', 'where']);
    const connectorObjects = gauge('cloudsync_connector_objects', 'Objects of a domain', ['connector', 'forest']);
    const healthy = gauge('cloudsync_connector_healthy', '1 when the last read succeeded', ['connector', 'forest']);
    const readAt = gauge('cloudsync_connector_read_timestamp_seconds', 'End of the last complete read', [
      'connector',
      'forest',
    ]);
    const tenant = gauge('cloudsync_tenant_healthy', '1 when the tenant was reached last', ['tenant', 'target']);
    const lastEnded = gauge('cloudsync_last_cycle_timestamp_seconds', 'End of the last cycle', ['state']);
    const last = gauge('cloudsync_last_cycle_changes', 'What the last cycle counted', ['change']);
    const running = gauge('cloudsync_cycle_running', '1 while a cycle runs', []);
    return (status) => {
      // What is not there any more, another configuration's domains, is not told any more.
      for (const one of [connectorObjects, healthy, readAt, tenant, lastEnded]) one.reset();
      running.set(status.running === null ? 0 : 1);
      for (const kind of objectKinds) {
        for (const [where, value] of Object.entries(status.objects[kind])) objects.set({ kind, where }, value);
      }
      for (const { name: connector, forest, ...facts } of status.connectors) {
        connectorObjects.set({ connector, forest }, facts.objects);
        healthy.set({ connector, forest }, facts.state === 'healthy' ? 1 : 0);
        if (facts.lastReadAt !== null) readAt.set({ connector, forest }, seconds(facts.lastReadAt));
      }
      tenant.set({ tenant: status.tenant.id, target: status.tenant.target }, status.tenant.lastError === null ? 1 : 0);
      if (status.last?.endedAt == null) return;
      lastEnded.set({ state: status.last.state }, seconds(status.last.endedAt));
      for (const [change, value] of Object.entries(status.last.counts)) last.set({ change }, value);
    };
  }

  #ended({ type, state, startedAt, endedAt, counts }: Cycle): void {
    this.#cycles.inc({ type, state });
    if (endedAt !== null) this.#seconds.observe({ type }, seconds(endedAt) - seconds(startedAt));
    for (const [change, value] of Object.entries(counts)) this.#changes.inc({ change }, value);
  }

  requested(route: string, method: string, status: number, took: number): void {
    this.#requests.observe({ route, method, status: String(status) }, took);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    this.#refresh(await this.#engine.status());
    return await this.#registry.metrics();
  }
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}
