import { nearest } from '../../src/config/index.ts';
import { UsageError } from '../errors.ts';
import { version } from '../version.ts';
import { backupCommand } from './backup.ts';
import { type Command, type ExitCode, everywhereHelp, type Terminal } from './command.ts';
import { configCommand } from './config.ts';
import { cycleCommand } from './cycle.ts';
import { daemonCommand } from './daemon.ts';
import { demoCommand } from './demo.ts';
import { explainCommand } from './explain.ts';
import { expressionCommand } from './expression.ts';
import { restoreCommand } from './restore.ts';
import { sandboxCommand } from './sandbox.ts';

const commands: readonly Command[] = [
  demoCommand,
  daemonCommand,
  cycleCommand,
  explainCommand,
  configCommand,
  expressionCommand,
  sandboxCommand,
  backupCommand,
  restoreCommand,
];

function help(): string {
  const forms = commands.flatMap(({ usage, summary }) =>
    usage.map((form, i) => [form, i === 0 ? summary : ''] as const),
  );
  const lines = forms.map(([form, summary]) => `  cloudsync ${form}${summary === '' ? '' : `\n      ${summary}`}`);
  return `CloudSync ${version}: keeps a Microsoft Entra ID tenant in step with Active Directory.\n\n${lines.join('\n')}\n\n${everywhereHelp}\n\nExit codes: 0 done, 1 failed, 2 wrong command line, 3 held by a guard.\n`;
}

/** Finds the command the first word names and runs it with the others. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === '--version') {
    terminal.out(`${version}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    terminal.out(help());
    return 0;
  }
  const names = commands.map((command) => command.name);
  if (name === undefined) throw new UsageError('A command is missing.', `Give one of ${names.join(', ')}, or --help.`);
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const near = nearest(name, names);
    throw new UsageError(
      `There is no command "${name}"${near === undefined ? '' : `; did you mean ${near}?`}`.replace(/([^?])$/, '$1.'),
      `Give one of ${names.join(', ')}, or --help.`,
    );
  }
  return command.run(rest, terminal);
}
