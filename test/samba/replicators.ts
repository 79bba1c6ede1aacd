import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Attribute } from 'ldapts';
import type { Forest } from './index.ts';

const run = promisify(execFile);

/** Control access rights of replication ([MS-ADTS] 5.1.3.2.1). */
const replicationRights = {
  getChanges: '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2',
  getChangesAll: '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2',
} as const;

export type ReplicationRight = keyof typeof replicationRights;

/** Creates an account that has these rights on the head of the domain, and no other. */
export async function createReplicator(
  forest: Forest,
  name: string,
  password: string,
  rights: readonly ReplicationRight[],
): Promise<void> {
  await forest.sambaTool('user', 'create', name, password);
  if (rights.length === 0) return;
  const shown = await forest.sambaTool('user', 'show', name, '--attributes=objectSid');
  const sid = /objectSid: (\S+)/.exec(shown)?.[1] ?? '';
  const sddl = rights.map((right) => `(OA;;CR;${replicationRights[right]};;${sid})`).join('');
  await forest.sambaTool('dsacl', 'set', `--objectdn=${forest.baseDn}`, `--sddl=${sddl}`);
}

/** Creates a user with a password of any characters, by LDAP as administrators do. */
export async function createUser(forest: Forest, name: string, password: string): Promise<void> {
  const attributes = {
    objectClass: 'user',
    sAMAccountName: name,
    userAccountControl: '512',
    unicodePwd: Buffer.from(`"${password}"`, 'utf16le'),
  };
  await forest.client.add(
    `CN=${name},CN=Users,${forest.baseDn}`,
    Object.entries(attributes).map(
      ([type, value]) => new Attribute({ type, values: typeof value === 'string' ? [value] : [value] }),
    ),
  );
}

/** Lets hashes be written as they are: no password, no other keys, and so thousands of accounts in seconds. */
const bypassPasswordHash = '--controls=local_oid:1.3.6.1.4.1.7165.4.3.12:0';
const perTransaction = 4000;

/**
 * Creates many users in the directory's own database, with hashes instead of passwords; those of a transaction in an
 * organizational unit of their own.
 */
export async function createUsers(
  forest: Forest,
  users: Iterable<{ readonly name: string; readonly ntHash: Uint8Array }>,
): Promise<void> {
  let unit = '';
  let records: string[] = [];
  for (const { name, ntHash } of users) {
    if (records.length === 0) {
      unit = `OU=${name} and on,${forest.baseDn}`;
      records.push(`dn: ${unit}\nobjectClass: organizationalUnit\n`);
    }
    records.push(
      [
        `dn: CN=${name},${unit}`,
        'objectClass: user',
        `sAMAccountName: ${name}`,
        `userPrincipalName: ${name}@${forest.domain}`,
        `displayName: ${name}`,
        'userAccountControl: 512',
        `unicodePwd:: ${Buffer.from(ntHash).toString('base64')}`,
        'pwdLastSet: 134000000000000000',
        '',
      ].join('\n'),
    );
    if (records.length <= perTransaction) continue;
    await change(forest, 'ldbadd', records, bypassPasswordHash);
    records = [];
  }
  if (records.length > 0) await change(forest, 'ldbadd', records, bypassPasswordHash);
}

/**
 * Makes the directory ready for a hundred thousand users: without its lists of all users (by class, by type, by group),
 * each of which Samba copies whenever one is added. By name and by number accounts are found as before.
 */
export async function dropListsOfUsers(forest: Forest): Promise<void> {
  const attributes = [
    'Object-Class',
    'Object-Category',
    'SAM-Account-Type',
    'Primary-Group-ID',
    'User-Account-Control',
  ];
  const records = attributes.map((name) =>
    [
      `dn: CN=${name},CN=Schema,CN=Configuration,${forest.baseDn}`,
      'changetype: modify',
      'replace: searchFlags',
      'searchFlags: 0',
      '',
    ].join('\n'),
  );
  // A running server goes on looking into the lists it knew.
  await forest.kill();
  await change(forest, 'ldbmodify', records, '--option=dsdb:schema update allowed=yes');
  await forest.start();
}

async function change(forest: Forest, tool: string, records: readonly string[], option: string): Promise<void> {
  const file = join(forest.folder, `${randomUUID()}.ldif`);
  await writeFile(file, records.join('\n'));
  await run(tool, ['-H', join(forest.folder, 'forest/private/sam.ldb'), option, file]);
  await rm(file);
}
