import { writeFileSync } from 'node:fs';

/** One user of a made-up domain, by number. */
export const userName = (n: number): string => `user${String(n).padStart(4, '0')}`;

export interface SampleOptions {
  readonly domain: string;
  readonly users: number;
  readonly groups: number;
  readonly membersPerGroup: number;
}

const guid = (kind: number, n: number): string =>
  Buffer.from(`0000000${kind}00004000a000${n.toString(16).padStart(12, '0')}`, 'hex').toString('base64');

/** Writes an export of a domain with so many users and groups, as `ldifde` would. */
export function writeSampleLdif(file: string, { domain, users, groups, membersPerGroup }: SampleOptions): void {
  const root = domain
    .split('.')
    .map((label) => `DC=${label}`)
    .join(',');
  const user = (n: number): string => `CN=${userName(n)},OU=People,${root}`;
  const entry = (dn: string, lines: readonly string[]): string => `dn: ${dn}\n${lines.join('\n')}\n\n`;
  const entries = [
    entry(root, ['objectClass: domainDNS', `objectGUID:: ${guid(0, 0)}`]),
    entry(`OU=People,${root}`, ['objectClass: organizationalUnit', `objectGUID:: ${guid(0, 1)}`]),
    ...Array.from({ length: users }, (_, n) =>
      entry(user(n), [
        'objectClass: user',
        `objectGUID:: ${guid(1, n)}`,
        `cn: ${userName(n)}`,
        `sAMAccountName: ${userName(n)}`,
        `userPrincipalName: ${userName(n)}@${domain}`,
        `displayName: User ${n}`,
        `department: Department ${n % 7}`,
        'userAccountControl: 512',
        ...(n === 0 ? [] : [`manager: ${user(Math.floor(n / 10))}`]),
      ]),
    ),
    ...Array.from({ length: groups }, (_, g) =>
      entry(`CN=group${g},OU=People,${root}`, [
        'objectClass: group',
        `objectGUID:: ${guid(2, g)}`,
        `cn: group${g}`,
        `sAMAccountName: group${g}`,
        `displayName: Group ${g}`,
        'groupType: -2147483646',
        ...Array.from({ length: membersPerGroup }, (_, m) => `member: ${user((g * 7 + m) % users)}`),
      ]),
    ),
  ];
  writeFileSync(file, `version: 1\n\n${entries.join('')}`);
}
