import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTestService } from '../daemon/service.ts';
import { type Bench, machine, rounds, row } from './measure.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const program = join(root, 'powershell/bench/bin/Release/net10.0/CloudSync.Bench.dll');

const scripts = ['Get-CloudSyncStatus', 'Get-CloudSyncCycle -First 10', 'Get-CloudSyncObject ada@corp.contoso.test'];

/** MODULE: what the PowerShell module costs whoever types: its import into a fresh session, and cmdlets once they have run. */
export const module: Bench = async ({ quick, runs, seed, note }) => {
  note('building the module');
  execFileSync(process.execPath, [join(root, 'powershell/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  await using daemon = await startTestService({ tenant: 'sandbox' });
  const cycle = await daemon.service.cycles.start({ type: 'full', preview: false, trigger: 'manual' });
  await cycle.ended;
  const psd1 = join(root, 'build/out/CloudSync/CloudSync.psd1');
  const all = await rounds(runs, async () => {
    const words = [program, psd1, daemon.data, quick ? '5' : '50', ...scripts];
    const { stdout } = await run('dotnet', words, { env: { ...process.env, POWERSHELL_TELEMETRY_OPTOUT: '1' } });
    const times = stdout.trim().split('\n').map(Number);
    note(times.join(' '));
    return times;
  });
  const figures = [
    { what: 'Import-Module into a fresh session', goal: 300 },
    ...scripts.map((script) => ({ what: `${script}, warm`, goal: 100 })),
  ];
  return figures.map(({ what, goal }, i) =>
    row({
      bench: 'MODULE',
      what,
      unit: 'ms',
      values: all.map((times) => times[i] ?? Number.NaN),
      goal,
      machine: machine(seed, false),
    }),
  );
};
