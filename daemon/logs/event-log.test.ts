import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EventName, events } from '../../src/model/index.ts';
import { startTestService } from '../../test/daemon/service.ts';
import { EventLog, eventCreateOf } from './event-log.ts';
import { Logs } from './logs.ts';
import { Redactor } from './redact.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-events-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As strict as Windows' own, by its reference page; writes down each event. `refuse` beside it makes it refuse. */
const standIn = `
const { parseArgs } = require('node:util');
const { appendFileSync, existsSync } = require('node:fs');
const words = process.argv.slice(2);
const known = ['/L', '/SO', '/T', '/ID', '/D'];
const end = (text) => { console.error('ERROR: ' + text); process.exit(1); };
if (existsSync(__dirname + '/refuse')) {
  appendFileSync(__dirname + '/refused', 'x');
  end('Access is denied.');
}
const given = {};
for (let i = 0; i < words.length; i += 2) {
  if (!known.includes(words[i]) || words[i] in given || !words[i + 1]) end('Invalid argument/option - ' + words[i]);
  given[words[i]] = words[i + 1];
}
if (given['/L'] !== 'APPLICATION' || given['/SO'] !== 'CloudSync') end('Invalid log or source.');
if (!['SUCCESS', 'ERROR', 'WARNING', 'INFORMATION'].includes(given['/T'])) end('Invalid type.');
if (!/^[0-9]+$/.test(given['/ID']) || Number(given['/ID']) < 1 || Number(given['/ID']) > 1000) end('Invalid ID.');
if (words.join(' ').length > 32000) end('The command line is too long.');
appendFileSync(__dirname + '/written', JSON.stringify([given['/T'], Number(given['/ID']), given['/D']]) + '\\n');
`;

function program(): string {
  writeFileSync(join(folder, 'eventcreate.cjs'), standIn);
  const file = join(folder, 'eventcreate');
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${join(folder, 'eventcreate.cjs')}' "$@"\n`);
  chmodSync(file, 0o700);
  return file;
}

