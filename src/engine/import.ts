import {
  type ObjectGuid,
  parseSid,
  type Sid,
  type SourceAttributes,
  type SourceKind,
  sidFromBytes,
} from '../model/index.ts';
import type { SourceChange, SourceEvent, Watermark } from '../source/index.ts';
import { FullReadNeededError } from '../source/index.ts';
import { attributesOf, type ConnectorRow, type SourceImporter } from '../state/index.ts';
import type { Connector, EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { QuarantinedError, ReadUnfinishedError, reportOf, ScopeRootMissingError } from './errors.ts';
import { afterFailure, isResting } from './quarantine.ts';
import { parseReport } from './show.ts';

/** Connectors read at once: enough to hide one slow forest, few enough for flat memory. */
const connectorsAtOnce = 4;

/**
 * Reads every connector into the state: pages commit as they come, the watermark with the last of them.
 * A connector that fails keeps what was last known of it, and the others go on.
 */
export async function importSources(context: EngineContext, run: CycleRun): Promise<void> {
  forgetUnconfigured(context);
  const queue = [...context.connectors];
  const lanes = Array.from({ length: Math.min(connectorsAtOnce, queue.length) }, async () => {
    for (let connector = queue.shift(); connector !== undefined; connector = queue.shift())
      await importConnector(context, run, connector);
  });
  await Promise.all(lanes);
}

/** What a connector brought leaves with it, with that as the cause; the guards look at it like at any other delete. */
export function forgetUnconfigured(context: EngineContext): void {
  const configured = new Set(context.connectors.map((connector) => connector.name));
  for (const row of context.state.read.connectors.list()) {
    if (configured.has(row.name) || row.objects === 0) continue;
    context.log('warn', 'connectorRemoved', { connector: row.name, objects: row.objects });
    const importer = context.state.importer(row.id, 'full');
    context.state.transact(() => importer.forget());
  }
}

async function importConnector(context: EngineContext, run: CycleRun, connector: Connector): Promise<void> {
  const { state, log } = context;
  const { name, forest, domain } = connector;
  const id = state.transact((tx) => tx.connectors.ensure(name, forest, domain));
  const row = state.read.connectors.byName(name);
  const unread = row === undefined ? [] : unreadAttributes(row, attributesOfRead(context));
  if (row?.watermark != null && unread.length > 0)
    log('info', 'fullReadNeeded', { cycle: run.id, connector: name, reason: 'further attributes are mapped', unread });
  const before = row?.watermark == null ? undefined : parseWatermark(row.watermark);
  if (before !== undefined && before.kind !== 'ldif') run.readBefore.set(name, Date.parse(before.at));
  const watermark = run.type === 'full' || unread.length > 0 ? undefined : before;
  const resting = row === undefined ? undefined : { retryAt: row.retry_at };
  if (run.byItself && isResting(resting, context.now())) {
    run.connectorFailed(
      name,
      new QuarantinedError(name, row?.retry_at ?? '', parseReport(row?.error ?? null)).report(),
    );
    return;
  }
  try {
    const source = await context.source(name);
    // Whoever lets a cycle delete everything has been asked: an emptied directory is then believed.
    const { deletes } = context.configuration.safety;
    const believeAnything = deletes === 'off' || deletes.percent >= 100;
    const request = {
      signal: run.signal,
      attributes: attributesOfRead(context),
      expected: believeAnything ? undefined : row?.objects,
    };
    if (watermark !== undefined) {
      try {
        const importer = state.importer(id, 'delta');
        const changes = source.delta({ ...request, known: importer.kindOf }, watermark);
        await take(context, run, connector, importer, id, changes);
        return;
      } catch (error) {
        if (!(error instanceof FullReadNeededError)) throw error;
        log('info', 'fullReadNeeded', { cycle: run.id, connector: name, reason: error.message });
      }
    }
    await take(context, run, connector, state.importer(id, 'full'), id, source.full(request));
  } catch (error) {
    run.signal.throwIfAborted();
    const report = reportOf(error);
    log('error', 'importFailed', { cycle: run.id, connector: name, ...report });
    run.connectorFailed(name, report);
    const now = context.now();
    const failing = row?.failing_since == null ? undefined : { failures: row.failures, since: row.failing_since };
    const quarantine = afterFailure(failing, report, now, context.configuration.quarantine);
    state.transact((tx) => tx.connectors.fail({ name, at: now.toISOString(), ...quarantine }));
    const { retryAt } = quarantine;
    if (retryAt !== null) log('warn', 'connectorQuarantined', { cycle: run.id, connector: name, retryAt, ...report });
  }
}

async function take(
  context: EngineContext,
  run: CycleRun,
  { name, forest }: Connector,
  importer: SourceImporter,
  id: number,
  events: AsyncIterable<SourceEvent>,
): Promise<void> {
  const { state } = context;
  let before = importer.counts();
  const note = (): void => {
    const counts = importer.counts();
    run.add({
      read: counts.read - before.read,
      changed: counts.changed + counts.removed - before.changed - before.removed,
    });
    before = counts;
    run.progress({ phase: 'import', connector: name, done: counts.read });
  };
  let complete = false;
  for await (const event of events) {
    run.signal.throwIfAborted();
    const at = context.now().toISOString();
    switch (event.type) {
      case 'begin':
        importer.begin();
        state.transact((tx) => tx.connectors.describe(id, { ...event.domain, server: event.server }));
        break;
      case 'page':
        state.transact(() => takePage(importer, event.changes, at));
        break;
      case 'complete': {
        const lost = importer.lostScopeRoot();
        if (lost !== undefined) throw new ScopeRootMissingError(forest, lost);
        state.transact((tx) => {
          importer.complete();
          tx.connectors.complete(id, JSON.stringify(event.watermark), attributesOfRead(context), at);
        });
        complete = true;
        context.log('info', 'imported', { cycle: run.id, connector: name, ...importer.counts() });
        break;
      }
      default:
        event satisfies never;
    }
    note();
  }
  if (!complete) throw new ReadUnfinishedError(name);
}

/** What the rules need, and what the passwords' rules do. */
export function attributesOfRead({ configuration, rules }: EngineContext): readonly string[] {
  if (!configuration.passwords.sync) return rules.attributes;
  return [...new Set([...rules.attributes, 'objectClass', 'userAccountControl'])];
}

/** Attributes the rules need and a connector's objects were not read with. */
export function unreadAttributes(row: ConnectorRow, needed: readonly string[]): readonly string[] {
  const read = new Set(attributesOf(row).map((name) => name.toLowerCase()));
  return needed.filter((name) => !read.has(name.toLowerCase()));
}

function takePage(importer: SourceImporter, changes: readonly SourceChange[], at: string): void {
  for (const change of changes) {
    if (change.type === 'object') importer.object({ ...change, sid: sidOf(change.kind, change.attributes) }, at);
    else if (change.type === 'links') importer.links(change.guid, change.attribute, change.part);
    else importer.deleted(change.guid);
  }
}

/** Takes in one object read by itself; the watermark stays where it is. Its GUID, when there is such an object. */
export async function takeOne(
  { state, now }: EngineContext,
  { name, forest, domain }: Connector,
  events: AsyncIterable<SourceEvent>,
): Promise<ObjectGuid | undefined> {
  const id = state.transact((tx) => tx.connectors.ensure(name, forest, domain));
  const importer = state.importer(id, 'delta');
  let guid: ObjectGuid | undefined;
  for await (const event of events) {
    if (event.type === 'begin')
      state.transact((tx) => tx.connectors.describe(id, { ...event.domain, server: event.server }));
    if (event.type !== 'page') continue;
    guid ??= event.changes.find(({ type }) => type === 'object')?.guid;
    state.transact(() => takePage(importer, event.changes, now().toISOString()));
  }
  state.transact(() => importer.complete());
  return guid;
}

/** A foreign principal is named by the SID it stands for. */
function sidOf(kind: SourceKind, attributes: SourceAttributes): Sid | undefined {
  const [value] = attributes['objectSid'] ?? [];
  if (value instanceof Uint8Array) return sidFromBytes(value);
  const [name] = kind === 'foreignSecurityPrincipal' ? (attributes['cn'] ?? []) : [value];
  return typeof name === 'string' ? parseSid(name) : undefined;
}

/** Reads what `complete` stored. */
export function parseWatermark(text: string): Watermark {
  return JSON.parse(text) as Watermark;
}
