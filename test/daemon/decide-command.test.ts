import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cycle } from '../../src/engine/index.ts';
import { run } from './cloudsync.ts';
import { smallDirectory, startTestService, type TestService, user } from './service.ts';

/** `cloudsync approve` and `deny` beside a daemon that runs: it has the state, they tell it. */

let daemon: TestService;
let cwd: string;
beforeAll(async () => {
  const leavers = Array.from({ length: 5 }, (_, n) => user(`leaver${n}`));
  daemon = await startTestService({ tenant: 'sandbox', ldif: [smallDirectory(), ...leavers].join('') });
  cwd = mkdtempSync(join(tmpdir(), 'cloudsync-decide-'));
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true, force: true });
});

async function cycle(type: 'delta' | 'full'): Promise<Cycle> {
  const { ended } = await daemon.service.cycles.start({ type, preview: false, trigger: 'manual' });
  return await ended;
}

// No configuration is named: the daemon has it.
const cloudsync = (...args: readonly string[]) => run([...args, '--data', daemon.data], { cwd });

test('what the daemon holds is approved or denied by it, under the name of who typed the command', async () => {
  await cycle('full');
  const text = readFileSync(daemon.ldifFile, 'utf8');
  writeFileSync(daemon.ldifFile, text.replaceAll(/dn: CN=leaver\d,[\s\S]*?\n\n/g, ''));
  const held = await cycle('delta');
  expect(held).toMatchObject({ state: 'held', counts: { held: 5 } });
  const digest = held.heldDigest ?? '';
  const { items } = await daemon.service.engine.operations(held.id, { state: 'held' }, undefined, 10);
  const [first] = items;
  expect(await cloudsync('deny', digest, '--operation', first?.digest ?? '')).toEqual({
    code: 0,
    out: 'Denied: 1.\n',
    err: '',
  });
  expect(await cloudsync('approve', digest, '--operation', String(items[1]?.id))).toMatchObject({
    out: 'Approved: 1.\n',
  });
  expect(await cycle('delta')).toMatchObject({ counts: { deleted: 1, held: 4 } });
  const log = await daemon.service.engine.log({ action: 'approve' }, undefined, 10);
  expect(log.items).toMatchObject([{ actor: expect.not.stringMatching(/^operator$/) as unknown }]);
});

test('release lets what was denied follow again, by any name of it, and names what there is not', async () => {
  const { items } = await daemon.service.engine.failing({}, undefined, 10);
  const denied = items.find(({ error }) => error?.code === 'CS6014');
  expect(denied).toMatchObject({ state: 'held' });
  expect(await cloudsync('release', denied?.userPrincipalName ?? '')).toMatchObject({
    code: 0,
    out: `Released: user ${denied?.displayName}. The next cycle brings it to what the directory says.\n`,
  });
  const again = await cycle('delta');
  const held = await daemon.service.engine.operations(again.id, { state: 'held' }, undefined, 10);
  const planned = held.items.some(({ anchor }) => anchor === denied?.anchor);
  expect(planned || again.counts.deleted === 1).toBe(true);
  const unknown = await cloudsync('release', 'nobody@corp.contoso.test');
  expect(unknown.code).toBe(1);
  expect(unknown.err).toMatch(/CS1102.*nobody@corp\.contoso\.test/);
});

test('what the daemon refuses is said, and nothing is tried past it', async () => {
  const { code, out, err } = await cloudsync('approve', 'abc');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/CS7011.*CS6016/);
});
