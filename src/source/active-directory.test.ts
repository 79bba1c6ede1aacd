import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openForest, request } from '../../test/samba/connect.ts';
import { type Forest, startForest } from '../../test/samba/index.ts';
import { Mirror, type Reading } from '../../test/samba/mirror.ts';
import type { Source, Watermark } from './index.ts';

let forest: Forest;
let source: Source;
let mirror: Mirror;
let watermark: Watermark;

const people = (): string => `OU=People,${forest.baseDn}`;
const user = (name: string): string => `CN=${name},${people()}`;
const group = (name: string): string => `CN=${name},OU=Groups,${forest.baseDn}`;
const photo = Buffer.from([0xff, 0xd8, 0x00, 0x80, 0xfe]);

beforeAll(async () => {
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  source = openForest(forest);
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
});

afterAll(async () => {
  await source[Symbol.asyncDispose]();
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

/** Reads what has changed, and holds the mirror to a fresh full read. */
async function delta(): Promise<Reading> {
  const reading = await mirror.take(source.delta(request(), watermark));
  watermark = reading.watermark;
  const fresh = new Mirror();
  await fresh.take(source.full(request()));
  expect(mirror.snapshot()).toEqual(fresh.snapshot());
  return reading;
}

test('a full read brings every object with its values and references', async () => {
  mirror = new Mirror();
  const reading = await mirror.take(source.full(request({ pageSize: 50 })));
  watermark = reading.watermark;
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
});

describe('a delta brings', () => {
  test('nothing when nothing has changed', async () => {
    expect((await delta()).changes).toEqual([]);
  });

  test('an object created', async () => {
    await addUser('alan');
    expect((await delta()).objects).toBe(1);
    expect(mirror.find('CN=alan')).toMatchObject({ kind: 'user', dn: user('alan') });
  });

  test('an attribute set, changed and cleared', async () => {
    await change(user('alan'), 'replace', 'department', ['Engines']);
    await delta();
    expect(mirror.find('CN=alan')?.attributes['department']).toEqual(['Engines']);
    await change(user('alan'), 'replace', 'department', ['Machines']);
    await change(user('ada'), 'replace', 'proxyAddresses', ['SMTP:ada@corp.contoso.test']);
    expect((await delta()).objects).toBe(2);
    expect(mirror.find('CN=alan')?.attributes['department']).toEqual(['Machines']);
    await change(user('alan'), 'replace', 'department', []);
    await delta();
    expect(mirror.find('CN=alan')?.attributes['department']).toBeUndefined();
  });

  test('bytes changed', async () => {
    await change(user('ada'), 'replace', 'thumbnailPhoto', [Buffer.from([0x80, 0x00])]);
    await delta();
    expect(mirror.find('CN=ada')?.attributes['thumbnailPhoto']).toEqual([new Uint8Array([0x80, 0x00])]);
  });

  test('a member added and one removed', async () => {
    await change(group('compilers'), 'add', 'member', [user('edsger')]);
    await change(group('compilers'), 'delete', 'member', [user('grace')]);
    await delta();
    expect(mirror.named('CN=compilers', 'member')).toEqual([user('ada'), user('edsger')]);
  });

  test('the last member removed, and a manager', async () => {
    await change(group('compilers'), 'replace', 'member', []);
    await change(user('ada'), 'replace', 'manager', []);
    await delta();
    expect(mirror.named('CN=compilers', 'member')).toEqual([]);
    expect(mirror.named('CN=ada', 'manager')).toEqual([]);
  });

  test('a manager set and changed', async () => {
    await change(user('ada'), 'replace', 'manager', [user('edsger')]);
    await delta();
    await change(user('ada'), 'replace', 'manager', [user('alan')]);
    await delta();
    expect(mirror.named('CN=ada', 'manager')).toEqual([user('alan')]);
  });

  test('a renamed object under its GUID', async () => {
    const guid = mirror.find('CN=alan')?.guid;
    await forest.client.modifyDN(user('alan'), 'CN=turing');
    await delta();
    expect(mirror.find('CN=turing')?.guid).toBe(guid);
    expect(mirror.named('CN=ada', 'manager')).toEqual([user('turing')]);
  });

  test('a moved object under its GUID', async () => {
    const guid = mirror.find('CN=turing')?.guid;
    await forest.client.modifyDN(user('turing'), `CN=turing,OU=Groups,${forest.baseDn}`);
    await delta();
    expect(mirror.find('CN=turing')).toMatchObject({ guid, dn: group('turing') });
  });

  test('a moved container with all that lies in it', async () => {
    await forest.client.modifyDN(people(), 'OU=Humans');
    await delta();
    expect(mirror.find('CN=ada')?.dn).toBe(`CN=ada,OU=Humans,${forest.baseDn}`);
    await forest.client.modifyDN(`OU=Humans,${forest.baseDn}`, 'OU=People');
    await delta();
  });

  test('a deleted object as deleted', async () => {
    const guid = mirror.find('CN=barbara')?.guid;
    await forest.client.del(user('barbara'));
    const { changes } = await delta();
    expect(changes).toEqual([{ type: 'deleted', guid }]);
    expect(mirror.find('CN=barbara')).toBeUndefined();
  });

  test('a deleted member as gone from its group', async () => {
    await addUser('barbara');
    await change(group('compilers'), 'add', 'member', [user('barbara'), user('ada')]);
    await delta();
    await forest.client.del(user('barbara'));
    await delta();
    expect(mirror.named('CN=compilers', 'member')).toEqual([user('ada')]);
  });

  test('an object created again under the same name as another one', async () => {
    await addUser('barbara');
    await delta();
    const former = mirror.find('CN=barbara')?.guid;
    await forest.client.del(user('barbara'));
    await addUser('barbara');
    await delta();
    expect(mirror.find('CN=barbara')?.guid).not.toBe(former);
    expect(mirror.objects.has(former ?? ('' as never))).toBe(false);
  });
});
