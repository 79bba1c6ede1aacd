import process from 'node:process';
import { CloudSyncError } from '../src/model/index.ts';
import type { Terminal } from './commands/command.ts';
import { runCommand } from './commands/index.ts';
import { UnforeseenError, UsageError } from './errors.ts';
import { errorLine } from './terminal/error-line.ts';
import { keepHeapsSmall } from './threads/heap.ts';

/** `cloudsync`: reads the command line, runs one command, and ends when everything has unwound. */

/** After this many milliseconds a process that was asked to end does so, whatever still runs: the state is crash-safe. */
const forcedEndAfter = 10_000;

const ending = new AbortController();
const askToEnd = (): void => {
  if (ending.signal.aborted) process.exit(1);
  ending.abort();
  setTimeout(() => {
    process.stderr.write('cloudsync: ended by force; the next start goes on from here\n');
    process.exit(1);
  }, forcedEndAfter).unref();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, askToEnd);
// A reader that has seen enough (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  live: process.stdout.isTTY === true && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb',
  columns: process.stdout.columns ?? 80,
  env: process.env,
  now: () => new Date(),
  signal: ending.signal,
};

try {
  keepHeapsSmall();
  process.exitCode = await runCommand(process.argv.slice(2), terminal);
} catch (error) {
  const known = error instanceof CloudSyncError ? error : new UnforeseenError(error);
  terminal.err(errorLine(known.report()));
  if (known instanceof UnforeseenError && error instanceof Error) terminal.err(`${error.stack ?? ''}\n`);
  process.exitCode = known instanceof UsageError ? 2 : 1;
}
