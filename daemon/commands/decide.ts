import { z } from 'zod';
import { loadConfiguration } from '../../src/config/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import { type Here, withEngineHere } from '../engine-here.ts';
import { DaemonNotRunningError, UsageError } from '../errors.ts';
import { type Command, command, stateFolderOf, userName } from './command.ts';
import { callDaemon } from './daemon-call.ts';

const number = /^[1-9]\d{0,14}$/;
const hex = /^[0-9a-f]{32}$/;

type Decision = Omit<Parameters<Engine['decide']>[0], 'actor'>;

const decided = z.object({ count: z.number() });

/** A daemon has the data folder to itself: it is told what was decided. `undefined` where none runs. */
async function byDaemon(data: string, decision: Decision): Promise<number | undefined> {
  try {
    return (await callDaemon(data, 'operator', '/api/v1/held/decision', decision, decided)).count;
  } catch (error) {
    if (error instanceof DaemonNotRunningError) return undefined;
    throw error;
  }
}

async function byEngineHere(here: Here, decision: Decision): Promise<number> {
  const { count } = await withEngineHere(here, (engine) => engine.decide({ ...decision, actor: userName() }));
  return count;
}

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
      const count =
        (await byDaemon(data, decision)) ??
        (await byEngineHere({ configuration: loadConfiguration(values.config), data, terminal }, decision));
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
