import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { problem } from '../api/daemon-shapes.ts';
import { readDaemonFile } from '../daemon-file.ts';
import { DaemonNotRunningError, DaemonRefusedError } from '../errors.ts';
import { userName } from './command.ts';

/** Asks the daemon that runs on a data folder for what only it may do there, and reads its answer. */
export async function callDaemon<T>(
  dataDirectory: string,
  role: 'operator' | 'reader',
  path: `/api/v1/${string}`,
  body: unknown,
  answer: z.ZodType<T>,
): Promise<T> {
  const facts = readDaemonFile(dataDirectory);
  const token = readFileSync(role === 'reader' ? facts.readerTokenFile : facts.tokenFile, 'utf8').trim();
  let response: Response;
  try {
    response = await fetch(new URL(path, facts.url), {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        'CloudSync-Actor': userName(),
      },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw new DaemonNotRunningError(dataDirectory, error);
  }
  const said: unknown = await response.json();
  if (response.ok) return answer.parse(said);
  const { code, detail, remedy } = z.object(problem.shape).parse(said);
  throw new DaemonRefusedError(code, detail, remedy);
}

/**
 * A daemon has the data folder to itself, so one that runs is asked; where none runs, the command does it here.
 * Only that no daemon is there leads to the second: what the daemon refuses stays refused.
 */
export async function byDaemonOrHere<T>(byDaemon: () => Promise<T>, here: () => Promise<T>): Promise<T> {
  try {
    return await byDaemon();
  } catch (error) {
    if (!(error instanceof DaemonNotRunningError)) throw error;
  }
  return await here();
}
