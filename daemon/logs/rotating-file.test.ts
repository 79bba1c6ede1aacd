import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RotatingFile } from './rotating-file.ts';

const run = promisify(execFile);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-rotating-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Two lines of 50 bytes fill a file. */
const options = () => ({ folder, name: 'log', size: 100, files: 10 });
const lineOf = (i: number): string => `${String(i).padStart(49)}\n`;
const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

async function write(file: RotatingFile, from: number, to: number): Promise<void> {
  for (const i of numbers(from, to)) await new Promise((done) => file.write(lineOf(i), done));
}

/** The newest first. */
const files = (): readonly (readonly number[])[] =>
  readdirSync(folder)
    .filter((name) => /^log(\.\d+)?\.log$/.test(name))
    .sort((a, b) => Number(a.match(/\d+/)?.[0] ?? 0) - Number(b.match(/\d+/)?.[0] ?? 0))
    .map((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n').map(Number));
const kept = (): readonly number[] =>
  files()
    .flat()
    .sort((a, b) => a - b);

test('keeps ten files and lets the oldest go', async () => {
  const file = new RotatingFile(options());
  await write(file, 0, 50);
  expect(files()).toHaveLength(10);
  expect(files()[0]).toEqual([48, 49]);
  expect(kept()).toEqual(numbers(30, 50));
});

test('touches no file while it can open none, and goes on with the next one when it can', async () => {
  const script = `
    const { closeSync, openSync } = await import('node:fs');
    const { RotatingFile } = await import(${JSON.stringify(join(import.meta.dirname, 'rotating-file.ts'))});
    const file = new RotatingFile(${JSON.stringify(options())});
    const write = async (from, to) => {
      for (let i = from; i < to; i += 1)
        await new Promise((done) => file.write(String(i).padStart(49) + '\\n', done));
    };
    await write(0, 20);
    const taken = [];
    try {
      for (;;) taken.push(openSync('/dev/null'));
    } catch (error) {
      console.log(error.code);
    }
    await write(20, 40);
    for (const one of taken) closeSync(one);
    await write(40, 46);
  `;
  const node = [process.execPath, '--input-type=module', '--eval', script];
  const { stdout } = await run('sh', ['-c', 'ulimit -n 100; exec "$@"', 'sh', ...node]);
  expect(stdout).toContain('EMFILE');
  expect(files()).toHaveLength(10);
  expect(kept()).toEqual(numbers(6, 46));
});

test('shifts none while one will not move, and loses none by trying again', async () => {
  const file = new RotatingFile({ ...options(), files: 4 });
  await write(file, 0, 6);
  // No file takes the place of a folder.
  mkdirSync(join(folder, 'log.3.log'));
  await write(file, 6, 30);
  rmSync(join(folder, 'log.3.log'), { recursive: true });
  expect(files()).toHaveLength(3);
  expect(kept()).toEqual(numbers(0, 30));
  await write(file, 30, 31);
  expect(files()).toHaveLength(4);
  expect(kept()).toEqual(numbers(0, 31));
});
