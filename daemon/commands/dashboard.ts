import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { z } from 'zod';
import { dashboardLink, problem } from '../api/daemon-shapes.ts';
import { readDaemonFile } from '../daemon-file.ts';
import { BrowserMissingError, DaemonNotRunningError, DaemonRefusedError } from '../errors.ts';
import { command, dataFolderOf, oneOf } from './command.ts';

export const dashboardCommand = command({
  name: 'dashboard',
  usage: ['dashboard [--open] [--role operator|reader]'],
  summary:
    'Prints a link to the dashboard of the daemon that runs on this data folder: good for one browser, within a minute. --open opens it; with --role reader the dashboard only shows.',
  options: { open: { type: 'boolean', default: false }, role: { type: 'string', default: 'operator' } },
  async run({ values, terminal }) {
    const role = oneOf('--role', values.role, ['operator', 'reader']);
    const url = await makeLink(dataFolderOf(values.data, terminal), role);
    if (values.open) await openInBrowser(url);
    else terminal.out(`${url}\n`);
    return 0;
  },
});

/** A one-time link to the dashboard of the daemon that runs on a data folder. */
export async function makeLink(dataDirectory: string, role: 'operator' | 'reader'): Promise<string> {
  const facts = readDaemonFile(dataDirectory);
  const token = readFileSync(role === 'reader' ? facts.readerTokenFile : facts.tokenFile, 'utf8').trim();
  let response: Response;
  try {
    response = await fetch(new URL('/api/v1/dashboard/links', facts.url), {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        'CloudSync-Actor': userInfo().username,
      },
      body: JSON.stringify({ role }),
    });
  } catch (error) {
    throw new DaemonNotRunningError(dataDirectory, error);
  }
  const answer: unknown = await response.json();
  if (response.ok) return dashboardLink.parse(answer).url;
  const { code, detail, remedy } = z.object(problem.shape).parse(answer);
  throw new DaemonRefusedError(code, detail, remedy);
}

/** What opens a link in the user's own browser. No shell reads the link. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  darwin: ['open'],
};

async function openInBrowser(url: string): Promise<void> {
  const [program, ...words] = openers[process.platform] ?? ['xdg-open'];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(program, [...words, url], { stdio: 'ignore', detached: true });
  child.once('error', (error) => reject(new BrowserMissingError(program, error)));
  child.once('exit', (code) => (code === 0 ? resolve() : reject(new BrowserMissingError(program, code))));
  await promise;
}
