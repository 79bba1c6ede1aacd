import type { Dn } from '../../src/model/index.ts';
import type { Domain } from './domain.ts';
import { type Accounts, disabled, employee, enabled } from './people.ts';

/** What a forest holds that never was meant for a tenant: built-in accounts and groups, at their well-known RIDs. */
export function addSystemObjects(domain: Domain): void {
  const users = domain.container('Users');
  const builtIn = { isCriticalSystemObject: 'TRUE' };
  domain.principal(
    'user',
    'Administrator',
    users,
    { sAMAccountName: 'Administrator', userAccountControl: '66048', ...builtIn },
    500,
  );
  domain.principal('user', 'Guest', users, { sAMAccountName: 'Guest', userAccountControl: '66082', ...builtIn }, 501);
  domain.principal(
    'user',
    'krbtgt',
    users,
    { sAMAccountName: 'krbtgt', userAccountControl: disabled, ...builtIn },
    502,
  );
  for (const [name, rid] of [
    ['Domain Admins', 512],
    ['Domain Users', 513],
    ['Domain Guests', 514],
    ['Group Policy Creator Owners', 520],
  ] as const) {
    domain.principal('group', name, users, { sAMAccountName: name, groupType: '-2147483646', ...builtIn }, rid);
  }
}

/** The cases a first cycle should show: each is left out, held or refused for a reason of its own. */
export function addAwkward(domain: Domain, people: Dn, excluded: Dn, accounts: Accounts): readonly Dn[] {
  const user = (
    name: string,
    parent: Dn,
    account: string,
    more: Parameters<typeof employee>[3],
    suffix = 'contoso.test',
  ): Dn => domain.principal('user', name, parent, employee(accounts.next(account), name, suffix, more));

  // Two people, one address: somebody copied an account.
  user('Kim Duplicate', people, 'kim.duplicate', {
    mail: 'kim@contoso.test',
    proxyAddresses: ['SMTP:kim@contoso.test'],
  });
  user('Kim Duplicate (copy)', people, 'kim.copy', {
    mail: 'kim@contoso.test',
    proxyAddresses: ['SMTP:kim@contoso.test'],
  });
  // A sign-in name under a domain the tenant does not have.
  user('Una Verified', people, 'una.verified', {}, 'fabrikam.test');
  // The manager is on the board, which the scope leaves out.
  const chair = user('Charlie Chair', excluded, 'charlie.chair', { title: 'Chair of the Board' });
  user('Max Managed', people, 'max.managed', { manager: chair });
  user('Morgan Member', excluded, 'morgan.member', { title: 'Member of the Board' });
  // Names that have to be escaped, in a DN and in a filter.
  user('Null, Bobby "Tables" + (Jr.) \\ *', people, 'bobby.tables', { givenName: 'Bobby', sn: 'Null' });
  // Blanks around values, which the default mappings trim.
  user('Trim Blank', people, 'trim.blank', { givenName: ' Trim ', sn: 'Blank ', department: '  Engineering' });
  // A replication conflict's loser.
  user('Conny Conflict\nCNF:5f3c1b1e-8f0a-4c57-9a77-0a6f2f1d1c11', people, 'conny.conflict', {});
  // Accounts of synchronization tools, and what was written back.
  user('MSOL_1a2b3c4d5e6f', people, 'MSOL_1a2b3c4d5e6f', { mail: undefined, proxyAddresses: undefined });
  user('Wally Written Back', people, 'wally.writtenback', {
    adminDescription: 'User_2f0a4c57-9a77-4a6f-8f1d-1c115f3c1b1e',
  });
  user('Linda Linked', people, 'linda.linked', { msExchRecipientTypeDetails: '2', userAccountControl: disabled });
  // A service account: enabled, without a person's attributes.
  domain.principal('user', 'svc-backup', people, {
    sAMAccountName: 'svc-backup',
    userAccountControl: enabled,
    description: 'Backup',
  });
  return [chair];
}

const suppliers = ['Fabrikam', 'Northwind', 'Tailspin', 'Wingtip', 'Litware'];

/** People of other companies; every fifth has no address, so that nothing can be done with it. */
export function addContacts(domain: Domain, parent: Dn, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const company = suppliers[i % suppliers.length] ?? '';
    const address = `contact${i + 1}@${company.toLowerCase()}.test`;
    const hasMail = i % 5 !== 4;
    domain.contact(`${company} Contact ${i + 1}`, parent, {
      displayName: `${company} Contact ${i + 1}`,
      company,
      ...(hasMail ? { mail: address, targetAddress: `SMTP:${address}`, proxyAddresses: [`SMTP:${address}`] } : {}),
    });
  }
}
