import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bundleDashboard } from './dashboard.ts';

const read = (name: string): Promise<string> => readFile(join(import.meta.dirname, 'out', 'dashboard', name), 'utf8');

beforeAll(() => bundleDashboard());

test('the page stays small', async () => {
  expect((await read('dashboard.js')).length).toBeLessThan(130_000);
  expect((await read('dashboard.css')).length).toBeLessThan(100_000);
});

test('the page carries types of the daemon, and none of its code', async () => {
  const script = await read('dashboard.js');
  expect(script).not.toMatch(/node:|ZodType|better-sqlite3|createHash/);
});

test('the page carries the notices of what it is made of', async () => {
  const [script, style] = [await read('dashboard.js'), await read('dashboard.css')];
  for (const name of ['preact', 'uplot']) expect(script).toMatch(new RegExp(`^${name}\n\nThe MIT License`, 'm'));
  for (const name of ['@picocss/pico', 'uplot'])
    expect(style).toMatch(new RegExp(`^${name}\n\n(The )?MIT License`, 'm'));
});
