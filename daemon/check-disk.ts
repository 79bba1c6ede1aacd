import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../src/engine/index.ts';

const mebibyte = 2 ** 20;
/** Below this nothing can be written for long. */
const least = 100 * mebibyte;
const ample = 1024 * mebibyte;

/** Whether the state has room to grow: a cycle that is short of it stops, safe and of no use. */
export async function checkDisk(folder: string, ask: typeof statfs = statfs): Promise<Finding> {
  const { bavail, bsize } = await ask(folder);
  const free = bavail * bsize;
  const state = statSync(join(folder, 'state.db'), { throwIfNoEntry: false })?.size ?? 0;
  // A vacuum, or a backup into the same place, takes as much again.
  const wanted = Math.max(ample, 2 * state);
  const message = `${show(free)} are free; the state has ${show(state)}.`;
  const finding = { check: 'disk', subject: folder, message, code: null };
  if (free >= wanted) return { ...finding, state: 'passed', remedy: null };
  return {
    ...finding,
    state: free < least ? 'failed' : 'warning',
    remedy: `Make room for ${show(wanted)} there, or name a data folder elsewhere with --data.`,
  };
}

function show(bytes: number): string {
  return `${Math.round(bytes / mebibyte).toLocaleString('en')} MiB`;
}
