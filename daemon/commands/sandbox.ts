import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { readProfile, startSandbox } from '../../src/sandbox/index.ts';
import { command, dataFolderOf, parseListen } from './command.ts';

export const sandboxCommand = command({
  name: 'sandbox',
  usage: ['sandbox [--listen HOST:PORT] [--data DIR] [--domain NAME]... [--profile FILE]'],
  summary:
    'An embedded tenant by itself, for rehearsals and tests: sign-in and Microsoft Graph over HTTPS. DIR/sandbox.json says how to reach it, once it serves.',
  options: {
    listen: { type: 'string', default: '127.0.0.1:8443' },
    domain: { type: 'string', multiple: true, default: [] },
    profile: { type: 'string' },
  },
  async run({ values, terminal }) {
    const { domain, profile } = values;
    const dataDirectory = resolve(dataFolderOf(values.data, terminal));
    await using sandbox = await startSandbox({
      listen: parseListen(values.listen),
      dataDirectory,
      domains: domain,
      now: terminal.now,
      ...(profile === undefined ? {} : { profile: readProfile(profile) }),
    });
    terminal.out(
      `Sandbox tenant ${sandbox.tenantId} at ${sandbox.graphUrl}; see ${join(dataDirectory, 'sandbox.json')}\n`,
    );
    if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
    return 0;
  },
});
