import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { bundleDashboard } from './dashboard.ts';

/** `npm run build`: the daemon, started by `build/out/cloudsync.mjs`, with its workers, data files and add-ons beside it. */

export const root = join(import.meta.dirname, '..');

export interface Bundle {
  readonly folder: string;
  readonly main: string;
  /** What a shell runs in place of `main`. */
  readonly launcher: string;
  /** Workers and data files, by the names they are asked for. */
  readonly assets: readonly string[];
  /** The SQLite add-on for a platform. */
  addon(platform: string): string;
}

const sqlite = join(root, 'node_modules', 'better-sqlite3');
const embedded = join(import.meta.dirname, 'embedded.ts');
const besideCode = /new URL\(\s*'([^']+)',\s*import\.meta\.url,?\s*\)/g;
const textBesideCode = /readFileSync\(\s*new URL\(\s*'([^']+)',\s*import\.meta\.url,?\s*\),\s*'utf8',?\s*\)/g;

/** What the sources name by `new URL(..., import.meta.url)`: full paths, by base name. */
type Found = Map<string, string>;

function note(found: Found, path: string): string {
  const name = basename(path).replace(/\.ts$/, '.mjs');
  const known = found.get(name);
  if (known !== undefined && known !== path)
    throw new Error(`two files to embed are called ${name}: ${known}, ${path}`);
  found.set(name, path);
  return name;
}

/**
 * Texts are inlined, workers and other files go through `embedded.ts`. Any other use of `import.meta` would work from
 * source and break in the binary: it fails the build.
 */
function embed(found: Found): Plugin {
  return {
    name: 'embed',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!source.includes('import.meta') || path === embedded) return undefined;
        const texts = new Map<string, string>();
        for (const [, name = ''] of source.matchAll(textBesideCode)) {
          texts.set(name, await readFile(resolve(dirname(path), name), 'utf8'));
        }
        const contents = source
          .replace(textBesideCode, (_, name: string) => JSON.stringify(texts.get(name)))
          .replace(besideCode, (_, name: string) => {
            const call = name.endsWith('.ts') ? 'worker' : 'file';
            return `embedded.${call}('${note(found, resolve(dirname(path), name))}')`;
          });
        if (contents.includes('import.meta')) {
          throw new Error(`${relative(root, path)}: only new URL('./file', import.meta.url) can be bundled`);
        }
        return { contents: `import * as embedded from ${JSON.stringify(embedded)};${contents}`, loader: 'ts' };
      });
    },
  };
}

/** better-sqlite3 looks for its add-on in its own package: here it is handed the embedded one. */
const embeddedSqlite: Plugin = {
  name: 'embedded-sqlite',
  setup(build) {
    build.onResolve({ filter: /^better-sqlite3$/ }, ({ path }) => ({ path, namespace: 'embedded-sqlite' }));
    build.onLoad({ filter: /.*/, namespace: 'embedded-sqlite' }, () => ({
      resolveDir: root,
      contents: `
        import { addon } from ${JSON.stringify(embedded)};
        import create from ${JSON.stringify(join(sqlite, 'lib', 'database.js'))};
        import SqliteError from ${JSON.stringify(join(sqlite, 'lib', 'sqlite-error.js'))};
        export default Object.assign(create(() => addon('better-sqlite3'), false), { SqliteError });
      `,
    }));
  },
};

const oldestNode = 26;

/** An older Node cannot even parse the program, and would say so with a line of its code. */
const launcher = `#!/usr/bin/env node
if (Number.parseInt(process.version.slice(1), 10) >= ${oldestNode}) await import('./main.mjs');
else {
  process.stderr.write(\`cloudsync: Node.js ${oldestNode} or later is needed, and this is \${process.version}. Install it, or run npx cloudsync in the checkout, which has one.\\n\`);
  process.exitCode = 1;
}
`;

async function bundleOne(entry: string, outfile: string, found: Found): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: `node${oldestNode}`,
    // An error's name is its class's.
    keepNames: true,
    legalComments: 'eof',
    logLevel: 'warning',
    banner: {
      // Packages in CommonJS ask for Node's own modules by require.
      js: `import { createRequire as createRequireOfNode } from 'node:module';
const require = createRequireOfNode(process.execPath);`,
    },
    plugins: [embed(found), embeddedSqlite],
  });
}

/** A program with its workers, data files and add-ons beside it; gives the names of the former. */
export async function bundleProgram(entry: string, outfile: string): Promise<readonly string[]> {
  const out = dirname(outfile);
  const found: Found = new Map();
  await bundleOne(entry, outfile, found);
  // A worker may name further workers while it is bundled: the map grows under the loop.
  for (const [name, path] of found) {
    if (path.endsWith('.ts')) await bundleOne(path, join(out, name), found);
    else await copyFile(path, join(out, name));
  }
  for (const file of await readdir(join(sqlite, 'prebuilds'))) {
    const addon = join(out, `better-sqlite3-${file}`);
    await copyFile(join(sqlite, 'prebuilds', file), `${addon}.new`);
    // A daemon that runs has the old one in its memory: written over, it would take the daemon down.
    await rename(`${addon}.new`, addon);
  }
  return [...found.keys()];
}

/** Leaves in `out` what other builds put there. */
export async function bundle(out = join(import.meta.dirname, 'out')): Promise<Bundle> {
  await mkdir(out, { recursive: true });
  await bundleDashboard();
  const main = join(out, 'main.mjs');
  const launched = join(out, 'cloudsync.mjs');
  const assets = await bundleProgram(join(root, 'daemon', 'main.ts'), main);
  await writeFile(launched, launcher, { mode: 0o755 });
  return {
    folder: out,
    main,
    launcher: launched,
    assets: assets.map((name) => join(out, name)),
    addon: (platform) => join(out, `better-sqlite3-${platform}.node`),
  };
}

if (import.meta.main) {
  const { launcher, main, assets } = await bundle();
  console.log([launcher, main, ...assets].map((path) => relative(root, path)).join('\n'));
}
