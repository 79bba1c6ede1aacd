import { loadConfiguration } from '../../src/config/index.ts';
import type { Cycle, Engine, OperationFilter, StartCycle } from '../../src/engine/index.ts';
import { ConfigurationHistory } from '../configurations/history.ts';
import { withEngineHere } from '../engine-here.ts';
import { levels } from '../logs/logs.ts';
import { cycleErrors, cycleLine, heldLine } from '../terminal/cycle-lines.ts';
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
      return runHere(engine, { type, preview }, json, terminal);
    });
  },
});

/** Runs one cycle with its progress, and prints what came of it. */
export async function runHere(
  engine: Engine,
  request: Pick<StartCycle, 'type' | 'preview' | 'undo'>,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const cycle = await runShown(engine, request, terminal);
  if (json) await printJson(engine, cycle, terminal);
  else {
    terminal.out(cycleLine(cycle));
    if (cycle.preview) await printPlan(engine, cycle, terminal);
    else await printHeld(engine, cycle, terminal);
    terminal.out(heldLine(cycle));
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

async function printPlan(engine: Engine, cycle: Cycle, { out }: Terminal): Promise<void> {
  for await (const operation of plan(engine, cycle.id)) out(operationLine(operation));
}

/** What is held, with the numbers that approve and deny take. */
async function printHeld(engine: Engine, cycle: Cycle, { out }: Terminal): Promise<void> {
  if (cycle.heldDigest === null) return;
  // What a guard has to say is said once, of all it holds.
  const guards = new Set(cycle.holds.map(({ guard }) => guard));
  let shown = 0;
  for await (const { error, ...operation } of plan(engine, cycle.id, { state: 'held' })) {
    if (shown === heldShown) {
      out('  and more; --json lists all\n');
      return;
    }
    const own = guards.has(operation.heldBy ?? '') ? null : error;
    out(operationLine({ ...operation, error: own }, `${operation.id}: `));
    shown += 1;
  }
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
