import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleProgram } from '../../build/bundle.ts';
import { heapFlags } from '../../daemon/threads/heap.ts';
import { baseDn, userAttributes } from '../slapd/directory.ts';
import type { Slapd } from '../slapd/index.ts';

const run = promisify(execFile);

/** As a read asks, so that the reference is sent the same entries. */
const filter =
  '(|(objectClass=user)(objectClass=group)(objectClass=contact)(objectClass=organizationalUnit)(objectClass=container)(objectClass=builtinDomain)(objectClass=domainDNS)(objectClass=foreignSecurityPrincipal))';

/**
 * Runs a script of this folder to its end, in a process of its own, and reads the JSON it prints. Bundled as the product
 * is: from source its memory would be that of the TypeScript loader.
 */
export async function runScript<Result>(script: string, ...words: readonly string[]): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-script-'));
  try {
    const outfile = join(folder, script.replace(/\.ts$/, '.mjs'));
    await bundleProgram(join(import.meta.dirname, script), outfile);
    const { stdout } = await run(process.execPath, [...heapFlags, outfile, ...words]);
    return JSON.parse(stdout) as Result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The reference: the same pages of the same entries, read by ldapsearch to nowhere. */
export async function ldapsearch({ url, user, password }: Slapd, more: readonly string[] = []): Promise<void> {
  const words = ['-x', '-H', url, '-D', user, '-w', password, '-b', baseDn, '-E', 'pr=1000/noprompt', filter];
  await run('sh', ['-c', 'exec ldapsearch "$@" >/dev/null', 'sh', ...words, ...userAttributes, ...more]);
}
