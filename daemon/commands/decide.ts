import { userInfo } from 'node:os';
import { loadConfiguration } from '../../src/config/index.ts';
import { withEngineHere } from '../engine-here.ts';
import { UsageError } from '../errors.ts';
import { type Command, command } from './command.ts';

function decisionCommand(verdict: 'approve' | 'deny', summary: string): Command {
  return command({
    name: verdict,
    usage: [`${verdict} DIGEST [--held-by GUARD] [--operation ID]...`],
    summary,
    options: { 'held-by': { type: 'string' }, operation: { type: 'string', multiple: true } },
    positionals: [1, 1],
    async run({ values, positionals: [digest = ''], terminal }) {
      const operations = values.operation?.map((id) => {
        if (!/^[1-9]\d{0,14}$/.test(id))
          throw new UsageError(`"${id}" is not the number of an operation.`, 'See the plan.');
        return Number(id);
      });
      const here = { configuration: loadConfiguration(values.config), data: values.data, terminal };
      const decision = { verdict, digest, heldBy: values['held-by'], operations, actor: userInfo().username };
      const { count } = await withEngineHere(here, (engine) => engine.decide(decision));
      terminal.out(`${verdict === 'approve' ? 'Approved' : 'Denied'}: ${count}.\n`);
      return 0;
    },
  });
}

export const approveCommand = decisionCommand(
  'approve',
  'Lets go what is held, all of it or a part, by the digest it was shown with; the next cycle carries it out.',
);

export const denyCommand = decisionCommand(
  'deny',
  'Leaves the objects of what is held as the tenant has them, until they should become something else or are released.',
);
