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
  return `dn: CN=${name},DC=contoso,DC=test
objectClass: user
objectGUID:: ${guid}
cn: ${name}
${more}
`;
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
  ['a change record', `${root}dn: CN=ada,DC=contoso,DC=test\nchangetype: modify\nadd: member\n`, 7],
  ['no DN first', `${root}objectClass: user\n`, 6],
  ['a line that continues nothing', ` x\n${root}`, 1],
  ['a GUID that is too short', `${root}dn: CN=ada,DC=contoso,DC=test\nobjectClass: user\nobjectGUID:: AAEC\n\n`, 6],
  [
    'a line of bytes',
    Buffer.concat([Buffer.from(root), Buffer.from([0xff, 0x1b, 0x5b, 0x9b, 0x3a, 0x20, 1, 10, 10])]),
    6,
  ],
  ['no objectGUID', `${root}dn: CN=ada,DC=contoso,DC=test\nobjectClass: user\n\n`, 6],
  ['a DN that is none', `${root}dn: ada\nobjectClass: user\n\n`, 6],
  ['an object of another domain', `${root}dn: CN=ada,DC=other,DC=test\nobjectClass: user\n\n`, 6],
  ['the same object twice', `${root}${user('ada')}${user('ada')}`, 11],
  ['a value list that was cut', `${root}${user('ada', 'member;range=0-1499: CN=x,DC=contoso,DC=test\n')}`, 10],
  ['an export that ended badly', `${root}# search result\nsearch: 2\nresult: 4 Size limit exceeded\n`, 8],
])('%s is refused with its line', async (_what, content, line) => {
  const error = await read(content).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LdifError);
  expect(String(error)).toContain(`, line ${line}:`);
  expect(String(error)).not.toMatch(/[\p{Cc}\ufffd]/u);
});

test('a GUID of the wrong length is told by its length', async () => {
  const content = `${root}dn: CN=ada,DC=contoso,DC=test\nobjectClass: user\nobjectGUID:: AAEC\n\n`;
  await expect(read(content)).rejects.toThrow(
    'line 6: CN=ada,DC=contoso,DC=test has an objectGUID of 3 bytes; a GUID has 16.',
  );
});

const whole = {
  ldapsearch: `# extended LDIF\n#\n# LDAPv3\n#\n\n# contoso.test\n${root}# ada\n${user('ada')}# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: 3\n# numEntries: 2\n`,
  'ldapsearch -L': `version: 1\n\n#\n# LDAPv3\n#\n\n# contoso.test\n${root}# ada\n${user('ada')}# search result\n\n# numResponses: 3\n# numEntries: 2\n`,
  ldbsearch: `# record 1\n${root}# record 2\n${user('ada')}# Referral\nref: ldap:///CN=Configuration,DC=contoso,DC=test\n\n# returned 3 records\n# 2 entries\n# 1 referrals\n`,
  'ldifde, or by hand': `${root}${user('ada')}`,
};

test.each(Object.entries(whole))(
  'an export of %s is whole, and every beginning of it that lacks something is not',
  async (_writer, content) => {
    expect((await read(content)).objects.size).toBe(2);
    expect((await read(content.replaceAll('\n', '\r\n'))).objects.size).toBe(2);
    // From within the first record on; at the border of a record only a count can tell.
    const counted = content.startsWith('#') || content.startsWith('version');
    const end = counted ? content.search(/\d+(?: records)?\n(?:# 2 entries\n# 1 referrals\n)?$/) : content.length - 1;
    for (let length = root.length + 1; length <= end; length += 1) {
      const error = await read(content.slice(0, length)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error, JSON.stringify(content.slice(0, length).slice(-40))).toBeInstanceOf(IncompleteReadError);
    }
  },
);

test.each([
  ['cut mid-value', (text: string) => text.slice(0, -3), /it ends in the middle of line 9/],
  [
    'cut between two lines',
    (text: string) => text.slice(0, -1),
    /no empty line ends its last record, which begins in line 6/,
  ],
  ['cut in UTF-16', (text: string) => Buffer.from(text, 'utf16le').subarray(0, -3), /it ends in the middle of line/],
  [
    'one record fewer than was counted',
    () => whole.ldapsearch.replace(user('ada'), ''),
    /counted 2 records in it, and there are 1/,
  ],
])(
  'a file %s is refused with the reason, and no record of it that may lack values is taken',
  async (_what, cut, reason) => {
    const mirror = new Mirror();
    const reading = mirror.take(open(cut(`${root}${user('ada')}`)).full(request()));
    await expect(reading).rejects.toThrow(reason);
    await expect(reading).rejects.toBeInstanceOf(IncompleteReadError);
    expect(mirror.find('CN=ada')).toBeUndefined();
  },
);

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
