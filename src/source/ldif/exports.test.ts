import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openForest, request } from '../../../test/samba/connect.ts';
import { type Forest, startForest } from '../../../test/samba/index.ts';
import { Mirror } from '../../../test/samba/mirror.ts';
import { connectorName } from '../../model/index.ts';
import { openLdif } from '../index.ts';

/** What the tools export of a domain reads as the domain itself does. */

const run = promisify(execFile);
let forest: Forest;
let live: Mirror;

beforeAll(async () => {
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  const { client, baseDn } = forest;
  const dn = (name: string): string => `CN=${name},CN=Users,${baseDn}`;
  await client.add(dn('Zoë, the \\"first\\"'.replace(',', '\\,')), {
    objectClass: ['user'],
    sAMAccountName: 'zoe',
    description: ` ends and begins with a space, ${'long '.repeat(40)}`,
    proxyAddresses: ['SMTP:zoe@corp.contoso.test', 'smtp:z@corp.contoso.test'],
  });
  await client.add(dn('ada'), { objectClass: ['user'], sAMAccountName: 'ada', displayName: '日本 🦊' });
  await client.modify(
    dn('ada'),
    new Change({
      operation: 'replace',
      modification: new Attribute({ type: 'thumbnailPhoto', values: [Buffer.from([0xff, 0xd8, 0, 1, 0x80])] }),
    }),
  );
  await client.add(dn('readers'), { objectClass: ['group'], sAMAccountName: 'readers', member: [dn('ada')] });
  await using source = openForest(forest);
  live = new Mirror();
  await live.take(source.full(request()));
});
afterAll(() => forest[Symbol.asyncDispose]());

async function readExport(content: string | Buffer): Promise<Mirror> {
  const file = join(forest.folder, 'export.ldf');
  writeFileSync(file, content);
  const mirror = new Mirror();
  const source = openLdif({ connector: connectorName('test', forest.domain), domain: forest.domain, file });
  await mirror.take(source.full(request()));
  return mirror;
}

/** The references of a file are DNs, those of a domain controller GUIDs. */
function shown(mirror: Mirror): unknown {
  return [...mirror.objects.values()]
    .map(({ guid, kind, dn, attributes }) => ({
      guid,
      kind,
      dn,
      attributes: Object.fromEntries(
        Object.entries(attributes)
          .map(([name, values]) => [name, values.map((value) => Buffer.from(value).toString('hex')).sort()] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
      member: [...(mirror.links.get(guid)?.get('member')?.values() ?? [])].map((reference) => reference.dn).sort(),
    }))
    .sort((a, b) => (a.guid < b.guid ? -1 : 1));
}

async function ldapsearch(...words: readonly string[]): Promise<string> {
  const { stdout } = await run(
    'ldapsearch',
    ['-x', '-H', forest.ldapsUrl, '-D', forest.adminUser, '-w', forest.adminPassword, '-b', forest.baseDn, ...words],
    { env: { ...process.env, LDAPTLS_REQCERT: 'never' }, maxBuffer: 2 ** 26 },
  );
  return stdout;
}

async function ldbsearch(...words: readonly string[]): Promise<string> {
  const database = join(forest.folder, 'forest/private/sam.ldb');
  const { stdout } = await run('ldbsearch', ['-H', database, '-b', forest.baseDn, ...words], { maxBuffer: 2 ** 26 });
  return stdout;
}

test('ldapsearch', async () => {
  expect(shown(await readExport(await ldapsearch('-E', 'pr=50/noprompt')))).toEqual(shown(live));
});

test('ldapsearch without comments', async () => {
  expect(shown(await readExport(await ldapsearch('-LLL')))).toEqual(shown(live));
});

test('ldbsearch', async () => {
  expect(shown(await readExport(await ldbsearch()))).toEqual(shown(live));
});

test('ldbsearch with extended DNs', async () => {
  expect(shown(await readExport(await ldbsearch('--extended-dn')))).toEqual(shown(live));
});

test('ldifde, in UTF-16 as well', async () => {
  // As it writes: every record an addition, lines ended by CR and LF.
  const text = (await ldapsearch('-LLL', '-o', 'ldif-wrap=76'))
    .replaceAll(/^(dn::? .*(?:\n .*)*)$/gm, '$1\nchangetype: add')
    .replaceAll(/^# refldap.*$/gm, '')
    .replaceAll('\n', '\r\n');
  expect(shown(await readExport(text))).toEqual(shown(live));
  expect(shown(await readExport(Buffer.from(`\uFEFF${text}`, 'utf16le')))).toEqual(shown(live));
});

test('an export that the server cut off is refused', async () => {
  const cut = (await ldapsearch()).replace('result: 0 Success', 'result: 4 Size limit exceeded');
  await expect(readExport(cut)).rejects.toThrow('Size limit exceeded');
});
