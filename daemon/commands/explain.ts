import { loadConfiguration } from '../../src/config/index.ts';
import { type Engine, type Explanation, openEngine } from '../../src/engine/index.ts';
import { ObjectNotFoundError } from '../errors.ts';
import { objectQueries } from '../object-name.ts';
import { explanationText } from '../terminal/explanation.ts';
import { command, stateFolderOf } from './command.ts';

export const explainCommand = command({
  name: 'explain',
  usage: ['explain ANCHOR|DN|UPN|MAIL|TENANT-ID|OBJECT-GUID [--json]'],
  summary:
    'Says of one object why it is as it is: in scope or not, matched how, each value from which mapping, what comes next. Only looks, also while a daemon runs.',
  options: { json: { type: 'boolean', default: false } },
  positionals: [1, 1],
  async run({ values, positionals: [name = ''], terminal }) {
    const { env, now, out } = terminal;
    const dataDirectory = stateFolderOf(values.data, terminal);
    await using engine = await openEngine({
      configuration: loadConfiguration(values.config),
      dataDirectory,
      mode: 'reader',
      environment: { env, now, log() {} },
    });
    const explanation = await find(engine, name);
    if (explanation === undefined) throw new ObjectNotFoundError(name);
    out(values.json ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation));
    return 0;
  },
});

async function find(engine: Engine, name: string): Promise<Explanation | undefined> {
  for (const query of objectQueries(name)) {
    const found = await engine.explain(query);
    if (found !== undefined) return found;
  }
  return undefined;
}
