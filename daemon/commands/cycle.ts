import { loadConfiguration } from '../../src/config/index.ts';
import type { Cycle, Engine, OperationFilter, StartCycle } from '../../src/engine/index.ts';
import { levels } from '../../src/model/index.ts';
import { ConfigurationHistory } from '../configurations/history.ts';
import { withEngineHere } from '../engine-here.ts';
import { cycleErrors, cycleLine, heldLine, phaseLine } from '../terminal/cycle-lines.ts';
import { operationLine } from '../terminal/operation-line.ts';
import { progressOn } from '../terminal/progress.ts';
import { command, dataFolderOf, type ExitCode, oneOf, type Terminal, userName } from './command.ts';

const pageSize = 500;
/** Held operations shown on a terminal. */
const heldShown = 50;

export const cycleCommand = command({
  name: 'cycle',
  usage: ['cycle --type delta|full [--preview] [--json]'],
  summary:
    'Runs one cycle without a daemon. --preview plans and writes nothing; --json prints the cycle, and the plan of a preview or what is held.',
  options: {
    type: { type: 'string' },
    preview: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    'log-level': { type: 'string', default: 'info' },
  },
  async run({ values, terminal }) {
    const type = oneOf('--type', values.type, ['delta', 'full']);
    const level = oneOf('--log-level', values['log-level'], levels);
    const { preview, json } = values;
    const here = { configuration: loadConfiguration(values.config), data: values.data, terminal, level };
    return await withEngineHere(here, (engine) => {
      const { file, text } = here.configuration;
      const noted = { at: terminal.now(), actor: userName() };
      new ConfigurationHistory(dataFolderOf(values.data, terminal)).note(file, text, noted);
      return runHere(engine, { type, preview }, { json, staging: here.configuration.document.staging }, terminal);
    });
  },
});

/** Runs one cycle with its progress, and prints what came of it. */
export async function runHere(
  engine: Engine,
  request: Pick<StartCycle, 'type' | 'preview' | 'undo'>,
  { json, staging }: { readonly json: boolean; readonly staging: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const cycle = await runShown(engine, request, terminal);
  if (json) await printJson(engine, cycle, terminal);
  else {
    terminal.out(cycleLine(cycle));
    terminal.out(phaseLine(cycle));
    if (cycle.preview) await printPlan(engine, cycle, terminal);
    else await printHeld(engine, cycle, terminal);
    terminal.out(heldLine(cycle));
    if (staging) terminal.out('staging: true in the configuration: nothing is written.\n');
  }
  for (const line of cycleErrors(cycle)) terminal.err(line);
  return exitCodeOf(cycle);
}

async function runShown(
  engine: Engine,
  request: Pick<StartCycle, 'type' | 'preview' | 'undo'>,
  terminal: Terminal,
): Promise<Cycle> {
  using progress = progressOn(terminal);
  return await engine.runCycle({ ...request, trigger: 'manual', actor: userName() }, terminal.signal, progress);
}

/** A cycle that went on without a directory has not done what it should. */
export function exitCodeOf({ state, connectorErrors }: Cycle): ExitCode {
  if (state === 'held') return 3;
  return state === 'succeeded' && connectorErrors.length === 0 ? 0 : 1;
}

async function* plan(engine: Engine, cycle: number, filter: OperationFilter = {}) {
  let cursor: string | undefined;
  do {
    const page = await engine.operations(cycle, filter, cursor, pageSize);
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

/** Each operation, then how many of each kind: of a long plan the end is what stays in sight. */
async function printPlan(engine: Engine, cycle: Cycle, { out }: Terminal): Promise<void> {
  const sums = new Map<string, number>();
  for await (const operation of plan(engine, cycle.id)) {
    out(operationLine(operation));
    const { type, kind, state } = operation;
    const what = `${type} ${kind}${state === 'planned' ? '' : ` (${state})`}`;
    sums.set(what, (sums.get(what) ?? 0) + 1);
  }
  const all = [...sums].map(([what, n]) => `${n.toLocaleString('en')} x ${what}`);
  if (all.length > 0) out(`In all: ${all.join(', ')}.\n`);
  // One that failed may have had much to send.
  else if (cycle.state === 'succeeded' || cycle.state === 'held') out('Nothing would be sent.\n');
}

/** What is held, with the numbers that approve and deny take. */
async function printHeld(engine: Engine, cycle: Cycle, { out }: Terminal): Promise<void> {
  // What a guard has to say is said once, of all it holds.
  const guards = new Set(cycle.holds.map(({ guard }) => guard));
  const anchors = new Set<string>();
  let shown = 0;
  for await (const { error, ...operation } of plan(engine, cycle.id, { state: 'held' })) {
    if (shown === heldShown) {
      out('  and more; --json lists all\n');
      return;
    }
    const own = guards.has(operation.heldBy ?? '') ? null : error;
    out(operationLine({ ...operation, error: own }, `${operation.id}: `));
    anchors.add(operation.anchor);
    shown += 1;
  }
  if (cycle.counts.held > shown) await printKept(engine, anchors, out);
}

/** Objects that are held as they are, without an operation to decide on. */
async function printKept(engine: Engine, besides: ReadonlySet<string>, out: Terminal['out']): Promise<void> {
  const { items, next } = await engine.failing({}, undefined, heldShown);
  for (const { kind, displayName, state, anchor, error } of items) {
    if (state !== 'held' || error === null || (anchor !== null && besides.has(anchor))) continue;
    out(`  kept: ${kind} ${displayName}: ${error.code} ${error.message} ${error.remedy}\n`);
  }
  if (next !== null) out('  and more; the dashboard lists all\n');
}

/** One JSON document, written as it is read: a plan may be larger than memory. */
async function printJson(engine: Engine, cycle: Cycle, { out }: Terminal): Promise<void> {
  const text = JSON.stringify(cycle);
  if (!cycle.preview && cycle.heldDigest === null) {
    out(`${text}\n`);
    return;
  }
  out(`${text.slice(0, -1)},"operations":[`);
  let separator = '\n';
  for await (const operation of plan(engine, cycle.id, cycle.preview ? {} : { state: 'held' })) {
    out(`${separator}${JSON.stringify(operation)}`);
    separator = ',\n';
  }
  out('\n]}\n');
}
