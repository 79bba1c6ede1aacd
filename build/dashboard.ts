import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The dashboard's page as the daemon serves it: `build/out/dashboard/dashboard.js` and `.css`. */

const root = join(import.meta.dirname, '..');

export async function bundleDashboard(): Promise<void> {
  const out = join(import.meta.dirname, 'out', 'dashboard');
  await mkdir(out, { recursive: true });
  await build({
    entryPoints: ['main.tsx', 'dashboard.css'].map((name) => ({
      in: join(root, 'daemon', 'dashboard', 'page', name),
      out: 'dashboard',
    })),
    outdir: out,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox128', 'safari18'],
    legalComments: 'eof',
    charset: 'utf8',
    logLevel: 'warning',
  });
}

if (import.meta.main) await bundleDashboard();
