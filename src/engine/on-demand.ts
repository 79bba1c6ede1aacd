import { type Dn, dnKey, isWithin, type ObjectGuid, parseDn } from '../model/index.ts';
import type { SourceRow } from '../state/index.ts';
import { confirmTenant } from './confirm.ts';
import type { Connector, EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { reportOf } from './errors.ts';
import { evaluateOne } from './evaluate.ts';
import { exportPlan } from './export.ts';
import { guardPlan } from './guards.ts';
import { noteHeld } from './held.ts';
import { attributesOfRead, takeOne } from './import.ts';
import { ObjectUnknownError } from './object-errors.ts';
import { planIdentity } from './plan.ts';
import { planChosenMembers } from './plan-links.ts';
import { planObject } from './plan-objects.ts';
import { recoverInFlight } from './recover.ts';
import type { ObjectInfo, OnDemandRequest, OnDemandResult, OnDemandStep, PlannedOperation } from './shapes.ts';
import { showOperation } from './show.ts';
import { findObject } from './show-object.ts';

/** Steps of one object's way, each with what it found; the first that cannot go on ends it. */
class Steps {
  readonly done: OnDemandStep[] = [];

  add(
    name: OnDemandStep['name'],
    status: OnDemandStep['status'],
    description: string,
    details: OnDemandStep['details'] = {},
  ): void {
    this.done.push({ name, status, description, details });
  }
}

/**
 * Takes one object all the way, alone: import, scope, match, map, perform. The very code of a cycle, on one object;
 * without `apply` nothing is sent.
 */
export async function provisionOnDemand(
  context: EngineContext,
  run: CycleRun,
  request: OnDemandRequest,
): Promise<OnDemandResult> {
  const { state, rules } = context;
  const steps = new Steps();
  const finish = (info: ObjectInfo | undefined, operations: readonly PlannedOperation[]): OnDemandResult => ({
    cycle: run.id,
    applied: !run.preview,
    steps: steps.done,
    object: info ?? null,
    operations,
  });

  const source = await importStep(context, run, request, steps);
  if (source === undefined) return finish(undefined, []);
  evaluateOne(context, run, source.id);
  const query = { by: 'objectGuid', value: source.guid } as const;
  const look = (): ObjectInfo | undefined => findObject(state.read, rules, query);
  const now = state.read.objects.sourceByGuid(source.guid);
  const identity = now?.identity == null ? undefined : state.read.planning.row(now.identity);
  const scope = { code: now?.reason_code ?? '', text: now?.reason ?? '' };
  steps.add('scope', now?.in_scope === 1 ? 'success' : 'skipped', scope.text, {
    inScope: now?.in_scope === 1,
    ...scope,
  });
  if (identity === undefined) return finish(look(), []);

  await recoverInFlight(context, run);
  await confirmTenant(context, run);
  const at = context.now().toISOString();
  // Who asks for the object wants it as the directory has it, whoever changed it in the tenant.
  const configuration = { ...context.configuration, drift: 'repair' } as const;
  const plan = planObject({ configuration, profile: context.target.profile }, state.read, identity, at);
  const { match } = plan;
  steps.add(
    'match',
    'success',
    match === undefined
      ? 'The tenant has no such object.'
      : `The tenant's object ${match.tenant.tenant_id} was found by ${match.by === 'known' ? 'an earlier cycle' : match.by}.`,
    { matchedBy: match?.by ?? null, tenantId: match?.tenant.tenant_id ?? null },
  );
  const info = look();
  // What it waits for since an earlier cycle is no failure of its values: it is tried again now.
  if (identity.error !== null && info?.error != null) {
    steps.add('map', 'failure', info.error.message, { error: info.error });
    return finish(info, []);
  }
  steps.add('map', 'success', `${Object.keys(info?.desired ?? {}).length} attributes are mapped.`, {
    attributes: info?.desired ?? {},
  });

  state.transact((tx) => {
    tx.journal.release(identity.id);
    const fresh = tx.planning.row(identity.id);
    if (fresh !== undefined) planIdentity({ ...context, configuration }, run, tx, fresh, at);
    planChosenMembers(context, run, tx, identity.id, request.members ?? [], at);
  });
  guardPlan(context, run);
  await noteHeld(context, run);
  if (!run.preview) await exportPlan(context, run);
  const operations = operationsOf(context, run);
  performStep(run, operations, plan.outcome === 'held' ? plan.error.message : undefined, steps);
  return finish(look(), operations);
}

function performStep(
  run: CycleRun,
  operations: readonly PlannedOperation[],
  held: string | undefined,
  steps: Steps,
): void {
  const failed = operations.find(({ error, state }) => error !== null && state !== 'held');
  const types = operations.map(({ type }) => type);
  if (held !== undefined) steps.add('perform', 'skipped', held, {});
  else if (operations.length === 0) steps.add('perform', 'skipped', 'The tenant has it as it should be.', {});
  else if (failed?.error != null) steps.add('perform', 'failure', failed.error.message, { error: failed.error });
  else if (operations.some(({ state }) => state === 'held'))
    steps.add('perform', 'skipped', operations.find(({ state }) => state === 'held')?.error?.message ?? 'It is held.', {
      operations: types,
    });
  else if (run.preview)
    steps.add('perform', 'skipped', `A dry run: ${types.join(', ')} would be sent.`, { operations: types });
  else steps.add('perform', 'success', `${types.join(', ')} done.`, { operations: types });
}

function operationsOf({ state, rules }: EngineContext, run: CycleRun): readonly PlannedOperation[] {
  const rows = state.read.journal.page({
    cycle: run.id,
    state: null,
    type: null,
    after: { stage: -1, id: 0 },
    limit: 100,
  });
  return rows.map((row) => showOperation(state.read, row, rules));
}

/** Reads the object afresh from its directory. */
async function importStep(
  context: EngineContext,
  run: CycleRun,
  { query }: OnDemandRequest,
  steps: Steps,
): Promise<SourceRow | undefined> {
  const { state, rules } = context;
  const known = findObject(state.read, rules, query)?.sources[0];
  const wanted = known ?? (query.by === 'dn' && parseDn(query.value) !== undefined ? { dn: query.value } : undefined);
  if (wanted === undefined) throw new ObjectUnknownError(query.value);
  const connector = context.connectors.find(({ name, domainDn }) =>
    'connector' in wanted ? name === wanted.connector : isWithin(dnKey(wanted.dn), dnKey(domainDn)),
  );
  if (connector === undefined) throw new ObjectUnknownError(query.value);
  try {
    const guid = await readOne(
      context,
      run,
      connector,
      'guid' in wanted ? { guid: wanted.guid as ObjectGuid } : { dn: wanted.dn as Dn },
    );
    const row = guid === undefined ? undefined : state.read.objects.sourceByGuid(guid);
    if (row === undefined) {
      steps.add('import', 'failure', `${connector.name} has no such object (any more).`, { connector: connector.name });
      return undefined;
    }
    steps.add(
      'import',
      'success',
      `${row.dn} was read from ${state.read.connectors.byName(connector.name)?.server ?? connector.name}.`,
      {
        connector: connector.name,
        dn: row.dn,
        objectGuid: row.guid,
        usn: row.usn,
      },
    );
    return row;
  } catch (error) {
    run.signal.throwIfAborted();
    const report = reportOf(error);
    steps.add('import', 'failure', report.message, { connector: connector.name, error: report });
    return undefined;
  }
}

async function readOne(
  context: EngineContext,
  run: CycleRun,
  connector: Connector,
  object: { readonly guid: ObjectGuid } | { readonly dn: Dn },
): Promise<ObjectGuid | undefined> {
  const source = await context.source(connector.name);
  const request = { signal: run.signal, attributes: attributesOfRead(context) };
  return await takeOne(context, connector, source.one(object, request));
}
