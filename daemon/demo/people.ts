import type { Dn } from '../../src/model/index.ts';
import type { Domain } from './domain.ts';
import type { Attributes } from './entry.ts';
import { type Department, departments, givenNames, type Office, surnames } from './names.ts';

/** userAccountControl: NORMAL_ACCOUNT, and with ACCOUNTDISABLE. */
export const enabled = '512';
export const disabled = '514';

export interface Person {
  readonly dn: Dn;
  readonly department: Department;
  readonly team: string;
  readonly office: Office;
}

/** Account names taken so far, over all domains: a second Ada Lovelace is ada.lovelace2. */
export class Accounts {
  readonly #taken = new Map<string, number>();

  next(wanted: string): string {
    const n = (this.#taken.get(wanted) ?? 0) + 1;
    this.#taken.set(wanted, n);
    return n === 1 ? wanted : `${wanted}${n}`;
  }
}

function at<T>(list: readonly T[], i: number): T {
  const item = list[i % list.length];
  if (item === undefined) throw new Error('the list is empty');
  return item;
}

/** What every account of an employee has. */
export function employee(account: string, display: string, upnSuffix: string, more: Attributes): Attributes {
  const mail = `${account}@contoso.test`;
  return {
    sAMAccountName: account.slice(0, 20),
    userPrincipalName: `${account}@${upnSuffix}`,
    displayName: display,
    mail,
    mailNickname: account,
    proxyAddresses: [`SMTP:${mail}`, `smtp:${account}@mail.contoso.test`],
    userAccountControl: enabled,
    company: 'Contoso',
    pwdLastSet: '134090208000000000',
    ...more,
  };
}

/** Fills a domain with `count` people: each department has its own OU and its first person as manager of the others. */
export function addPeople(
  domain: Domain,
  parent: Dn,
  {
    count,
    offices,
    offset,
    accounts,
  }: { count: number; offices: readonly Office[]; offset: number; accounts: Accounts },
): readonly Person[] {
  const units = new Map(departments.map(({ name }) => [name, domain.organizationalUnit(name, parent)]));
  const managers = new Map<string, Dn>();
  return Array.from({ length: count }, (_, n) => {
    const i = offset + n;
    const department = at(departments, n);
    const unit = units.get(department.name) ?? parent;
    // Steps that share no factor with the lists' lengths: the pairs repeat late.
    const given = at(givenNames, i * 5);
    const surname = at(surnames, i * 7 + Math.floor(i / surnames.length));
    const office = at(offices, Math.floor(n / 2));
    const team = at(department.teams, Math.floor(n / departments.length));
    const account = accounts.next(`${given.plain}.${surname.plain}`);
    const number = account.match(/\d+$/)?.[0];
    const display = `${given.written} ${surname.written}${number === undefined ? '' : ` (${number})`}`;
    const manager = managers.get(department.name);
    const dn = domain.principal(
      'user',
      display,
      unit,
      employee(account, display, 'contoso.test', {
        givenName: given.written,
        sn: surname.written,
        department: department.name,
        title: manager === undefined ? `Head of ${department.name}` : at(department.titles, n),
        employeeID: String(100_000 + i),
        physicalDeliveryOfficeName: `${office.city} ${1 + (n % 9)}.${10 + (n % 40)}`,
        l: office.city,
        co: office.country,
        c: office.code,
        countryCode: office.number,
        msExchUsageLocation: office.code,
        telephoneNumber: `${office.prefix} ${String(1000 + i)}`,
        manager,
        // Some have left, their accounts not yet deleted.
        ...(n % 60 === 59 ? { userAccountControl: disabled } : {}),
        // Some never had a UPN: the account name and the domain stand in for it.
        ...(n % 90 === 89 ? { userPrincipalName: undefined } : {}),
      }),
    );
    if (manager === undefined) managers.set(department.name, dn);
    return { dn, department, team, office };
  });
}
