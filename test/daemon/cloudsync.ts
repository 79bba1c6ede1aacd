import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../../daemon/main.ts');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** What it has said on stdout so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Waits until something was said on stdout; fails when the process ends first. */
  said(pattern: RegExp): Promise<RegExpMatchArray>;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the program as a user does, with an environment of its own. */
export const start = (args: readonly string[], surroundings: Surroundings, stdin = ''): Running =>
  startProgram(main, args, surroundings, stdin);

/** The same from another file, as that of the bundle. */
export function startProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: Surroundings,
  stdin = '',
): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, TMPDIR: cwd, CI: 'true', ...env },
  });
  child.stdin.end(stdin);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, out, err }));
  return {
    process: child,
    ended,
    out: () => out,
    err: () => err,
    async said(pattern) {
      for (;;) {
        const match = out.match(pattern);
        if (match !== null) return match;
        const over = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended]);
        if (over !== undefined && !pattern.test(out)) {
          throw new Error(`it ended with ${over.code} before it said ${pattern}:\n${out}\n${err}`);
        }
      }
    },
  };
}

/** Runs the program to its end. */
export function run(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return start(args, surroundings).ended;
}
