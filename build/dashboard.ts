import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** The dashboard's page as the daemon serves it: `build/out/dashboard/dashboard.js` and `.css`. */

const modules = join(import.meta.dirname, '..', 'node_modules');
const page = join(import.meta.dirname, '..', 'daemon', 'dashboard', 'page');

/** MIT asks that its notice goes along. */
async function notices(...packages: readonly string[]): Promise<string> {
  const texts = packages.map(async (name) => {
    const folder = join(modules, name);
    const [file = 'LICENSE'] = (await readdir(folder)).filter((entry) => entry.startsWith('LICENSE'));
    return `${name}\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`;
  });
  return `/*!\n${(await Promise.all(texts)).join('\n\n')}\n*/`;
}

export async function bundleDashboard(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ['main.tsx', 'dashboard.css'].map((name) => ({ in: join(page, name), out: 'dashboard' })),
    outdir: join(import.meta.dirname, 'out', 'dashboard'),
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox128', 'safari18'],
    banner: { js: await notices('preact', 'uplot'), css: await notices('@picocss/pico', 'uplot') },
    legalComments: 'none',
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
