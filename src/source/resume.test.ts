import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addReader, hideFrom, letReplicate } from '../../test/samba/accounts.ts';
import { openForest, request } from '../../test/samba/connect.ts';
import { type Forest, startForest } from '../../test/samba/index.ts';
import { Mirror, type Reading } from '../../test/samba/mirror.ts';
import { restoreDeleted } from '../../test/samba/restore.ts';
import { type ActiveDirectoryOptions, FullReadNeededError, type Watermark } from './index.ts';

/** What a delta cannot resume from is said, and a full read then changes nothing that has not changed. */

let forest: Forest;
const now = new Date();
let clock: Date;

beforeAll(async () => {
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
});
afterAll(() => forest[Symbol.asyncDispose]());
beforeEach(() => {
  clock = now;
});

function open(more: Partial<ActiveDirectoryOptions> = {}) {
  return openForest(forest, { now: () => clock, ...more });
}

async function full(more?: Partial<ActiveDirectoryOptions>): Promise<Reading> {
  await using source = open(more);
  return await new Mirror().take(source.full(request()));
}

async function reasonOf(watermark: Watermark, more?: Partial<ActiveDirectoryOptions>): Promise<string> {
  await using source = open(more);
  try {
    await new Mirror().take(source.delta(request(), watermark));
  } catch (error) {
    if (error instanceof FullReadNeededError) return error.message;
    throw error;
  }
  return 'the delta was read';
}

async function addUser(name: string): Promise<void> {
  await forest.client.add(`CN=${name},CN=Users,${forest.baseDn}`, { objectClass: ['user'], sAMAccountName: name });
}

test('a watermark of this server just now resumes', async () => {
  expect(await reasonOf((await full()).watermark)).toBe('the delta was read');
  expect(await reasonOf((await full({ deltas: 'usn' })).watermark)).toBe('the delta was read');
});

test.each(['dirSync', 'usn'] as const)('another domain controller wants a full read (%s)', async (deltas) => {
  const { watermark } = await full({ deltas });
  const elsewhere = { ...watermark, invocationId: 'd4c3b2a1-0000-4000-8000-000000000001' };
  expect(await reasonOf(elsewhere)).toContain('another domain controller');
});

test.each(['dirSync', 'usn'] as const)('longer than deletions are kept wants a full read (%s)', async (deltas) => {
  const { watermark } = await full({ deltas });
  clock = new Date(now.getTime() + 179 * 86_400_000);
  expect(await reasonOf(watermark)).toBe('the delta was read');
  clock = new Date(now.getTime() + 181 * 86_400_000);
  expect(await reasonOf(watermark)).toContain('180 days');
});

test.each([
  [400, 180],
  [100, 100],
])('of %i days for deleted objects and 180 for tombstones, %i are relied on', async (kept, relied) => {
  const dn = `CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,${forest.baseDn}`;
  const set = (values: string[]): Promise<void> =>
    forest.client.modify(
      dn,
      new Change({
        operation: 'replace',
        modification: new Attribute({ type: 'msDS-DeletedObjectLifetime', values }),
      }),
    );
  const { watermark } = await full();
  await set([String(kept)]);
  clock = new Date(now.getTime() + (relied + 1) * 86_400_000);
  expect(await reasonOf(watermark)).toContain(`${relied} days`);
  await set([]);
});

test('an account that may replicate no more wants a full read', async () => {
  const user = await addReader(forest, 'demoted');
  expect(await reasonOf((await full()).watermark, { user })).toContain('refused to go on');
  expect((await full({ user })).watermark).toMatchObject({ kind: 'dirSync', objectSecurity: true });
});

test.each(['dirSync', 'usn'] as const)(
  'what is written during a full read comes with the delta (%s)',
  async (deltas) => {
    await using source = open({ deltas });
    const mirror = new Mirror();
    const name = `meanwhile-${deltas}`;
    let watermark: Watermark | undefined;
    for await (const event of source.full(request({ pageSize: 20 }))) {
      if (event.type === 'begin') await addUser(`${name}-before`);
      if (event.type === 'page') for (const change of event.changes) mirror.apply(change);
      if (event.type === 'complete') {
        await addUser(name);
        await forest.client.del(`CN=${name}-before,CN=Users,${forest.baseDn}`);
        ({ watermark } = event);
      }
    }
    if (watermark === undefined) throw new Error('the read is not complete');
    await mirror.take(source.delta(request({ known: mirror.known }), watermark));
    const fresh = new Mirror();
    await fresh.take(source.full(request()));
    expect(fresh.find(`CN=${name}`)).toBeDefined();
    expect(mirror.snapshot()).toEqual(fresh.snapshot());
  },
);

