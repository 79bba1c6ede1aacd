import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './data-folder.ts';
import { version } from './version.ts';

/** `daemon.json` in the data folder: where clients of this machine find the daemon while it runs. */
export interface DaemonFacts {
  readonly url: string;
  readonly tokenFile: string;
  readonly readerTokenFile: string;
  readonly startedAt: string;
}

export function writeDaemonFile(dataDirectory: string, facts: DaemonFacts): Disposable {
  const file = join(dataDirectory, 'daemon.json');
  writePrivate(file, `${JSON.stringify({ ...facts, pid: process.pid, version }, null, 2)}\n`);
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}
