import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type Configuration, checkConfiguration } from '../../src/config/index.ts';
import { parseDataFile, writePrivate } from '../data-folder.ts';

const facts = z.object({
  version: z.number().int(),
  /** SHA-256 of the text, hex. */
  digest: z.string(),
  appliedAt: z.iso.datetime(),
  file: z.string(),
  actor: z.string(),
});

/** A configuration as it was put into force. */
export type AppliedConfiguration = z.infer<typeof facts> & { readonly text: string };

/** Every configuration that was ever in force on a data folder, by number from 1. Their texts hold no secrets. */
export class ConfigurationHistory {
  readonly #folder: string;

  constructor(dataDirectory: string) {
    this.#folder = join(dataDirectory, 'configurations');
  }

  /** Newest first. */
  list(): readonly number[] {
    try {
      return readdirSync(this.#folder)
        .flatMap((name) => name.match(/^(\d+)\.json$/)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => b - a);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }

  get(version: number): AppliedConfiguration | undefined {
    if (!this.list().includes(version)) return undefined;
    const text = readFileSync(this.#file(version, 'yaml'), 'utf8');
    const file = this.#file(version, 'json');
    const found = parseDataFile(
      file,
      readFileSync(file, 'utf8'),
      facts,
      'Put it back from a backup, or remove it together with the version’s .yaml: the history is then one version shorter.',
    );
    return { ...found, text };
  }

  latest(): AppliedConfiguration | undefined {
    const [version] = this.list();
    return version === undefined ? undefined : this.get(version);
  }

  /** Notes the configuration that is now in force; the same one twice is noted once. */
  note(file: string, text: string, { at, actor }: { at: Date; actor: string }): AppliedConfiguration {
    const digest = createHash('sha256').update(text).digest('hex');
    const latest = this.latest();
    if (latest?.digest === digest) return latest;
    const version = (latest?.version ?? 0) + 1;
    const applied = { version, digest, appliedAt: at.toISOString(), file: basename(file), actor };
    // The facts last: a version without them is not there.
    writePrivate(this.#file(version, 'yaml'), text);
    writePrivate(this.#file(version, 'json'), `${JSON.stringify(applied, null, 2)}\n`);
    return { ...applied, text };
  }

  #file(version: number, extension: string): string {
    return join(this.#folder, `${String(version).padStart(6, '0')}.${extension}`);
  }
}

/** A text that was checked before, as a document with its defaults. */
export function documentOf({ file, text }: Pick<AppliedConfiguration, 'file' | 'text'>): Configuration {
  const { document, errors } = checkConfiguration(file, text);
  if (document === undefined) throw errors[0];
  return document;
}
