import type { Dn } from '../../src/model/index.ts';
import type { Domain } from './domain.ts';
import type { Attributes } from './entry.ts';
import type { Person } from './people.ts';

/** groupType: global or universal, with and without the security bit ([MS-ADTS] 2.2.12). */
const globalSecurity = '-2147483646';
const universalSecurity = '-2147483640';
const universalDistribution = '8';

function group(domain: Domain, parent: Dn, name: string, members: readonly Dn[], more: Attributes = {}): Dn {
  return domain.principal('group', name, parent, {
    sAMAccountName: name,
    displayName: name,
    groupType: globalSecurity,
    ...(members.length === 0 ? {} : { member: members }),
    ...more,
  });
}

/** A domain's own groups: teams within departments within all staff, and one for each office. */
export function addDomainGroups(domain: Domain, parent: Dn, label: string, people: readonly Person[]): Dn {
  const byTeam = Map.groupBy(people, ({ department, team }) => `${department.name} ${team}`);
  const teams = new Map(
    [...byTeam].map(([name, members]) => [
      name,
      group(
        domain,
        parent,
        `${label} ${name}`,
        members.map(({ dn }) => dn),
      ),
    ]),
  );
  const byDepartment = Map.groupBy(people, ({ department }) => department);
  const departments = [...byDepartment].map(([department, members]) => {
    const nested = department.teams.flatMap((team) => teams.get(`${department.name} ${team}`) ?? []);
    return group(domain, parent, `${label} ${department.name}`, nested, {
      description: `Everybody in ${department.name}, by team`,
      managedBy: members[0]?.dn,
    });
  });
  for (const [office, members] of Map.groupBy(people, ({ office }) => office)) {
    group(
      domain,
      parent,
      `${label} Office ${office.city}`,
      members.map(({ dn }) => dn),
    );
  }
  return group(domain, parent, `${label} All Staff`, departments);
}

/** What spans both domains, and what groups come to over the years. */
export function addForestGroups(
  corp: Domain,
  parent: Dn,
  { staff, everybody, leavers }: { staff: readonly Dn[]; everybody: readonly Person[]; leavers: readonly Dn[] },
): void {
  const universal = { groupType: universalSecurity };
  group(corp, parent, 'Contoso All Staff', staff, universal);
  // Flat and large: many times what one request may add.
  group(
    corp,
    parent,
    'VPN Users',
    everybody.map(({ dn }) => dn),
    universal,
  );
  group(corp, parent, 'Empty Group', []);
  group(corp, parent, 'Former Projects', leavers, { description: 'Its members are outside of the scope' });
  group(
    corp,
    parent,
    'Χρήστες Ελλάδας',
    everybody.filter(({ office }) => office.code === 'GR').map(({ dn }) => dn),
    universal,
  );
  // Two groups that are members of one another.
  const wiki = `CN=Wiki Editors,${parent}` as Dn;
  const portal = group(corp, parent, 'Portal Editors', [wiki, ...everybody.slice(0, 4).map(({ dn }) => dn)]);
  group(corp, parent, 'Wiki Editors', [portal, ...everybody.slice(4, 8).map(({ dn }) => dn)]);
  for (const [name, alias] of [
    ['News', 'news'],
    ['Sales Announcements', 'sales-announcements'],
  ] as const) {
    group(
      corp,
      parent,
      name,
      everybody.slice(0, 30).map(({ dn }) => dn),
      {
        groupType: universalDistribution,
        mail: `${alias}@contoso.test`,
        mailNickname: alias,
        proxyAddresses: [`SMTP:${alias}@contoso.test`],
      },
    );
  }
}
