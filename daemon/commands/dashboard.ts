import { spawn } from 'node:child_process';
import { dashboardLink } from '../api/daemon-shapes.ts';
import { BrowserMissingError } from '../errors.ts';
import { command, dataFolderOf, oneOf } from './command.ts';
import { callDaemon } from './daemon-call.ts';

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
  return (await callDaemon(dataDirectory, role, '/api/v1/dashboard/links', { role }, dashboardLink)).url;
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
