import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { getRawAsset, isSea } from 'node:sea';
import { pathToFileURL } from 'node:url';
import { UnpackFolderError } from './errors.ts';

/**
 * What travels with the bundle: worker scripts, data files, the SQLite add-on. The sources name them by
 * `new URL('./name', import.meta.url)`; the bundler puts the calls below in its place. Beside the bundle they are
 * files, in the single binary assets.
 */

export function worker(name: string): URL {
  if (!isSea()) return beside(name);
  return new URL(`data:text/javascript;base64,${asset(name).toString('base64')}`);
}

export function file(name: string): URL {
  return isSea() ? pathToFileURL(unpacked(name)) : beside(name);
}

export function addon(name: string): unknown {
  const file = `${name}-${process.platform}-${process.arch}.node`;
  const module = { exports: {} };
  process.dlopen(module, isSea() ? unpacked(file) : join(import.meta.dirname, file));
  return module.exports;
}

function beside(name: string): URL {
  return pathToFileURL(join(import.meta.dirname, name));
}

function asset(name: string): Buffer {
  return Buffer.from(getRawAsset(name));
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The operating system loads an add-on only from a file: so it is written, to where nobody else can, and never trusted. */
function unpacked(name: string): string {
  const content = asset(name);
  const digest = sha256(content);
  const folder = ownFolder();
  const path = join(folder, `${digest.slice(0, 16)}-${name}`);
  if (!holds(path, digest)) {
    const fresh = `${path}.${randomUUID()}`;
    writeFileSync(fresh, content, { mode: 0o400, flag: 'wx' });
    renameSync(fresh, path);
  }
  return path;
}

function holds(path: string, digest: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && sha256(readFileSync(path)) === digest;
}

function ownFolder(): string {
  const folder = cacheFolder(process.platform, process.env);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UnpackFolderError(folder, 'it cannot be made', error);
  }
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new UnpackFolderError(folder, 'it is not a folder');
  // Windows gives each profile's AppData to its user alone.
  if (process.getuid !== undefined) {
    if (found.uid !== process.getuid()) throw new UnpackFolderError(folder, 'it belongs to another user');
    if ((found.mode & 0o077) !== 0) throw new UnpackFolderError(folder, 'others may enter it');
  }
  return folder;
}

/** `CACHE_DIRECTORY` is what systemd calls a service's own cache. */
function cacheFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'CloudSync', 'unpacked');
  }
  return join(env['CACHE_DIRECTORY'] ?? env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'cloudsync');
}
