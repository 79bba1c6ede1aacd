import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { request } from '../../../test/samba/connect.ts';
import { Mirror } from '../../../test/samba/mirror.ts';
import { connectorName, type Dn } from '../../model/index.ts';
import { FullReadNeededError, IncompleteReadError, LdifError, LdifUnreadableError, openLdif } from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloudsync-ldif-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(content: string | Buffer): string {
  files += 1;
  const file = join(folder, `${files}.ldf`);
  writeFileSync(file, content);
  return file;
}

function open(content: string | Buffer) {
  return openLdif({ connector: connectorName('test', 'contoso.test'), domain: 'contoso.test', file: fileOf(content) });
}

async function read(content: string | Buffer): Promise<Mirror> {
  const mirror = new Mirror();
  await mirror.take(open(content).full(request()));
  return mirror;
}

const root = `dn: DC=contoso,DC=test
objectClass: top
objectClass: domainDNS
objectGUID: 5ee0b3c4-7b5f-4a8a-9a54-2f9f7d0c0001
`;

function user(name: string, more = ''): string {
  const guid = Buffer.alloc(16, name).toString('base64');
  return `
dn: CN=${name},DC=contoso,DC=test
objectClass: user
objectGUID:: ${guid}
cn: ${name}
${more}`;
}

test('objects come with text, bytes and references', async () => {
  const mirror = await read(
    `version: 1\n\n${root}${user('ada', 'displayName:: Wm/DqQ==\nthumbnailPhoto:: /9gA\nproxyAddresses: SMTP:a@b\nproxyAddresses: smtp:c@d\n')}${user('bob', 'manager: CN=ada,DC=contoso,DC=test\n')}`,
  );
  expect(mirror.find('CN=ada')?.attributes).toMatchObject({
    displayName: ['Zoé'],
    thumbnailPhoto: [new Uint8Array([0xff, 0xd8, 0])],
    proxyAddresses: ['SMTP:a@b', 'smtp:c@d'],
  });
  const bob = mirror.find('CN=bob');
  expect([
    ...(mirror.links
      .get(bob?.guid ?? ('' as never))
      ?.get('manager')
      ?.values() ?? []),
  ]).toEqual([{ dn: 'CN=ada,DC=contoso,DC=test' }]);
});

test('folded lines are joined and comments left out, folded ones too', async () => {
  const mirror = await read(
    `# a comment\n  that goes on\n${root}${user('ada', '# in between\n and on\ndisplayName: A\n da\n')}`,
  );
  expect(mirror.find('CN=ada')?.attributes['displayName']).toEqual(['Ada']);
});

test.each([
  ['no colon', `${root}${user('ada', 'displayName Ada\n')}`, 10],
  ['not base64', `${root}${user('ada', 'displayName:: Ad*a\n')}`, 10],
  ['a URL', `${root}${user('ada', 'displayName:< file:///etc/hostname\n')}`, 10],
  ['a change record', `${root}\ndn: CN=ada,DC=contoso,DC=test\nchangetype: modify\nadd: member\n`, 7],
  ['no DN first', `${root}\nobjectClass: user\n`, 6],
  ['a line that continues nothing', ` x\n${root}`, 1],
  ['no objectGUID', `${root}\ndn: CN=ada,DC=contoso,DC=test\nobjectClass: user\n`, 6],
  ['a DN that is none', `${root}\ndn: ada\nobjectClass: user\n`, 6],
  ['an object of another domain', `${root}\ndn: CN=ada,DC=other,DC=test\nobjectClass: user\n`, 6],
  ['the same object twice', `${root}${user('ada')}${user('ada')}`, 11],
  ['a value list that was cut', `${root}${user('ada', 'member;range=0-1499: CN=x,DC=contoso,DC=test\n')}`, 10],
  ['an export that ended badly', `${root}\n# search result\nsearch: 2\nresult: 4 Size limit exceeded\n`, 8],
])('%s is refused with its line', async (_what, content, line) => {
  const error = await read(content).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LdifError);
  expect(String(error)).toContain(`, line ${line}:`);
});

test('a file without the domain itself is not complete', async () => {
  await expect(read(user('ada'))).rejects.toBeInstanceOf(IncompleteReadError);
});

test('a file that is not there is said to be unreadable', async () => {
  const source = openLdif({
    connector: connectorName('test', 'contoso.test'),
    domain: 'contoso.test',
    file: join(folder, 'none.ldf'),
  });
  await expect(new Mirror().take(source.full(request()))).rejects.toBeInstanceOf(LdifUnreadableError);
});

test('a delta brings nothing until the file changes, and then wants a full read', async () => {
  const file = fileOf(root);
  const source = openLdif({ connector: connectorName('test', 'contoso.test'), domain: 'contoso.test', file });
  const mirror = new Mirror();
  const { watermark } = await mirror.take(source.full(request()));
  const signal = new AbortController().signal;
  expect(await source.moved(watermark, signal)).toBe(false);
  expect((await mirror.take(source.delta(request(), watermark))).changes).toEqual([]);
  writeFileSync(file, `${root}${user('ada')}`);
  expect(await source.moved(watermark, signal)).toBe(true);
  await expect(mirror.take(source.delta(request(), watermark))).rejects.toBeInstanceOf(FullReadNeededError);
});

test('one object is found by its DN', async () => {
  const source = open(`${root}${user('ada')}`);
  const events = await Array.fromAsync(source.one({ dn: 'cn=ADA,dc=contoso,dc=test' as Dn }, request()));
  expect(events.map(({ type }) => type)).toEqual(['begin', 'page']);
});
