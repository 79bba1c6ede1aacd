import { z } from 'zod';
import { loadConfiguration } from '../../src/config/index.ts';
import { withEngineHere } from '../engine-here.ts';
import { UsageError } from '../errors.ts';
import { type Command, command, stateFolderOf, userName } from './command.ts';
import { byDaemonOrHere, callDaemon } from './daemon-call.ts';

const number = /^[1-9]\d{0,14}$/;
const hex = /^[0-9a-f]{32}$/;

const decided = z.object({ count: z.number() });

function decisionCommand(verdict: 'approve' | 'deny', summary: string): Command {
  return command({
    name: verdict,
    usage: [`${verdict} DIGEST [--held-by GUARD] [--operation NUMBER|DIGEST]...`],
    summary,
    options: { 'held-by': { type: 'string' }, operation: { type: 'string', multiple: true } },
    positionals: [1, 1],
    async run({ values, positionals: [digest = ''], terminal }) {
      const named = values.operation ?? [];
      const wrong = named.find((one) => !number.test(one) && !hex.test(one));
      if (wrong !== undefined)
        throw new UsageError(`"${wrong}" is neither the number nor the digest of an operation.`, 'See the plan.');
      const numbers = named.filter((one) => number.test(one)).map(Number);
      const digests = named.filter((one) => hex.test(one));
      const data = stateFolderOf(values.data, terminal);
      const decision = {
        verdict,
        digest,
        heldBy: values['held-by'],
        operations: numbers.length === 0 ? undefined : numbers,
        digests: digests.length === 0 ? undefined : digests,
      };
      const { count } = await byDaemonOrHere(
        () => callDaemon(data, 'operator', '/api/v1/held/decision', decision, decided),
        () =>
          withEngineHere({ configuration: loadConfiguration(values.config), data, terminal }, (engine) =>
            engine.decide({ ...decision, actor: userName() }),
          ),
      );
      terminal.out(`${verdict === 'approve' ? 'Approved' : 'Denied'}: ${count}.\n`);
      return 0;
    },
  });
}

export const approveCommand = decisionCommand(
  'approve',
  'Lets go what is held, all of it or a part, by the digest it was shown with; the next cycle carries it out. A daemon that runs is told.',
);

export const denyCommand = decisionCommand(
  'deny',
  'Leaves the objects of what is held as the tenant has them, until they should become something else or are released. A daemon that runs is told.',
);