type Written = readonly [type: string, id: number, text: string];
const written = (): readonly Written[] =>
  existsSync(join(folder, 'written'))
    ? readFileSync(join(folder, 'written'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Written)
    : [];

interface Open extends AsyncDisposable {
  readonly logs: Logs;
}

function open(redactor = new Redactor()): Open {
  const logs = new Logs({ dataDirectory: folder, level: 'debug', redactor, now: () => new Date(0) });
  const eventLog = new EventLog(program(), logs);
  return {
    logs,
    async [Symbol.asyncDispose]() {
      await eventLog[Symbol.asyncDispose]();
      await logs[Symbol.asyncDispose]();
    },
  };
}

test('writes what an admin has to know, as its type, with its number and the line of the file', async () => {
  {
    await using opened = open();
    const log = opened.logs.of('engine');
    log('info', 'starting', { version: '1' });
    log('error', 'importFailed', { code: 'CS2001', message: 'dc1 does not answer.', remedy: 'Start it.' });
    log('warn', 'heldByGuard', { guard: 'deletes', held: 7 });
    log('info', 'imported', { read: 10 });
    log('warn', 'operationFailed', { anchor: 'x' });
    log('debug', 'syncFault', {});
  }
  expect(written()).toEqual([
    ['INFORMATION', 100, expect.stringContaining('The daemon starts. {"time"')],
    ['ERROR', 300, expect.stringContaining('A directory could not be read. dc1 does not answer. Start it. {"time"')],
    ['WARNING', 210, expect.stringContaining('"guard":"deletes","held":7}')],
  ]);
  const [, [, , text]] = written() as [Written, Written, Written];
  const line: unknown = JSON.parse(text.slice(text.indexOf('{')));
  const file = readFileSync(join(folder, 'logs', 'cloudsync.log'), 'utf8').split('\n');
  expect(line).toEqual(JSON.parse(file[1] ?? ''));
  expect(line).toMatchObject({ event: 'importFailed', eventId: 300, level: 'error', subsystem: 'engine' });
});

test('keeps texts whole that the event viewer or a command line would take apart, and cuts what is too long', async () => {
  {
    await using opened = open();
    const log = opened.logs.of('engine');
    log('warn', 'watchFailed', { message: 'fe80::1%12 "quoted" \\ %%1234 ünï & | > $(x) `y` 100%\nnext\0' });
    log('warn', 'watchFailed', { message: 'x'.repeat(100_000) });
  }
  const [first, second] = written();
  expect(first?.[2]).toContain('fe80::1% 12 "quoted" \\ % % 1234 ünï & | > $(x) `y` 100%\nnext');
  expect(second?.[2]).toHaveLength(8000);
});

test('has the life of a daemon: that it started, that a cycle failed, and that it stopped', async () => {
  {
    await using daemon = await startTestService({ tenant: 'nobody', eventCreate: program() });
    const { ended } = await daemon.service.cycles.start({ type: 'delta', preview: false, trigger: 'manual' });
    expect((await ended).state).toBe('failed');
  }
  expect(written().map(([type, id]) => [type, id])).toEqual([
    ['INFORMATION', events.starting.id],
    ['INFORMATION', events.configurationInForce.id],
    ['ERROR', events.cycleEnded.id],
    ['INFORMATION', events.stopped.id],
  ]);
  expect(written()[2]?.[2]).toMatch(/^A cycle ended\. .*"code":"CS4\d{3}"/);
});

test('lets no secret through', async () => {
  const redactor = new Redactor();
  redactor.know('Canary~1');
  {
    await using opened = open(redactor);
    opened.logs.of('engine')('error', 'importFailed', { message: 'with Canary~1', password: 'Canary~2' });
  }
  expect(written()).toHaveLength(1);
  expect(JSON.stringify(written())).not.toContain('Canary');
});

test('says once that Windows takes nothing, and writes again when it does', async () => {
  {
    await using opened = open();
    const log = opened.logs.of('engine');
    writeFileSync(join(folder, 'refuse'), '');
    for (let i = 0; i < 3; i += 1) log('warn', 'watchFailed', { i });
    await expect
      .poll(() => opened.logs.recent({ level: 'warn' }, undefined, 100).map(({ event }) => event))
      .toContain('eventLogFailed');
    await expect.poll(() => readFileSync(join(folder, 'refused'), 'utf8')).toBe('xxx');
    const told = opened.logs
      .recent({ level: 'warn' }, undefined, 100)
      .filter(({ event }) => event === 'eventLogFailed');
    expect(told.map(({ fields }) => fields['reason'])).toEqual(['ERROR: Access is denied. (1)']);
    rmSync(join(folder, 'refuse'));
    log('warn', 'watchFailed', { i: 'last' });
  }
  expect(written().at(-1)?.[2]).toContain('"i":"last"');
});

test('counts what a storm of events leaves no room for', async () => {
  {
    await using opened = open();
    const log = opened.logs.of('engine');
    for (let i = 0; i < 120; i += 1) log('warn', 'watchFailed', { i });
    await expect.poll(() => written().length, { timeout: 60_000 }).toBeGreaterThan(0);
  }
  expect(written()).toHaveLength(100);
  expect(
    written()
      .map(([, , text]) => text)
      .join(),
  ).toContain('(20 events before it are in the log');
}, 120_000);

test('gives each event a number of its own that eventcreate takes', () => {
  const ids = Object.values(events).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => Number.isInteger(id) && id >= 1 && id <= 1000)).toBe(true);
});

/** What alerts are made of. A line may be added here, none may change. */
const promised: Readonly<Partial<Record<EventName, number>>> = {
  starting: 100,
  stopped: 103,
  threadEnded: 110,
  cycleEnded: 201,
  heldByGuard: 210,
  quarantined: 212,
  importFailed: 300,
  passwordsFailed: 500,
};

test.each(Object.entries(promised))('keeps the number of %s', (event, id) => {
  expect(events[event as EventName].id).toBe(id);
});

test('is of Windows, and the system’s own program there, whatever the path says', () => {
  expect(eventCreateOf('linux', {})).toBeUndefined();
  expect(eventCreateOf('win32', { SystemRoot: 'C:\\WINNT', PATH: 'C:\\evil' })?.replaceAll('/', '\\')).toBe(
    'C:\\WINNT\\System32\\eventcreate.exe',
  );
});
