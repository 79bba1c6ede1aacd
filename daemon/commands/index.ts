import { nearest } from '../../src/config/index.ts';
import { UsageError } from '../errors.ts';
import { wrap } from '../terminal/wrap.ts';
import { version } from '../version.ts';
import { type Command, type ExitCode, everywhereHelp, type Terminal } from './command.ts';

/** Each loaded when it is asked for: what one command needs costs the others nothing. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.ts')).demoCommand,
  daemon: async () => (await import('./daemon.ts')).daemonCommand,
  cycle: async () => (await import('./cycle.ts')).cycleCommand,
  dashboard: async () => (await import('./dashboard.ts')).dashboardCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  undo: async () => (await import('./undo.ts')).undoCommand,
  approve: async () => (await import('./decide.ts')).approveCommand,
  deny: async () => (await import('./decide.ts')).denyCommand,
  release: async () => (await import('./release.ts')).releaseCommand,
  log: async () => (await import('./log.ts')).logCommand,
  config: async () => (await import('./config.ts')).configCommand,
  expression: async () => (await import('./expression.ts')).expressionCommand,
  sandbox: async () => (await import('./sandbox.ts')).sandboxCommand,
  secret: async () => (await import('./secret.ts')).secretCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
};

async function help(columns: number): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const lines = all.map(
    ({ usage, summary }) =>
      `${usage.map((form) => `  cloudsync ${form}\n`).join('')}${wrap(summary, columns, '      ')}`,
  );
  return `CloudSync ${version}: keeps a Microsoft Entra ID tenant in step with Active Directory.

${lines.join('')}
${everywhereHelp}

Exit codes: 0 done, 1 failed, 2 wrong command line, 3 held by a guard.
`;
}

/** Finds the command the first word names and runs it with the others. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === '--version') {
    terminal.out(`${version}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    terminal.out(await help(terminal.columns));
    return 0;
  }
  const names = Object.keys(commands);
  const remedy = `Give one of ${names.join(', ')}, or --help.`;
  if (name === undefined) throw new UsageError('A command is missing.', remedy);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const near = nearest(name, names);
    throw new UsageError(
      `There is no command "${name}"${near === undefined ? '.' : `; did you mean ${near}?`}`,
      remedy,
    );
  }
  return (await load()).run(rest, terminal);
}
