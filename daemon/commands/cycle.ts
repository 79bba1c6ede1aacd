import { userInfo } from 'node:os';
import { loadConfiguration, readConfiguration } from '../../src/config/index.ts';
import type { Cycle, Engine, StartCycle } from '../../src/engine/index.ts';
import { ConfigurationHistory } from '../configurations/history.ts';
import { withEngineHere } from '../engine-here.ts';
import { levels } from '../logs/logs.ts';
import { cycleErrors, cycleLine, heldLine } from '../terminal/cycle-lines.ts';
import { operationLine } from '../terminal/operation-line.ts';
import { progressOn } from '../terminal/progress.ts';
import { command, dataFolderOf, type ExitCode, oneOf, type Terminal } from './command.ts';

const pageSize = 500;

export const cycleCommand = command({
  name: 'cycle',
  usage: ['cycle --type delta|full [--preview] [--json]'],
  summary:
    'Runs one cycle without a daemon. --preview plans and writes nothing; --json prints the cycle, and the plan of a preview.',
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
      const { file } = here.configuration;
      const noted = { at: terminal.now(), actor: userInfo().username };
      new ConfigurationHistory(dataFolderOf(values.data, terminal)).note(file, readConfiguration(file), noted);
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
    if (request.preview) await printPlan(engine, cycle, terminal);
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
  return await engine.runCycle({ ...request, trigger: 'manual' }, terminal.signal, progress);
}

/** A cycle that went on without a directory has not done what it should. */
export function exitCodeOf({ state, connectorErrors }: Cycle): ExitCode {
  if (state === 'held') return 3;
  return state === 'succeeded' && connectorErrors.length === 0 ? 0 : 1;
}

async function* plan(engine: Engine, cycle: number) {
  let cursor: string | undefined;
  do {
    const page = await engine.operations(cycle, {}, cursor, pageSize);
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

async function printPlan(engine: Engine, cycle: Cycle, { out }: Terminal): Promise<void> {
  for await (const operation of plan(engine, cycle.id)) out(operationLine(operation));
}

/** One JSON document, written as it is read: a plan may be larger than memory. */
async function printJson(engine: Engine, cycle: Cycle, { out }: Terminal): Promise<void> {
  const text = JSON.stringify(cycle);
  if (!cycle.preview) {
    out(`${text}\n`);
    return;
  }
  out(`${text.slice(0, -1)},"operations":[`);
  let separator = '\n';
  for await (const operation of plan(engine, cycle.id)) {
    out(`${separator}${JSON.stringify(operation)}`);
    separator = ',\n';
  }
  out('\n]}\n');
}
