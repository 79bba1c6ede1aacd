import { addAwkward, addContacts, addSystemObjects } from './awkward.ts';
import { Domain } from './domain.ts';
import { toLdif } from './entry.ts';
import { addDomainGroups, addForestGroups } from './groups.ts';
import { corpOffices, emeaOffices } from './names.ts';
import { Accounts, addPeople } from './people.ts';

export interface SampleDomain {
  readonly fqdn: string;
  readonly ldif: string;
}

/** The OU the sample configuration leaves out. */
export const excludedUnit = 'OU=Board,DC=corp,DC=contoso,DC=test';

/**
 * The sample forest: two domains with some 500 users, 60 nested groups and 20 contacts, and the cases that are awkward
 * in real ones. The same on every machine and in every run.
 */
export function sampleForest(): readonly SampleDomain[] {
  const accounts = new Accounts();
  const corp = new Domain('corp.contoso.test', [1004336348, 1177238915, 682003330]);
  const emea = new Domain('emea.contoso.test', [2053119231, 3412906645, 1290417708]);
  for (const domain of [corp, emea]) addSystemObjects(domain);

  const corpPeople = corp.organizationalUnit('People');
  const emeaPeople = emea.organizationalUnit('People');
  const board = corp.organizationalUnit('Board');
  const inCorp = addPeople(corp, corpPeople, { count: 310, offices: corpOffices, offset: 0, accounts });
  const inEmea = addPeople(emea, emeaPeople, { count: 180, offices: emeaOffices, offset: 310, accounts });
  const leavers = addAwkward(corp, corpPeople, board, accounts);

  const corpGroups = corp.organizationalUnit('Groups');
  const emeaGroups = emea.organizationalUnit('Groups');
  const staff = [addDomainGroups(corp, corpGroups, 'Corp', inCorp), addDomainGroups(emea, emeaGroups, 'EMEA', inEmea)];
  addForestGroups(corp, corpGroups, { staff, everybody: [...inCorp, ...inEmea], leavers });
  addContacts(corp, corp.organizationalUnit('Contacts'), 20);
  return [corp, emea].map(({ fqdn, entries }) => ({
    fqdn,
    ldif: `version: 1\n\n${entries.map(toLdif).join('')}`,
  }));
}
