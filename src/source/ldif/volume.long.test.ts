import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { baseDn, domain, domainLdif } from '../../../test/slapd/directory.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'cloudsync-ldif-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Reading {
  readonly objects: number;
  /** The most memory the process ever held. */
  readonly bytes: number;
}

/** Reads a made-up domain of so many users from a file of its own, in a process of its own. */
async function read(users: number): Promise<Reading & { readonly size: number }> {
  const file = join(folder, `${users}.ldf`);
  const out = openSync(file, 'w');
  // What is only there for slapd has no GUID.
  const withoutConfiguration = new RegExp(`dn: (?:CN=[^,\\n]*,)*CN=Configuration,${baseDn}\\n(?:.+\\n)*\\n`, 'g');
  for (const piece of domainLdif({ users })) writeSync(out, piece.replaceAll(withoutConfiguration, ''));
  closeSync(out);
  const script = `
    import { openLdif } from ${JSON.stringify(join(import.meta.dirname, '../index.ts'))};
    const source = openLdif({ connector: 'test/volume', domain: ${JSON.stringify(domain)}, file: ${JSON.stringify(file)} });
    const attributes = ['displayName', 'mail', 'proxyAddresses', 'manager', 'userAccountControl', 'mS-DS-ConsistencyGuid'];
    for await (const event of source.full({ signal: new AbortController().signal, attributes }))
      if (event.type === 'complete')
        console.log(JSON.stringify({ objects: event.objects, bytes: process.resourceUsage().maxRSS * 1024 }));
  `;
  // As the product keeps its heaps.
  const heap = ['--max-semi-space-size=8', '--heap-growing-percent=30'];
  const flags = [...heap, '--input-type=module-typescript', '--eval', script];
  const { stdout } = await run(process.execPath, flags);
  const size = statSync(file).size;
  rmSync(file);
  return { ...(JSON.parse(stdout) as Reading), size };
}

test('a file of 1 GB takes no more memory than one of 100 MB but for the GUIDs seen', async () => {
  const small = await read(100_000);
  const large = await read(1_150_000);
  expect(large.objects).toBe(1_150_000 + 53);
  expect(large.size).toBeGreaterThan(2 ** 30);
  // 16 bytes a GUID in a table at most three quarters full, and half of that once more while it grows.
  expect(large.bytes - small.bytes).toBeLessThan(96 * 2 ** 20);
  expect(large.bytes).toBeLessThan(256 * 2 ** 20);
});
