import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivate } from './data-folder.ts';
import { DaemonNotRunningError } from './errors.ts';
import { version } from './version.ts';

const daemonFacts = z.object({
  url: z.string(),
  tokenFile: z.string(),
  readerTokenFile: z.string(),
  startedAt: z.string(),
});

/** `daemon.json` in the data folder: where clients of this machine find the daemon while it runs. */
export type DaemonFacts = Readonly<z.infer<typeof daemonFacts>>;

export function readDaemonFile(dataDirectory: string): DaemonFacts {
  try {
    return daemonFacts.parse(JSON.parse(readFileSync(join(dataDirectory, 'daemon.json'), 'utf8')));
  } catch (error) {
    throw new DaemonNotRunningError(dataDirectory, error);
  }
}

export function writeDaemonFile(dataDirectory: string, facts: DaemonFacts): Disposable {
  const file = join(dataDirectory, 'daemon.json');
  writePrivate(file, `${JSON.stringify({ ...facts, pid: process.pid, version }, null, 2)}\n`);
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}