test('a cookie the server refuses wants a full read', async () => {
  const { watermark } = await full();
  expect(
    await reasonOf({ ...watermark, cookie: Buffer.from('MSDS, but not one').toString('base64') } as Watermark),
  ).toContain('refused to go on');
});

test('an account that may not see deletions has no delta without the right to replicate', async () => {
  const user = await addReader(forest, 'shortsighted');
  for (const deltas of ['dirSync', 'usn'] as const) {
    const { watermark } = await full({ user, deltas });
    expect(await reasonOf(watermark, { user })).toContain('container of deleted objects');
  }
  await letReplicate(forest, 'shortsighted');
  const { watermark } = await full({ user });
  expect(watermark).toMatchObject({ kind: 'dirSync', objectSecurity: false });
  expect(await reasonOf(watermark, { user })).toBe('the delta was read');
});

test('what the account may not read stays out of the delta though it may replicate it', async () => {
  const user = await addReader(forest, 'farsighted');
  await letReplicate(forest, 'farsighted');
  const hidden = `OU=Hidden,${forest.baseDn}`;
  await forest.client.add(hidden, { objectClass: ['organizationalUnit'] });
  await hideFrom(forest, 'farsighted', hidden);
  await using source = open({ user });
  const mirror = new Mirror();
  const { watermark } = await mirror.take(source.full(request()));
  await forest.client.add(`CN=mole,${hidden}`, { objectClass: ['user'], sAMAccountName: 'mole' });
  await addUser('seen');
  await mirror.take(source.delta(request({ known: mirror.known }), watermark));
  expect(mirror.find('CN=seen')).toBeDefined();
  expect(mirror.find('CN=mole')).toBeUndefined();
  const fresh = new Mirror();
  await fresh.take(source.full(request()));
  expect(mirror.snapshot()).toEqual(fresh.snapshot());
});

async function comesBack(deltas: 'dirSync' | 'usn', name: string): Promise<Mirror> {
  const dn = `CN=${name},CN=Users,${forest.baseDn}`;
  const group = `CN=cave-${name},CN=Users,${forest.baseDn}`;
  await addUser(name);
  await forest.client.add(group, { objectClass: ['group'], sAMAccountName: `cave-${name}`, member: [dn] });
  await using source = open({ deltas });
  const mirror = new Mirror();
  let { watermark } = await mirror.take(source.full(request()));
  const before = mirror.find(dn)?.guid;
  const delta = async (): Promise<void> => {
    ({ watermark } = await mirror.take(source.delta(request({ known: mirror.known }), watermark)));
  };
  await forest.client.del(dn);
  await delta();
  expect(mirror.find(dn)).toBeUndefined();
  await restoreDeleted(forest, name, dn);
  await delta();
  expect(mirror.find(dn)?.guid).toBe(before);
  const fresh = new Mirror();
  await fresh.take(source.full(request()));
  expect(mirror.snapshot()).toEqual(fresh.snapshot());
  return fresh;
}

test.each(['dirSync', 'usn'] as const)('an object brought back from deletion is itself again (%s)', async (deltas) => {
  const fresh = await comesBack(deltas, `lazarus-${deltas}`);
  expect(fresh.named(`CN=cave-lazarus-${deltas}`, 'member')).toEqual([]);
});

// Last: the server is another one afterwards.
test('a database restored from a backup behind our back wants a full read', async () => {
  const database = join(forest.folder, 'forest/private');
  const backup = join(forest.folder, 'backup');
  await forest.kill();
  cpSync(database, backup, { recursive: true });
  await forest.start();
  await addUser('lost');
  const { watermark } = await full();
  const { watermark: byUsn } = await full({ deltas: 'usn' });
  await forest.kill();
  rmSync(database, { recursive: true });
  cpSync(backup, database, { recursive: true });
  await forest.start();
  expect(await reasonOf(watermark)).toMatch(/the USN of .* went back/);
  expect(await reasonOf(byUsn)).toMatch(/the USN of .* went back/);
});
