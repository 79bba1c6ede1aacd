/**
 * Builds the module and runs its tests on the real PowerShell engine. The last line is
 * `N passed, N failed, N skipped`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModule, dotnet } from './build.mjs';

function run(words) {
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-module-test-'));
  try {
    const code = dotnet(
      'test',
      join('test', 'CloudSync.Test.csproj'),
      ...['--configuration', 'Release', '--no-build', '--nologo', '--logger', 'console;verbosity=minimal'],
      ...['--logger', 'trx;LogFileName=report.trx', '--results-directory', folder],
      ...words,
    );
    const counters = readFileSync(join(folder, 'report.trx'), 'utf8').match(/<Counters [^>]*>/)?.[0] ?? '';
    const count = (name) => Number(counters.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? 0);
    const passed = count('passed');
    const skipped = count('total') - count('executed');
    const failed = count('total') - passed - skipped;
    return { code, passed, skipped, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const built = buildModule();
const { passed, failed, skipped } = built === 0 ? run(process.argv.slice(2)) : { passed: 0, failed: 1, skipped: 0 };
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
