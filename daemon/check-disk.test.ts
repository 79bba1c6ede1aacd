import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkDisk } from './check-disk.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloudsync-disk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A disk with so many MiB free. */
const disk = (free: number) => (async () => ({ bavail: free, bsize: 2 ** 20 })) as unknown as typeof statfs;

test('room is wanted for the state once more, and a gibibyte at least', async () => {
  expect(await checkDisk(folder, disk(1024))).toMatchObject({ state: 'passed', remedy: null });
  expect(await checkDisk(folder, disk(1023))).toMatchObject({ state: 'warning', subject: folder });
  expect(await checkDisk(folder, disk(99))).toMatchObject({ state: 'failed' });
  const state = join(folder, 'state.db');
  writeFileSync(state, '');
  truncateSync(state, 3000 * 2 ** 20);
  const finding = await checkDisk(folder, disk(5000));
  expect(finding).toMatchObject({ state: 'warning', message: '5,000 MiB are free; the state has 3,000 MiB.' });
  expect(finding.remedy).toContain('6,000 MiB');
});

test('a real disk is looked at', async () => {
  expect((await checkDisk(folder)).message).toMatch(/^[\d,]+ MiB are free/);
});
