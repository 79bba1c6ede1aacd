import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SandboxProfile } from '../../src/sandbox/index.ts';
import { type Entries, members, names, runCycle, sampleDirectory, written } from './cycles.ts';
import { openSyncWorld, type SyncWorld } from './world.ts';

let world: SyncWorld;
let entries: Entries;
beforeEach(async () => {
  world = await openSyncWorld();
  entries = sampleDirectory();
});
afterEach(() => world[Symbol.asyncDispose]());

it('finds its way when answers are lost for good, and makes nothing twice', async () => {
  const lost: SandboxProfile = {
    faults: { rules: [{ kind: 'reset', when: 'after', path: 'ProvisionAzureADSyncObjects', rate: 1 }] },
  };
  world.sandbox.changeProfile(lost);
  const broken = await runCycle(world, entries);
  expect(broken.counts.created).toBe(0);
  world.sandbox.changeProfile({ faults: { rules: [] } });
  expect((await runCycle(world, entries)).state).toBe('succeeded');
  await runCycle(world, entries);
  expect(await names(world, 'users')).toEqual(['ada', 'boss']);
  expect(await names(world, 'groups')).toEqual(['news', 'team']);
  expect(await members(world, 'news')).toEqual(['Partner', 'ada', 'team']);
  expect(await written(world, () => runCycle(world, entries))).toBe(0);
});
