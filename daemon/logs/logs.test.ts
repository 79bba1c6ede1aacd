import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Level } from '../../src/model/index.ts';
import { type LogLine, Logs } from './logs.ts';
import { Redactor } from './redact.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (level: Level = 'info', redactor = new Redactor()): Logs =>
  new Logs({ dataDirectory: folder, level, redactor, now: () => new Date(0) });
const written = (): string[] =>
  readdirSync(join(folder, 'logs'))
    .sort()
    .flatMap((name) => readFileSync(join(folder, 'logs', name), 'utf8').split('\n'))
    .filter((line) => line !== '');

test('writes each line as JSON, by time, level, subsystem and event, before it closes', async () => {
  {
    await using logs = open();
    logs.of('engine')('info', 'cycleStarted', { cycle: 7 });
    logs.of('api')('debug', 'clientError', {});
  }
  expect(written().map((line) => JSON.parse(line) as object)).toEqual([
    {
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      subsystem: 'engine',
      event: 'cycleStarted',
      eventId: 200,
      cycle: 7,
    },
  ]);
  expect(statSync(join(folder, 'logs', 'cloudsync.log')).mode & 0o777).toBe(0o600);
});

test('lets no secret through: not to the file, not to memory, not to whoever listens', async () => {
  const redactor = new Redactor();
  redactor.know('Canary~1');
  const heard: LogLine[] = [];
  {
    await using logs = open('info', redactor);
    using _ = logs.listen((line) => heard.push(line));
    logs.of('engine')('warn', 'importFailed', {
      message: 'with Canary~1',
      password: 'Canary~2',
      deep: { token: ['Canary~3'] },
    });
    expect(JSON.stringify(logs.recent({ level: 'debug' }, undefined, 10))).not.toContain('Canary');
  }
  expect(JSON.stringify(heard)).not.toContain('Canary');
  expect(heard).toHaveLength(1);
  expect(written().join()).not.toContain('Canary');
});

test('begins another file when one is full, and loses no line by it', async () => {
  const text = 'x'.repeat(100_000);
  const lines = 150;
  {
    await using logs = open();
    for (let i = 0; i < lines; i += 1) {
      logs.of('engine')('info', 'imported', { i, text });
      // The disk is given its turn, as between real events.
      if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  expect(readdirSync(join(folder, 'logs')).length).toBeGreaterThan(1);
  const seen = written().map((line) => (JSON.parse(line) as { i: number }).i);
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: lines }, (_, i) => i));
});

test('keeps the latest lines for whoever asks, by level and page', async () => {
  await using logs = open('debug');
  for (let i = 0; i < 3000; i += 1) logs.of('engine')(i % 2 === 0 ? 'info' : 'debug', 'imported', { i });
  const page = logs.recent({ level: 'info' }, undefined, 2);
  expect(page.map(({ fields }) => fields['i'])).toEqual([2998, 2996]);
  expect(logs.recent({ level: 'info' }, page.at(-1)?.seq, 1).map(({ fields }) => fields['i'])).toEqual([2994]);
  expect(logs.recent({ level: 'debug' }, undefined, 10_000)).toHaveLength(2000);
});
