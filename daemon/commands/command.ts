import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../../src/config/index.ts';
import { DataFolderUnusableError, UsageError } from '../errors.ts';
import { wrap } from '../terminal/wrap.ts';

/** 0 done, 1 failed, 2 wrong command line, 3 held by a guard. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a command works with of the process it runs in, built once by `main`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Somebody is looking: progress may be drawn over. */
  readonly live: boolean;
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

/** Understood by every command. */
const everywhere = {
  config: { type: 'string', default: 'cloudsync.yaml' },
  data: { type: 'string' },
  help: { type: 'boolean', default: false, short: 'h' },
} as const satisfies Options;

export interface Invocation<O extends Options> {
  readonly values: Parsed<O & typeof everywhere>['values'];
  readonly positionals: readonly string[];
  readonly terminal: Terminal;
}

interface Definition<O extends Options> {
  readonly name: string;
  /** What follows `cloudsync`, one form a line. */
  readonly usage: readonly string[];
  readonly summary: string;
  readonly options: O;
  /** Positionals it takes: at least and at most. */
  readonly positionals?: readonly [number, number];
  run(invocation: Invocation<O>): Promise<ExitCode>;
}

export interface Command {
  readonly name: string;
  readonly usage: readonly string[];
  readonly summary: string;
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

export function command<const O extends Options>(definition: Definition<O>): Command {
  const { name, usage, summary } = definition;
  const help = (columns: number): string =>
    `${usage.map((form) => `cloudsync ${form}\n`).join('')}\n${wrap(summary, columns, '')}\n${everywhereHelp}\n`;
  return {
    name,
    usage,
    summary,
    async run(args, terminal) {
      const options = { ...definition.options, ...everywhere };
      const { values, positionals } = parse(name, args, options);
      if ('help' in values && values.help === true) {
        terminal.out(help(terminal.columns));
        return 0;
      }
      const [least, most] = definition.positionals ?? [0, 0];
      if (positionals.length < least || positionals.length > most) {
        const problem = positionals.length < least ? 'needs more words' : `does not take "${positionals[most]}"`;
        throw new UsageError(
          `"${name}" ${problem}.`,
          `Usage: ${usage.map((form) => `cloudsync ${form}`).join(' | ')}.`,
        );
      }
      return definition.run({ values, positionals, terminal });
    },
  };
}

export const everywhereHelp = `  --config FILE   the configuration document (default ./cloudsync.yaml)
  --data DIR      where the state, tokens and logs are kept (default $CLOUDSYNC_DATA or ./cloudsync-data)
  --help          this text`;

function parse<O extends Options>(name: string, args: readonly string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [, unknown] = error.message.match(/^Unknown option '-*([^']+)'/) ?? [];
    const near = unknown === undefined ? undefined : nearest(unknown, Object.keys(options));
    const [sentence = ''] = error.message.split(/\.\s/);
    throw new UsageError(
      `"${name}": ${sentence.replace(/\.$/, '')}${near === undefined ? '.' : `; did you mean --${near}?`}`,
      `See cloudsync ${name} --help.`,
    );
  }
}

/** The data folder that was named, in the command or in the environment. */
export function dataFolderOf(data: string | undefined, { env }: Pick<Terminal, 'env'>): string {
  return data ?? env['CLOUDSYNC_DATA'] ?? 'cloudsync-data';
}

/** The data folder of a command that needs a state there: it makes none. */
export function stateFolderOf(data: string | undefined, terminal: Pick<Terminal, 'env'>): string {
  const folder = dataFolderOf(data, terminal);
  if (!existsSync(join(folder, 'state.db')))
    throw new DataFolderUnusableError(folder, 'there is no state in it; run a cycle first');
  return folder;
}

/** Who runs the command, for the log; in a container the account may have no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** One of a few words an option or positional may be. */
export function oneOf<T extends string>(what: string, value: string | undefined, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined) {
    const near = value === undefined ? undefined : nearest(value, words);
    throw new UsageError(
      `${what} is ${value === undefined ? 'missing' : `"${value}"`}${near === undefined ? '.' : `; did you mean ${near}?`}`,
      `Give ${words.join(' or ')}.`,
    );
  }
  return found;
}

/** An option the command cannot do without. */
export function required(option: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${option} is missing.`, 'Add it; --help shows how.');
  return value;
}

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:7373`, `[::1]:0`. */
export function parseListen(text: string): Listen {
  const [, v6, name, port] = text.match(/^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/) ?? [];
  const host = v6 ?? name;
  if (host === undefined || port === undefined || Number(port) > 65535) {
    throw new UsageError(`--listen is "${text}".`, 'Give HOST:PORT, as in 127.0.0.1:7373 or [::1]:7373.');
  }
  return { host, port: Number(port) };
}
