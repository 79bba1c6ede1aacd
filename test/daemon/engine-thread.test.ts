import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenedEngine, openEngineOn } from '../../daemon/open-engine.ts';
import { loadConfiguration } from '../../src/config/index.ts';
import type { Cycle, Progress } from '../../src/engine/index.ts';
import { configurationText, domain, smallDirectory, user } from './service.ts';

/** The engine behind its message ports: the same interface, the same errors, and answers while it is busy. */

let folder: string;
let opened: OpenedEngine;
const lines: string[] = [];
const died: Error[] = [];
const never = new AbortController().signal;

const open = () =>
  openEngineOn({
    configuration: loadConfiguration(join(folder, 'cloudsync.yaml')),
    dataDirectory: join(folder, 'data'),
    env: process.env,
    log: (level, event) => lines.push(`${level} ${event}`),
    died: (error) => died.push(error),
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-engine-thread-'));
  const many = Array.from({ length: 400 }, (_, i) => user(`many${i}`)).join('');
  writeFileSync(join(folder, 'corp.ldf'), smallDirectory() + many);
  writeFileSync(join(folder, 'cloudsync.yaml'), configurationText('sandbox'));
  opened = await open();
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function run(
  signal: AbortSignal,
  seen: (progress: Progress) => void = () => {},
  started: (cycle: Cycle) => void = () => {},
) {
  return opened.engine.runCycle({ type: 'delta', preview: false, trigger: 'manual' }, signal, {
    started,
    progress: (_, progress) => seen(progress),
  });
}

describe('the engine in its thread', () => {
  test('answers every question while the largest import goes on', async () => {
    const answered: string[] = [];
    let asking: Promise<unknown> = Promise.resolve();
    const phases = new Set<string>();
    const ask = async ({ phase }: Progress): Promise<void> => {
      const { running } = await opened.engine.status();
      const page = await opened.engine.cycles({}, undefined, 1);
      // The answer came while the cycle ran, for it says so.
      if (running !== null && page.items[0]?.state === 'running') answered.push(phase);
    };
    const cycle = await run(never, (progress) => {
      phases.add(progress.phase);
      asking = Promise.all([asking, ask(progress)]);
    });
    await asking;
    expect(cycle).toMatchObject({ state: 'succeeded', counts: { created: 403, failed: 0 } });
    expect([...phases]).toEqual(expect.arrayContaining(['import', 'evaluate', 'plan', 'export']));
    expect(answered.length).toBeGreaterThan(2);
    expect(lines).toContain('info cycleEnded');
  });

  test('is stopped by a signal on this side', async () => {
    const controller = new AbortController();
    const cycle = await run(controller.signal, undefined, () => controller.abort());
    expect(cycle).toMatchObject({ state: 'stopped', error: { code: 'CS6002' } });
  });

  test('refuses with the codes it has on the other side', async () => {
    const first = run(never);
    await expect(run(never)).rejects.toMatchObject({ code: 'CS6001', retry: 'later' });
    expect(await first).toMatchObject({ state: 'succeeded' });
    await expect(opened.engine.release({ by: 'dn', value: 'CN=nobody' }, 'test')).rejects.toMatchObject({
      code: 'CS6018',
    });
    await expect(opened.engine.decide({ verdict: 'approve', digest: 'x', actor: 'test' })).rejects.toMatchObject({
      code: 'CS6016',
    });
  });

  test('hands everything over as it is', async () => {
    const found = await opened.engine.object({ by: 'userPrincipalName', value: `ada@${domain}` });
    expect(found).toMatchObject({ displayName: 'ada', state: 'synced', sources: [{ attributes: { cn: ['ada'] } }] });
    expect(await opened.engine.object({ by: 'dn', value: 'CN=nobody' })).toBeUndefined();
    expect(await opened.engine.cycle(999_999)).toBeUndefined();
    expect(await opened.engine.verifyLog()).toEqual({ broken: null });
  });

  test('gives its reason when it cannot open, and leaves no thread behind', async () => {
    writeFileSync(
      join(folder, 'broken.yaml'),
      configurationText('nobody').replace('ldif: ./corp.ldf', 'ldif: ./corp.ldf'),
    );
    const configuration = loadConfiguration(join(folder, 'broken.yaml'));
    writeFileSync(join(folder, 'not-a-database'), '');
    await expect(
      openEngineOn({
        configuration,
        dataDirectory: join(folder, 'not-a-database'),
        env: process.env,
        log() {},
        died: (error) => died.push(error),
      }),
    ).rejects.toThrow();
    expect(died).toEqual([]);
  });

  test('goes on with what is in the folder when it is opened again', async () => {
    await opened[Symbol.asyncDispose]();
    opened = await open();
    const cycle = await run(never);
    expect(cycle).toMatchObject({ state: 'succeeded', counts: { created: 0, updated: 0 } });
    expect(died).toEqual([]);
  });
});
