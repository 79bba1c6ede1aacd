import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { baseDn, userAttributes } from '../slapd/directory.ts';
import type { Slapd } from '../slapd/index.ts';

const run = promisify(execFile);

/** As a read asks, so that the reference is sent the same entries. */
const filter =
  '(|(objectClass=user)(objectClass=group)(objectClass=contact)(objectClass=organizationalUnit)(objectClass=container)(objectClass=builtinDomain)(objectClass=domainDNS)(objectClass=foreignSecurityPrincipal))';

/** Bundles a script as the product is bundled: from source its memory would be that of the TypeScript loader. */
export async function bundleScript(script: string, folder: string): Promise<string> {
  const outfile = join(folder, script.replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [join(import.meta.dirname, script)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    logLevel: 'warning',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

/** Runs a script to its end and reads the JSON it prints. */
export async function runScript<Result>(script: string, ...words: readonly string[]): Promise<Result> {
  // A small young generation, as suits a thread that reads: little lives longer than a page.
  const { stdout } = await run(process.execPath, ['--max-semi-space-size=8', script, ...words]);
  return JSON.parse(stdout) as Result;
}

/** The reference: the same pages of the same entries, read by ldapsearch to nowhere. */
export async function ldapsearch({ url, user, password }: Slapd, more: readonly string[] = []): Promise<void> {
  const words = ['-x', '-H', url, '-D', user, '-w', password, '-b', baseDn, '-E', 'pr=1000/noprompt', filter];
  await run('sh', ['-c', 'exec ldapsearch "$@" >/dev/null', 'sh', ...words, ...userAttributes, ...more]);
}
