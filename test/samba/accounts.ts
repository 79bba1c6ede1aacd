import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Forest } from './index.ts';

const run = promisify(execFile);

const database = (forest: Forest): string => join(forest.folder, 'forest/private/sam.ldb');

/** Makes an ordinary account with the administrator's password; it may read, and neither replicate nor see deletions. */
export async function addReader(forest: Forest, name: string): Promise<string> {
  await forest.sambaTool('user', 'create', name, forest.adminPassword);
  return `${name}@${forest.domain}`;
}

/** Nobody but administrators sees deletions until told otherwise. */
export async function letSeeDeletions(forest: Forest, name: string): Promise<void> {
  const file = join(forest.folder, 'deletions.ldif');
  writeFileSync(
    file,
    `dn: CN=Deleted Objects,${forest.baseDn}
changetype: modify
replace: nTSecurityDescriptor
nTSecurityDescriptor: O:DAG:DAD:PAI(A;;RPWPCCDCLCRCWOWDSDSW;;;SY)(A;;RPLC;;;BA)(A;;RPLC;;;${await sidOf(forest, name)})
`,
  );
  await run('ldbmodify', ['-H', database(forest), '--controls=show_deleted:1', file]);
}

/** Gives the right Replicating Directory Changes. */
export async function letReplicate(forest: Forest, name: string): Promise<void> {
  await grant(forest, forest.baseDn, `(OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;${await sidOf(forest, name)})`);
}

/** As a domain controller notes it where a user without further rights joins a computer; Samba does so over SAMR alone. */
export async function joinedBy(forest: Forest, computer: string, name: string): Promise<void> {
  const file = join(forest.folder, 'creator.ldif');
  const sid = await sidOf(forest, name);
  writeFileSync(file, `dn: ${computer}\nchangetype: modify\nreplace: mS-DS-CreatorSID\nmS-DS-CreatorSID: ${sid}\n`);
  await run('ldbmodify', ['-H', database(forest), '--relax', file]);
}

/** Takes away from the account the sight of a container and of all that lies in it. */
export async function hideFrom(forest: Forest, name: string, dn: string): Promise<void> {
  await grant(forest, dn, `(D;CI;RPLCLORC;;;${await sidOf(forest, name)})`);
}

async function grant(forest: Forest, dn: string, ace: string): Promise<void> {
  await forest.sambaTool('dsacl', 'set', `--objectdn=${dn}`, `--sddl=${ace}`, `--URL=${database(forest)}`);
}

async function sidOf(forest: Forest, name: string): Promise<string> {
  const { stdout } = await run('ldbsearch', ['-H', database(forest), `(sAMAccountName=${name})`, 'objectSid']);
  return /objectSid: (\S+)/.exec(stdout)?.[1] ?? '';
}
