import { loadConfiguration } from '../../src/config/index.ts';
import { withEngineHere } from '../engine-here.ts';
import { UsageError } from '../errors.ts';
import { command, stateFolderOf } from './command.ts';
import { runHere } from './cycle.ts';

export const undoCommand = command({
  name: 'undo',
  usage: ['undo CYCLE [--preview] [--json]'],
  summary:
    'Brings the tenant back to where it was before a cycle, as far as it allows, under the same guards: where one holds a part, nothing is sent until all of it is approved and the cycle undone again. What is undone stays so until it is released or changes in the directory.',
  options: { preview: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  positionals: [1, 1],
  async run({ values, positionals: [word = ''], terminal }) {
    if (!/^[1-9]\d{0,14}$/.test(word))
      throw new UsageError(`"${word}" is not the number of a cycle.`, 'Give it as in undo 42.');
    const { preview, json } = values;
    const data = stateFolderOf(values.data, terminal);
    const configuration = loadConfiguration(values.config);
    const { staging } = configuration.document;
    const request = { type: 'undo', undo: Number(word), preview } as const;
    return await withEngineHere({ configuration, data, terminal }, (engine) =>
      runHere(engine, request, { json, staging }, terminal),
    );
  },
});
