import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { parseDuration } from '../src/config/index.ts';
import type { Contacts, Cycle, Engine, EngineStatus, ForestTrouble } from '../src/engine/index.ts';
import { objectKinds } from '../src/model/index.ts';
import type { Cycles } from './cycles.ts';
import type { LastContacts } from './last-contacts.ts';
import type { ScheduleSettings } from './schedule.ts';

export interface MetricsOptions {
  readonly engine: Pick<Engine, 'status' | 'troubles' | 'lags'>;
  readonly contacts: LastContacts;
  readonly cycles: Cycles;
  readonly settings: Pick<ScheduleSettings, 'schedule' | 'suspended'>;
}

interface Look extends Pick<Contacts, 'quota'> {
  readonly status: EngineStatus;
  readonly troubles: readonly ForestTrouble[];
}

/** What Prometheus is told. Names are a promise: alert rules stand on them. All of it has the label `tenant`. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #options: MetricsOptions;
  /** Sets all gauges by one look at what there is. */
  readonly #refresh: (look: Look) => void;
  readonly #cycles: Counter<'type' | 'state'>;
  readonly #seconds: Histogram<'type'>;
  readonly #changes: Counter<'change'>;
  readonly #requests: Histogram<'route' | 'method' | 'status'>;
  readonly #lag: Histogram<'forest'>;
  readonly #wait: Histogram<'forest'>;
  readonly #processing: Histogram<'forest'>;

  constructor(options: MetricsOptions) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#cycles = new Counter({
      name: 'cloudsync_cycles_total',
      help: 'Cycles that ended, by type and how; previews somebody asked for left out',
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
    const ofChanges = (name: string, help: string) =>
      new Histogram({
        name: `cloudsync_change_${name}_seconds`,
        help,
        labelNames: ['forest'],
        buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400],
        registers,
      });
    this.#lag = ofChanges(
      'lag',
      'From when somebody changed an object in the directory, its memberships included, to when the tenant confirmed it; by the clock of the domain controller, to about a second. Of up to 20 changes a domain and cycle, of those a cycle reads and carries out at once; deletions and LDIF files tell no time',
    );
    this.#wait = ofChanges('wait', 'The part of cloudsync_change_lag_seconds in which the change waited to be read');
    this.#processing = ofChanges(
      'processing',
      'From when a change was first read to when the tenant confirmed it, held and refused meanwhile or not; of a membership or manager from the start of the cycle that carried it out. Of all changes',
    );
    this.#options = options;
    this.#refresh = this.#gauges();
    options.cycles.listen((event) => {
      if (event.type === 'ended') this.#ended(event.cycle);
    });
  }

  #gauges(): (look: Look) => void {
    const registers = [this.#registry];
    const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
      new Gauge({ name, help, labelNames, registers });
    const objects = gauge('cloudsync_objects', 'Objects of all forests as last counted', ['kind', 'where']);
    const connectorObjects = gauge('cloudsync_connector_objects', 'Objects of a domain', ['connector', 'forest']);
    const healthy = gauge('cloudsync_connector_healthy', '1 when the last read succeeded', ['connector', 'forest']);
    const readAt = gauge('cloudsync_connector_read_timestamp_seconds', 'End of the last complete read', [
      'connector',
      'forest',
    ]);
    const tenant = gauge('cloudsync_tenant_healthy', '1 when the tenant was reached last', ['target']);
    const lastEnded = gauge(
      'cloudsync_last_cycle_timestamp_seconds',
      'End of the last delta or full cycle, previews somebody asked for left out',
      ['state'],
    );
    const last = gauge('cloudsync_last_cycle_changes', 'What that cycle counted', ['change']);
    const interval = gauge(
      'cloudsync_schedule_interval_seconds',
      'From one cycle to the next, as the schedule in force has it',
      ['type'],
    );
    const suspended = gauge('cloudsync_schedule_suspended', '1 while no cycle begins by itself', []);
    const held = gauge(
      'cloudsync_held',
      'Held by a guard, a soft match, a person or a rule, as the last cycle left it',
      ['forest'],
    );
    const failed = gauge('cloudsync_failed', 'Objects the tenant refused, waiting to be tried again', ['forest']);
    const quota = (name: string, help: string) => gauge(`cloudsync_quota_${name}`, help, ['target']);
    const limit = quota('limit_writes', 'Writes the tenant takes of this application in 150 s; fewer while it refuses');
    const used = quota('used_writes', 'Writes of the last 150 s');
    const left = quota('left_writes', 'Writes that may be sent now');
    const pause = quota('pause_seconds', 'Until writes go on after the tenant refused several in a row');
    const running = gauge('cloudsync_cycle_running', '1 while a cycle runs', []);
    return ({ status, troubles, quota }) => {
      // What is not there any more, another configuration's domains, is not told any more.
      for (const one of [connectorObjects, healthy, readAt, tenant, lastEnded, held, failed]) one.reset();
      for (const one of [limit, used, left, pause]) one.reset();
      // Until the tenant has been signed in to, it goes by the name the configuration has for it.
      const { id, target, lastError } = status.tenant;
      this.#registry.setDefaultLabels({ tenant: id });
      // A forest without trouble is told as such: an alert on nothing is none.
      for (const { forest } of status.connectors) {
        held.set({ forest }, 0);
        failed.set({ forest }, 0);
      }
      for (const one of troubles) {
        const labels = { forest: one.forest ?? '' };
        held.set(labels, one.held);
        failed.set(labels, one.failed);
      }
      if (quota !== null) {
        limit.set({ target }, quota.limit);
        used.set({ target }, quota.used);
        left.set({ target }, quota.pause > 0 ? 0 : Math.max(0, quota.limit - quota.used));
        pause.set({ target }, quota.pause / 1000);
      }
      const { schedule, suspended: since } = this.#options.settings;
      for (const type of ['delta', 'full'] as const) interval.set({ type }, parseDuration(schedule[type]) / 1000);
      suspended.set(since === null ? 0 : 1);
      running.set(status.running === null ? 0 : 1);
      for (const kind of objectKinds) {
        for (const [where, value] of Object.entries(status.objects[kind])) objects.set({ kind, where }, value);
      }
      for (const { name: connector, forest, ...facts } of status.connectors) {
        connectorObjects.set({ connector, forest }, facts.objects);
        healthy.set({ connector, forest }, facts.state === 'healthy' ? 1 : 0);
        if (facts.lastReadAt !== null) readAt.set({ connector, forest }, seconds(facts.lastReadAt));
      }
      tenant.set({ target }, lastError === null ? 1 : 0);
      if (status.last?.endedAt == null) return;
      lastEnded.set({ state: status.last.state }, seconds(status.last.endedAt));
      for (const [change, value] of Object.entries(status.last.counts)) last.set({ change }, value);
    };
  }

  #ended({ id, type, preview, trigger, state, startedAt, endedAt, counts }: Cycle): void {
    if (preview && trigger === 'manual') return;
    this.#cycles.inc({ type, state });
    if (endedAt !== null) this.#seconds.observe({ type }, seconds(endedAt) - seconds(startedAt));
    for (const [change, value] of Object.entries(counts)) this.#changes.inc({ change }, value);
    if (!preview && type !== 'undo') {
      // An engine that goes away meanwhile says no more; the next cycle is measured again.
      this.#observeLags(id).catch(() => {});
    }
  }

  async #observeLags(cycle: number): Promise<void> {
    let cursor: string | undefined;
    do {
      const { items, next } = await this.#options.engine.lags(cycle, cursor, 1000);
      for (const { forest: name, sinceRead, sinceChanged } of items) {
        const forest = name ?? '';
        this.#processing.observe({ forest }, sinceRead);
        if (sinceChanged === null) continue;
        this.#lag.observe({ forest }, sinceChanged);
        this.#wait.observe({ forest }, Math.max(0, sinceChanged - sinceRead));
      }
      cursor = next ?? undefined;
    } while (cursor !== undefined);
  }

  requested(route: string, method: string, status: number, took: number): void {
    this.#requests.observe({ route, method, status: String(status) }, took);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    const { engine, contacts } = this.#options;
    const [status, troubles, { quota }] = await Promise.all([engine.status(), engine.troubles(), contacts.get()]);
    this.#refresh({ status, troubles, quota });
    return await this.#registry.metrics();
  }
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}
