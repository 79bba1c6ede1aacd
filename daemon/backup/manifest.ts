import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { BackupBrokenError } from '../errors.ts';

const shape = z.object({
  format: z.literal(1),
  program: z.string(),
  at: z.iso.datetime(),
  files: z.array(
    z.object({ path: z.string().regex(/^[\w.-]+(\/[\w.-]+)*$/), bytes: z.number().int(), sha256: z.string() }),
  ),
});

/** What a backup holds, with the digest of each file: written last, so that without it there is no backup. */
export type Manifest = z.infer<typeof shape>;

export const manifestName = 'manifest.json';

export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Reads a backup's manifest and checks every file against it. */
export async function readManifest(folder: string): Promise<Manifest> {
  let manifest: Manifest;
  try {
    manifest = shape.parse(JSON.parse(readFileSync(join(folder, manifestName), 'utf8')));
  } catch (error) {
    throw new BackupBrokenError(folder, 'it has no manifest that can be read', error);
  }
  for (const { path, sha256 } of manifest.files) {
    if (path.split('/').includes('..')) throw new BackupBrokenError(folder, `${path} leads out of it`);
    const found = await digestOf(join(folder, path)).catch(() => undefined);
    if (found !== sha256) {
      throw new BackupBrokenError(
        folder,
        `${path} ${found === undefined ? 'is missing' : 'is not what was backed up'}`,
      );
    }
  }
  return manifest;
}
