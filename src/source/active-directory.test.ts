import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addReader, letSeeDeletions } from '../../test/samba/accounts.ts';
import { openForest, request } from '../../test/samba/connect.ts';
import { type Forest, startForest } from '../../test/samba/index.ts';
import { Mirror, type Reading } from '../../test/samba/mirror.ts';
import type { ActiveDirectoryOptions, Source, Watermark } from './index.ts';

/** The same changes read in each way there is: all must come to what a fresh full read shows. */
interface Follower {
  readonly source: Source;
  readonly mirror: Mirror;
  watermark: Watermark;
}

let forest: Forest;
let followers: ReadonlyMap<string, Follower>;
let fresh: Mirror;

const people = (): string => `OU=People,${forest.baseDn}`;
const user = (name: string): string => `CN=${name},${people()}`;
const group = (name: string): string => `CN=${name},OU=Groups,${forest.baseDn}`;
const photo = Buffer.from([0xff, 0xd8, 0x00, 0x80, 0xfe]);

beforeAll(async () => {
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  const { client } = forest;
  await client.add(people(), { objectClass: ['organizationalUnit'] });
  await client.add(`OU=Groups,${forest.baseDn}`, { objectClass: ['organizationalUnit'] });
  for (const name of ['ada', 'grace', 'edsger', 'barbara']) await addUser(name);
  await client.add(group('compilers'), {
    objectClass: ['group'],
    sAMAccountName: 'compilers',
    member: [user('ada'), user('grace')],
  });
  await change(user('ada'), 'replace', 'thumbnailPhoto', [photo]);
  await change(user('ada'), 'replace', 'proxyAddresses', ['SMTP:ada@corp.contoso.test', 'smtp:a@corp.contoso.test']);
  await change(user('ada'), 'replace', 'description', ['Zoë 日本 🦊']);
  await change(user('ada'), 'replace', 'manager', [user('grace')]);
  const reader = { user: await addReader(forest, 'reader') };
  await letSeeDeletions(forest, 'reader');
  const ways: [string, Partial<ActiveDirectoryOptions>][] = [
    ['replicator', {}],
    ['reader', reader],
    ['usn', { ...reader, deltas: 'usn' }],
  ];
  followers = new Map(
    await Promise.all(
      ways.map(async ([way, options]): Promise<[string, Follower]> => {
        const source = openForest(forest, options);
        const mirror = new Mirror();
        const { watermark } = await mirror.take(source.full(request()));
        return [way, { source, mirror, watermark }];
      }),
    ),
  );
});

afterAll(async () => {
  for (const { source } of followers.values()) await source[Symbol.asyncDispose]();
  await forest[Symbol.asyncDispose]();
});

async function addUser(name: string): Promise<void> {
  await forest.client.add(user(name), {
    objectClass: ['user'],
    sAMAccountName: name,
    userPrincipalName: `${name}@${forest.domain}`,
  });
}

async function change(
  dn: string,
  operation: 'add' | 'replace' | 'delete',
  type: string,
  values: readonly (string | Buffer)[],
): Promise<void> {
  const bytes = values.filter((value) => typeof value !== 'string');
  const texts = values.filter((value) => typeof value === 'string');
  const modification = new Attribute({ type, values: bytes.length > 0 ? bytes : texts });
  await forest.client.modify(dn, new Change({ operation, modification }));
}

/** Reads what has changed, in each way, and holds each to a fresh full read. */
async function delta(): Promise<Readonly<Record<string, Reading>>> {
  const readings: Record<string, Reading> = {};
  for (const [way, follower] of followers) {
    const { source, mirror, watermark } = follower;
    const reading = await mirror.take(source.delta(request({ known: mirror.known }), watermark));
    expect(reading.mode).toBe('delta');
    follower.watermark = reading.watermark;
    readings[way] = reading;
    fresh = new Mirror();
    await fresh.take(source.full(request()));
    expect([way, mirror.snapshot()]).toEqual([way, fresh.snapshot()]);
  }
  return readings;
}

test('a full read brings every object with its values and references', async () => {
  const mirror = new Mirror();
  const source = openForest(forest);
  const reading = await mirror.take(source.full(request({ pageSize: 50 })));
  expect(reading.mode).toBe('full');
  expect(reading.pages).toBeGreaterThan(3);
  const ada = mirror.find('CN=ada');
  expect(ada).toMatchObject({ kind: 'user', dn: user('ada') });
  expect(ada?.attributes['description']).toEqual(['Zoë 日本 🦊']);
  expect(ada?.attributes['thumbnailPhoto']).toEqual([new Uint8Array(photo)]);
  expect(ada?.attributes['proxyAddresses']?.toSorted()).toEqual([
    'SMTP:ada@corp.contoso.test',
    'smtp:a@corp.contoso.test',
  ]);
  expect(mirror.find(people())?.kind).toBe('container');
  expect(mirror.find(forest.baseDn)?.kind).toBe('container');
  expect(mirror.named('CN=compilers', 'member')).toEqual([user('ada'), user('grace')]);
  expect(mirror.named('CN=ada', 'manager')).toEqual([user('grace')]);
  const members = reading.changes.find(
    (change) => change.type === 'links' && change.guid === mirror.find('CN=compilers')?.guid,
  );
  expect(members).toMatchObject({
    part: { values: [{ guid: expect.anything(), sid: expect.stringMatching(/^S-1-5-21-/) }, {}] },
  });
  await source[Symbol.asyncDispose]();
});

test('each way of asking for changes is the one its account is good for', async () => {
  const kinds = Array.from(followers, ([way, { watermark }]) => [
    way,
    watermark.kind,
    watermark.kind === 'dirSync' && watermark.objectSecurity,
  ]);
  expect(kinds).toEqual([
    ['replicator', 'dirSync', false],
    ['reader', 'dirSync', true],
    ['usn', 'usn', false],
  ]);
});

