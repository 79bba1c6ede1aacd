import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** The dashboard's page as the daemon serves it: `build/out/dashboard/dashboard.js` and `.css`. */

const page = join(import.meta.dirname, '..', 'daemon', 'dashboard', 'page');

export async function bundleDashboard(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ['main.tsx', 'dashboard.css'].map((name) => ({ in: join(page, name), out: 'dashboard' })),
    outdir: join(import.meta.dirname, 'out', 'dashboard'),
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox128', 'safari18'],
    legalComments: 'eof',
    charset: 'utf8',
    logLevel: 'warning',
  });
  for (const { path, text } of outputFiles) await replace(path, text);
}

/** A daemon that is being tried out meanwhile reads the old text or the new one, never a part. */
async function replace(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${randomUUID()}`;
  await writeFile(fresh, text);
  await rename(fresh, path);
}

if (import.meta.main) await bundleDashboard();
