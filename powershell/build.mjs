/**
 * `npm run build:module`: the module as `build/out/CloudSync`, ready for Import-Module. Needs the .NET SDK alone, and
 * no package of npm.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const out = join(here, '..', 'build', 'out', 'CloudSync');
const built = join(here, 'src', 'CloudSync.PowerShell', 'bin', 'Release', 'netstandard2.0');

export function dotnet(...words) {
  const result = spawnSync('dotnet', words, {
    cwd: here,
    stdio: 'inherit',
    env: {
      ...process.env,
      DOTNET_CLI_TELEMETRY_OPTOUT: '1',
      DOTNET_NOLOGO: '1',
      POWERSHELL_TELEMETRY_OPTOUT: '1',
      // No process stays behind.
      MSBUILDDISABLENODEREUSE: '1',
      UseSharedCompilation: 'false',
    },
  });
  if (result.error !== undefined) {
    console.error('The module is built by the .NET SDK 10, and there is no dotnet on the path: install it.');
    return 1;
  }
  return result.status ?? 1;
}

export function buildModule() {
  const code = dotnet('build', 'CloudSync.slnx', '--configuration', 'Release', '--nologo', '--verbosity', 'quiet');
  if (code !== 0) return code;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  cpSync(join(here, 'module'), out, { recursive: true });
  cpSync(join(built, 'CloudSync.dll'), join(out, 'CloudSync.dll'));
  return dotnet(
    join(here, 'help', 'bin', 'Release', 'net10.0', 'CloudSync.Help.dll'),
    join(out, 'CloudSync.psd1'),
    join(built, 'CloudSync.xml'),
    join(out, 'en-US', 'CloudSync.dll-Help.xml'),
  );
}

if (import.meta.filename === process.argv[1]) {
  process.exitCode = buildModule();
  if (process.exitCode === 0) console.log('build/out/CloudSync/CloudSync.psd1');
}
