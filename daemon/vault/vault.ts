import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { makeFolder, writePrivate } from '../data-folder.ts';
import { VaultError } from '../errors.ts';

const bytes = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const shape = z.object({
  format: z.literal(1),
  secrets: z.record(z.string(), z.object({ iv: bytes, tag: bytes, data: bytes, at: z.iso.datetime() })),
});
type Content = z.infer<typeof shape>;

/** Milliseconds to wait for another writer, which takes a few. */
const patience = 5000;

export const secretName = /^[A-Za-z0-9][\w.-]{0,99}$/;

export interface KeptSecret {
  readonly name: string;
  readonly at: string;
}

/**
 * Secrets at rest: `vault.json` in the data folder, each by AES-256-GCM bound to its name. The key is a file of its own,
 * which `CLOUDSYNC_VAULT_KEY` names; left out, it lies beside as `vault.key`, readable by its owner alone, which keeps
 * secrets out of backups and copies of the state but not from whoever reads the folder.
 */
export class SecretVault {
  readonly #folder: string;
  readonly #file: string;
  readonly #keyFile: string;

  constructor(dataDirectory: string, env: Readonly<Record<string, string | undefined>>) {
    this.#folder = dataDirectory;
    this.#file = join(dataDirectory, 'vault.json');
    this.#keyFile = env['CLOUDSYNC_VAULT_KEY'] ?? join(dataDirectory, 'vault.key');
  }

  /** Read anew each time: a secret that was replaced counts from then on. */
  get(name: string): string | undefined {
    const secret = this.#read().secrets[name];
    if (secret === undefined) return undefined;
    const part = (text: string): Buffer => Buffer.from(text, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key(), part(secret.iv), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(name)).setAuthTag(part(secret.tag));
      return Buffer.concat([decipher.update(part(secret.data)), decipher.final()]).toString('utf8');
    } catch (error) {
      if (error instanceof VaultError) throw error;
      throw new VaultError(this.#file, `${name} was not written with the key of ${this.#keyFile}`, error);
    }
  }

  list(): readonly KeptSecret[] {
    return Object.entries(this.#read().secrets).map(([name, { at }]) => ({ name, at }));
  }

  set(name: string, value: string, now: Date): void {
    this.#alone(() => this.#set(name, value, now));
  }

  #set(name: string, value: string, now: Date): void {
    const content = this.#read();
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key(), iv, { authTagLength: 16 }).setAAD(Buffer.from(name));
    const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]).toString('base64');
    const secret = {
      iv: iv.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      data,
      at: now.toISOString(),
    };
    this.#write({ ...content, secrets: { ...content.secrets, [name]: secret } });
  }

  /** `false` where there was none. */
  remove(name: string): boolean {
    if (!Object.hasOwn(this.#read().secrets, name)) return false;
    return this.#alone(() => {
      const { [name]: secret, ...secrets } = this.#read().secrets;
      if (secret !== undefined) this.#write({ format: 1, secrets });
      return secret !== undefined;
    });
  }

  /**
   * One writer at a time, of the daemon and of commands beside it: each replaces the file as a whole, from what it has read.
   * The lock is SQLite's, as the data folder's is, so that it ends with its process.
   */
  #alone<T>(work: () => T): T {
    makeFolder(this.#folder);
    const lock = join(this.#folder, 'vault.lock');
    closeSync(openSync(lock, 'a', 0o600));
    const database = new Sqlite(lock, { timeout: patience });
    try {
      database.exec('BEGIN EXCLUSIVE');
      return work();
    } catch (error) {
      if (error instanceof Sqlite.SqliteError) throw new VaultError(this.#file, 'another program is writing it', error);
      throw error;
    } finally {
      database.close();
    }
  }

  #read(): Content {
    if (!existsSync(this.#file)) return { format: 1, secrets: {} };
    try {
      return shape.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      throw new VaultError(this.#file, 'it is not a vault', error);
    }
  }

  #write(content: Content): void {
    writePrivate(this.#file, `${JSON.stringify(content, null, 2)}\n`);
  }

  /** Made with the first secret; one that is missing afterwards is not made again. */
  #key(): Buffer {
    if (!existsSync(this.#keyFile)) {
      if (existsSync(this.#file)) throw new VaultError(this.#file, `its key ${this.#keyFile} is missing`);
      writePrivate(this.#keyFile, `${randomBytes(32).toString('base64')}\n`);
    }
    const key = Buffer.from(readFileSync(this.#keyFile, 'utf8').trim(), 'base64');
    if (key.length !== 32)
      throw new VaultError(this.#file, `${this.#keyFile} is not a key: 32 bytes in base64 are needed`);
    return key;
  }
}