test('the watch sees that something was written, and nothing else', async () => {
  const signal = new AbortController().signal;
  const moved = (): Promise<readonly boolean[]> =>
    Promise.all(Array.from(followers.values(), ({ source, watermark }) => source.moved(watermark, signal)));
  await delta();
  expect(await moved()).toEqual([false, false, false]);
  await change(user('edsger'), 'replace', 'displayName', ['Edsger']);
  expect(await moved()).toEqual([true, true, true]);
  await delta();
  expect(await moved()).toEqual([false, false, false]);
});

describe('a delta brings', () => {
  test('nothing when nothing has changed', async () => {
    for (const reading of Object.values(await delta())) expect(reading.changes).toEqual([]);
  });

  test('an object created', async () => {
    await addUser('alan');
    for (const reading of Object.values(await delta())) expect(reading.objects).toBe(1);
    expect(fresh.find('CN=alan')).toMatchObject({ kind: 'user', dn: user('alan') });
  });

  test('an attribute set, changed and cleared', async () => {
    await change(user('alan'), 'replace', 'department', ['Engines']);
    await delta();
    expect(fresh.find('CN=alan')?.attributes['department']).toEqual(['Engines']);
    await change(user('alan'), 'replace', 'department', ['Machines']);
    await change(user('ada'), 'replace', 'proxyAddresses', ['SMTP:ada@corp.contoso.test']);
    for (const reading of Object.values(await delta())) expect(reading.objects).toBe(2);
    expect(fresh.find('CN=alan')?.attributes['department']).toEqual(['Machines']);
    await change(user('alan'), 'replace', 'department', []);
    await delta();
    expect(fresh.find('CN=alan')?.attributes['department']).toBeUndefined();
  });

  test('bytes changed', async () => {
    await change(user('ada'), 'replace', 'thumbnailPhoto', [Buffer.from([0x80, 0x00])]);
    await delta();
    expect(fresh.find('CN=ada')?.attributes['thumbnailPhoto']).toEqual([new Uint8Array([0x80, 0x00])]);
  });

  test('a member added and one removed', async () => {
    await change(group('compilers'), 'add', 'member', [user('edsger')]);
    await change(group('compilers'), 'delete', 'member', [user('grace')]);
    const once = await delta();
    // By DirSync the two values that changed, by USN the whole list.
    expect([once['replicator']?.references, once['reader']?.references, once['usn']?.references]).toEqual([2, 2, 2]);
    await change(group('compilers'), 'add', 'member', [user('barbara')]);
    const again = await delta();
    expect([again['replicator']?.references, again['reader']?.references, again['usn']?.references]).toEqual([1, 1, 3]);
    await change(group('compilers'), 'delete', 'member', [user('barbara')]);
    await delta();
    expect(fresh.named('CN=compilers', 'member')).toEqual([user('ada'), user('edsger')]);
  });

  test('the last member removed, and a manager', async () => {
    await change(group('compilers'), 'replace', 'member', []);
    await change(user('ada'), 'replace', 'manager', []);
    await delta();
    expect(fresh.named('CN=compilers', 'member')).toEqual([]);
    expect(fresh.named('CN=ada', 'manager')).toEqual([]);
  });

  test('a manager set and changed', async () => {
    await change(user('ada'), 'replace', 'manager', [user('edsger')]);
    await delta();
    await change(user('ada'), 'replace', 'manager', [user('alan')]);
    await delta();
    expect(fresh.named('CN=ada', 'manager')).toEqual([user('alan')]);
  });

  test('a renamed object under its GUID', async () => {
    const guid = fresh.find('CN=alan')?.guid;
    await forest.client.modifyDN(user('alan'), 'CN=turing');
    await delta();
    expect(fresh.find('CN=turing')?.guid).toBe(guid);
    expect(fresh.named('CN=ada', 'manager')).toEqual([user('turing')]);
  });

  test('a moved object under its GUID', async () => {
    const guid = fresh.find('CN=turing')?.guid;
    await forest.client.modifyDN(user('turing'), `CN=turing,OU=Groups,${forest.baseDn}`);
    await delta();
    expect(fresh.find('CN=turing')).toMatchObject({ guid, dn: group('turing') });
  });

  test('a moved container with all that lies in it', async () => {
    await forest.client.modifyDN(people(), 'OU=Humans');
    await delta();
    expect(fresh.find('CN=ada')?.dn).toBe(`CN=ada,OU=Humans,${forest.baseDn}`);
    await forest.client.modifyDN(`OU=Humans,${forest.baseDn}`, 'OU=People');
    await delta();
  });

  test('a deleted object as deleted', async () => {
    const guid = fresh.find('CN=barbara')?.guid;
    await forest.client.del(user('barbara'));
    for (const { changes } of Object.values(await delta())) expect(changes).toEqual([{ type: 'deleted', guid }]);
    expect(fresh.find('CN=barbara')).toBeUndefined();
  });

  test('a deleted member as gone from its group', async () => {
    await addUser('barbara');
    await change(group('compilers'), 'add', 'member', [user('barbara'), user('ada')]);
    await delta();
    await forest.client.del(user('barbara'));
    await delta();
    expect(fresh.named('CN=compilers', 'member')).toEqual([user('ada')]);
  });

  test('an object created again under the same name as another one', async () => {
    await addUser('barbara');
    await delta();
    const former = fresh.find('CN=barbara')?.guid;
    await forest.client.del(user('barbara'));
    await addUser('barbara');
    await delta();
    expect(fresh.find('CN=barbara')?.guid).not.toBe(former);
    expect([...fresh.objects.keys()]).not.toContain(former);
  });
});
