import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/index.ts';
import type { Cycle } from '../../src/engine/index.ts';
import { openDataFolder } from '../data-folder.ts';
import { type DemoFiles, writeDemoFiles } from '../demo/setup.ts';
import { openService, type Service } from '../service.ts';
import { cycleErrors } from '../terminal/cycle-lines.ts';
import { printDemoReport } from '../terminal/demo-report.ts';
import { progressOn } from '../terminal/progress.ts';
import { command, dataFolderOf, parseListen, type Terminal } from './command.ts';
import { makeLink } from './dashboard.ts';

export const demoCommand = command({
  name: 'demo',
  usage: ['demo [--once] [--listen HOST:PORT]'],
  summary:
    'A sample forest and an embedded tenant, with nothing else needed: runs the first cycle, says what happened, and stays up as a daemon. --once ends after the cycle.',
  options: {
    once: { type: 'boolean', default: false },
    listen: { type: 'string', default: '127.0.0.1:0' },
  },
  async run({ values, terminal }) {
    const { once } = values;
    const listen = parseListen(values.listen);
    const { out, err, env, now, signal } = terminal;
    const path =
      once && values.data === undefined
        ? mkdtempSync(join(tmpdir(), 'cloudsync-demo-'))
        : dataFolderOf(values.data, terminal);
    const ended = Promise.withResolvers<never>();
    // Awaited only while something runs.
    ended.promise.catch(() => {});
    using folder = openDataFolder(path);
    const files = writeDemoFiles(folder.path);
    const configuration = loadConfiguration(files.configuration);
    out(`Sample forest: ${files.ldif.join(', ')}\nData folder:   ${folder.path}\n`);
    await using service = await openService({
      configuration,
      folder,
      listen,
      logLevel: 'info',
      env,
      now,
      died: ended.reject,
    });
    out('Tenant:        sandbox, embedded\n\n');
    const cycle = await Promise.race([firstCycle(service, terminal), ended.promise]);
    for (const line of cycleErrors(cycle)) err(line);
    if (cycle.state === 'failed' || cycle.state === 'stopped') return 1;
    await printDemoReport({ engine: service.engine, cycle, out });
    if (once) return 0;
    out(whatNext(service, files, folder.path, await makeLink(folder.path, 'operator')));
    await Promise.race([service.schedule(signal), ended.promise]);
    return 0;
  },
});

async function firstCycle({ cycles, settings }: Service, terminal: Terminal): Promise<Cycle> {
  const type = settings.lastFullAt === undefined ? 'full' : 'delta';
  using progress = progressOn(terminal);
  using _ = cycles.listen((event) => {
    if (event.type === 'started') progress.started(event.cycle);
    if (event.type === 'progress') progress.progress(event.cycle, event.progress);
  });
  const { cycle, ended } = await cycles.start({ type, preview: false, trigger: 'start' });
  const stop = (): void => void cycles.stop(cycle.id);
  terminal.signal.addEventListener('abort', stop, { once: true });
  if (terminal.signal.aborted) stop();
  try {
    return await ended;
  } finally {
    terminal.signal.removeEventListener('abort', stop);
  }
}

function whatNext(
  { url, tokens, sandbox }: Service,
  { configuration, ldif }: DemoFiles,
  folder: string,
  link: string,
): string {
  return `
The daemon stays up; Ctrl+C ends it, and the next start goes on from here. Try next:

  Change a title, a department or a member in ${ldif[0]}
  and save: the change is in the tenant a moment later.

  The dashboard, within a minute, once: ${link}
  Later: cloudsync dashboard --open --data ${folder}
  (in a checkout: npm run build, then npx cloudsync)

  cloudsync explain una.verified@fabrikam.test --config ${configuration} --data ${folder}

  curl -H "Authorization: Bearer $(cat ${tokens.operatorFile})" ${url}/api/v1/status
  curl -H "Authorization: Bearer $(cat ${tokens.operatorFile})" "${url}/api/v1/objects?by=userPrincipalName&value=una.verified@fabrikam.test"

  Import-Module CloudSync; Connect-CloudSync -DataPath ${folder}; Get-CloudSyncStatus
  (in a checkout: npm run build:module, then Import-Module ./build/out/CloudSync)

  The API is at ${url}, its description at ${url}/api/v1/openapi.json, the logs in ${join(folder, 'logs')}.
${sandbox === undefined ? '' : `  The tenant speaks Microsoft Graph at ${sandbox.graphUrl}.\n`}`;
}
