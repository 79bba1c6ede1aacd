import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { bundle, root } from './bundle.ts';
import { needDebianPackages } from './debian.ts';

/** `npm test`: sets up, builds, runs every suite of both languages, and ends with one line over all of them. */

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const none: Counts = { passed: 0, failed: 0, skipped: 0 };

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

function node(script: string, ...words: string[]): Promise<{ code: number; output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>();
  const child = spawn(process.execPath, [script, ...words], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    output += text;
  });
  child.on('error', reject);
  child.on('close', (code) => resolve({ code: code ?? 1, output }));
  return promise;
}

async function vitest(): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudsync-test-'));
  const file = join(folder, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  try {
    const { code } = await node(vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`);
    const counts = { ...none };
    for (const { name, status, assertionResults } of report.parse(JSON.parse(await readFile(file, 'utf8')))
      .testResults) {
      for (const test of assertionResults) {
        if (test.status === 'passed') counts.passed += 1;
        else if (test.status === 'failed') counts.failed += 1;
        else {
          counts.skipped += 1;
          console.log(`skipped: ${name}: ${test.fullName}`);
        }
      }
      // A file that could not even be loaded has no tests to fail.
      if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) counts.failed += 1;
    }
    // An unhandled rejection fails the run without failing a test.
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function powerShell(): Promise<Counts> {
  const { code, output } = await node(join(root, 'powershell', 'test.mjs'));
  const [, passed = 0, failed = 0, skipped = 0] =
    output.match(/^(\d+) passed, (\d+) failed, (\d+) skipped$/m)?.map(Number) ?? [];
  return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed, skipped };
}

async function buildModule(): Promise<Counts> {
  const { code } = await node(join(root, 'powershell', 'build.mjs'));
  if (code !== 0) throw new Error('The module does not build.');
  return none;
}

/** A step that cannot be done is one failure. */
async function step(name: string, work: () => Promise<Counts>): Promise<Counts> {
  const started = performance.now();
  console.log(`\n== ${name}`);
  const counts = await work().catch((error: unknown) => {
    console.log(error instanceof Error ? error.message : error);
    return { ...none, failed: 1 };
  });
  console.log(`== ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return counts;
}

const steps: Readonly<Record<string, () => Promise<Counts>>> = {
  build: async () => {
    await bundle();
    return none;
  },
  'build:module': buildModule,
  'tests in TypeScript': vitest,
  'tests in PowerShell': powerShell,
};

const total = {
  ...(await step('set-up', async () => {
    needDebianPackages();
    return none;
  })),
};
if (total.failed === 0) {
  for (const [name, work] of Object.entries(steps)) {
    const { passed, failed, skipped } = await step(name, work);
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
