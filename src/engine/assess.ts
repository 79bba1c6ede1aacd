import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedConfiguration } from '../config/index.ts';
import { compileRules } from '../rules/index.ts';
import { openState } from '../state/index.ts';
import { connectorsOf, type EngineContext } from './context.ts';
import { CycleRun } from './cycle-run.ts';
import { evaluate } from './evaluate.ts';
import { guardPlan } from './guards.ts';
import { forgetUnconfigured, unreadAttributes } from './import.ts';
import { makePlan } from './plan.ts';
import type { Assessment } from './shapes.ts';
import { showCycle, showOperation, summarize } from './show.ts';
import { supportOf } from './support.ts';
import { profileOf } from './target-options.ts';

const samples = 200;

/**
 * What another configuration would do to the tenant, by the very code that would do it: on a copy of the state, from what was
 * last read, with nothing asked of anyone.
 */
export async function assess(
  context: EngineContext,
  configuration: LoadedConfiguration,
  signal: AbortSignal,
): Promise<Assessment> {
  const { document } = configuration;
  // A folder that only this account may enter.
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-assess-'));
  const file = join(folder, 'state.db');
  try {
    await context.state.copy(file);
    using state = openState(file);
    const profile = profileOf(document);
    const rules = compileRules(document, supportOf(profile));
    const target = { ...context.target, profile };
    const other: EngineContext = {
      ...context,
      configuration: document,
      rules,
      state,
      target,
      connectors: connectorsOf(document),
      log() {},
    };
    const request = { type: 'full', preview: true, trigger: 'manual' } as const;
    const run = new CycleRun(state, context.now, request, signal, { started() {}, progress() {} });
    forgetUnconfigured(other);
    await evaluate(other, run);
    await makePlan(other, run);
    guardPlan(other, run);
    run.end('succeeded', null);
    const row = state.read.cycles.byId(run.id);
    if (row === undefined) throw new Error('the assessment was not stored');
    const operations = state.read.journal.page({
      cycle: run.id,
      state: null,
      type: null,
      after: { stage: -1, id: 0 },
      limit: samples,
    });
    const known = state.read.connectors.list();
    const notRead = other.connectors.filter(({ name }) => known.find((one) => one.name === name)?.read_at == null);
    return {
      ...summarize(state.read, showCycle(row)),
      sample: operations.map((operation) => showOperation(state.read, operation, rules)),
      unreadConnectors: notRead.map(({ name }) => name),
      unreadAttributes: [...new Set(known.flatMap((one) => unreadAttributes(one, rules.attributes)))],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
