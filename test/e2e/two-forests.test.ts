import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sidFromBytes } from '../../src/model/index.ts';
import type { Forest } from '../samba/index.ts';
import { openWorld, type World } from './world.ts';

/** Two forests of one company in one configuration: who of each takes part and why, and people of one in groups of the other. */

let world: World;
let corp: Forest;
let sales: Forest;

const ou = (forest: Forest, ...path: readonly string[]): string =>
  [...path.map((name) => `OU=${name}`), forest.baseDn].join(',');
const person = (forest: Forest, name: string): string => `CN=${name},${ou(forest, 'People')}`;
const group = (forest: Forest, name: string): string => `CN=${name},${ou(forest, 'Groups')}`;
const upn = (forest: Forest, name: string): string => `${name}@${forest.domain}`;

/** YAML of a forest's scope: the units of people and groups, and what is added. */
function scope(forest: Forest, more: readonly string[] = [], units: readonly string[] = []): string {
  const included = [ou(forest, 'People'), ou(forest, 'Groups'), ...units];
  return [`organizationalUnits: ${JSON.stringify(included)}`, ...more].map((line) => `      ${line}`).join('\n');
}

const unguarded = 'safety: { deletes: off, scopeLosses: off }';

beforeAll(async () => {
  world = await openWorld({ others: [{ realm: 'SALES.CONTOSO.TEST', netbios: 'SALES' }] });
  const [first, second] = world.forests;
  if (first === undefined || second === undefined) throw new Error('two forests are needed');
  [corp, sales] = [first, second];
  for (const forest of [corp, sales]) {
    await addUnit(ou(forest, 'People'));
    await addUnit(ou(forest, 'Groups'));
  }
  await addUnit(ou(corp, 'Contractors', 'People'));
  await addUnit(ou(corp, 'Staff', 'Contractors', 'People'));
  await addUser(corp, 'ada', { department: 'Research' });
  await addUser(corp, 'grace', { department: 'Research' });
  await addUser(corp, 'edsger', { department: 'Temp' });
  await addUnit(ou(corp, 'Elsewhere'));
  await addUser(corp, 'zoe', {}, ou(corp, 'Elsewhere'));
  await addUser(corp, 'temp', {}, ou(corp, 'Contractors', 'People'));
  await addUser(corp, 'perm', {}, ou(corp, 'Staff', 'Contractors', 'People'));
  await addUser(sales, 'bob', { department: 'Sales' });
  await addUser(sales, 'carol', { department: 'Support', employeeType: 'Contractor' });
  await addUser(sales, 'dave', { department: 'Support' });
  await addGroup(corp, 'inner', [person(corp, 'grace')]);
  await addGroup(corp, 'pilots', [person(corp, 'ada'), group(corp, 'inner')]);
  // Groups may hold one another.
  await change(corp, 'add', group(corp, 'inner'), 'member', group(corp, 'pilots'));
  await addGroup(corp, 'crew', [person(corp, 'ada')]);
  await addGroup(sales, 'sellers', [person(sales, 'bob')]);
  world.configure([scope(corp), scope(sales)]);
}, 120_000);

afterAll(() => world?.[Symbol.asyncDispose]());

async function addUnit(dn: string): Promise<void> {
  await corpOr(dn).client.add(dn, { objectClass: ['organizationalUnit'] });
}

const corpOr = (dn: string): Forest => (dn.endsWith(sales.baseDn) ? sales : corp);

async function addUser(
  forest: Forest,
  name: string,
  more: Readonly<Record<string, string>> = {},
  unit = ou(forest, 'People'),
): Promise<void> {
  await forest.client.add(`CN=${name},${unit}`, {
    objectClass: ['user'],
    sAMAccountName: name,
    userPrincipalName: upn(forest, name),
    displayName: name,
    userAccountControl: '544',
    ...more,
  });
}

async function addGroup(forest: Forest, name: string, member: readonly string[]): Promise<void> {
  await forest.client.add(group(forest, name), {
    objectClass: ['group'],
    sAMAccountName: name,
    groupType: '-2147483644',
    member: [...member],
  });
}

async function change(
  forest: Forest,
  operation: 'add' | 'delete' | 'replace',
  dn: string,
  type: string,
  ...values: readonly string[]
): Promise<void> {
  const modification = new Attribute({ type, values: [...values] });
  await forest.client.modify(dn, new Change({ operation, modification }));
}

async function sidOf(forest: Forest, dn: string): Promise<string> {
  const { searchEntries } = await forest.client.search(dn, {
    scope: 'base',
    attributes: ['objectSid'],
    explicitBufferAttributes: ['objectSid'],
  });
  const bytes = searchEntries[0]?.['objectSid'];
  return (Buffer.isBuffer(bytes) ? sidFromBytes(bytes) : undefined) ?? '';
}

/** As a trust lets them: the domain controller makes a foreignSecurityPrincipal of the SID. */
async function addForeigner(name: string): Promise<void> {
  await change(corp, 'add', group(corp, 'crew'), 'member', `<SID=${await sidOf(sales, person(sales, name))}>`);
}

/** Who is in the tenant and has an anchor. */
async function inTenant(): Promise<readonly string[]> {
  const of = async (set: string, anchor: string): Promise<readonly string[]> => {
    const { value } = await world.get<{ value: Record<string, string | null>[] }>(
      `/v1.0/${set}?$select=displayName,${anchor}&$top=999`,
    );
    return value.filter((one) => one[anchor] != null).map(({ displayName }) => displayName ?? '');
  };
  return [...(await of('users', 'onPremisesImmutableId')), ...(await of('groups', 'uniqueName'))].sort();
}

async function crew(): Promise<readonly string[]> {
  return await world.members((await world.group('crew'))?.['id']);
}

async function reasonOf(dn: string): Promise<{ readonly state: string; readonly code: string; readonly text: string }> {
  const found = await world.withEngine((engine) => engine.object({ by: 'dn', value: dn }));
  return { state: found?.state ?? '', code: found?.reason?.code ?? '', text: found?.reason?.text ?? '' };
}

/** A new configuration, and the cycle that carries it out. */
async function take(scopes: readonly string[], more = unguarded): Promise<void> {
  world.configure(scopes, more);
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', error: null, connectorErrors: [] });
}

const ofCorp = ['ada', 'crew', 'edsger', 'grace', 'inner', 'perm', 'pilots', 'temp'];
const ofSales = ['bob', 'carol', 'dave', 'sellers'];
const everybody = [...ofCorp, ...ofSales].sort();

test('users and groups of both forests arrive in one cycle', async () => {
  expect(await world.cycle()).toMatchObject({
    state: 'succeeded',
    connectorErrors: [],
    counts: { created: 12, failed: 0 },
  });
  expect(await inTenant()).toEqual(everybody);
  const bob = await world.withEngine((engine) => engine.object({ by: 'userPrincipalName', value: upn(sales, 'bob') }));
  expect(bob?.desired['department']).toMatchObject({ value: 'Sales', connector: 'sales/sales.contoso.test' });
});

test('a person of another forest is a member through a foreign principal, and leaves with it', async () => {
  await addForeigner('bob');
  await addForeigner('carol');
  expect((await world.cycle()).counts).toMatchObject({ membersAdded: 2, created: 0 });
  expect(await crew()).toEqual(['ada', 'bob', 'carol']);
  const principal = `CN=${await sidOf(sales, person(sales, 'bob'))},CN=ForeignSecurityPrincipals,${corp.baseDn}`;
  await change(corp, 'delete', group(corp, 'crew'), 'member', principal);
  expect((await world.cycle()).counts).toMatchObject({ membersAdded: 0, membersRemoved: 1 });
  expect(await crew()).toEqual(['ada', 'carol']);
});

test('units left out and included again decide by the nearest, in the one forest they are named in', async () => {
  const contractors = ou(corp, 'Contractors', 'People');
  const staff = ou(corp, 'Staff', 'Contractors', 'People');
  await take([scope(corp, [`excludeOrganizationalUnits: ${JSON.stringify([contractors])}`], [staff]), scope(sales)]);
  expect(await inTenant()).toEqual(everybody.filter((name) => name !== 'temp'));
  expect(await reasonOf(`CN=temp,${contractors}`)).toEqual({
    state: 'outOfScope',
    code: 'excludedOrganizationalUnit',
    text: `It lies in ${contractors}, which is left out.`,
  });
  expect(await reasonOf(`CN=perm,${staff}`)).toEqual({
    state: 'synced',
    code: 'inScope',
    text: `It lies in ${staff}.`,
  });
  expect(await reasonOf(`CN=zoe,${ou(corp, 'Elsewhere')}`)).toMatchObject({
    state: 'outOfScope',
    code: 'organizationalUnit',
  });
});

test('a scoping group takes its direct members', async () => {
  await take([scope(corp, [`groups: ${JSON.stringify([group(corp, 'pilots')])}`]), scope(sales)]);
  expect(await inTenant()).toEqual(['ada', 'inner', 'pilots', ...ofSales].sort());
  expect(await reasonOf(person(corp, 'ada'))).toMatchObject({
    state: 'synced',
    text: `It belongs to ${group(corp, 'pilots')}.`,
  });
  expect(await reasonOf(person(corp, 'grace'))).toMatchObject({
    state: 'outOfScope',
    code: 'group',
    text: `It belongs to none of ${group(corp, 'pilots')}.`,
  });
});

const nested = () => scope(corp, [`groups: ${JSON.stringify([group(corp, 'pilots')])}`, 'nestedGroups: true']);

test('and those of the groups in it where asked for, though they hold one another', async () => {
  await take([nested(), scope(sales)]);
  expect(await inTenant()).toEqual(['ada', 'grace', 'inner', 'pilots', ...ofSales].sort());
  expect(await reasonOf(person(corp, 'grace'))).toMatchObject({
    state: 'synced',
    text: `It belongs to ${group(corp, 'pilots')}.`,
  });
});

test('a person who joins a scoping group comes, and one who leaves it goes', async () => {
  await change(corp, 'add', group(corp, 'inner'), 'member', person(corp, 'edsger'));
  await change(corp, 'delete', group(corp, 'inner'), 'member', person(corp, 'grace'));
  expect((await world.cycle()).counts).toMatchObject({ deleted: 1 });
  expect(await inTenant()).toEqual(['ada', 'edsger', 'inner', 'pilots', ...ofSales].sort());
});

test('a scoping group that is emptied is held as a scope change, and deletes nobody', async () => {
  world.configure([nested(), scope(sales)], '');
  const members = [person(corp, 'ada'), group(corp, 'inner')];
  await change(corp, 'replace', group(corp, 'pilots'), 'member');
  const cycle = await world.cycle();
  expect(cycle).toMatchObject({ state: 'held', counts: { deleted: 0 } });
  expect(cycle.holds).toMatchObject([{ guard: 'scopeLosses', forest: null, count: 3 }]);
  expect(await inTenant()).toEqual(['ada', 'edsger', 'inner', 'pilots', ...ofSales].sort());
  await change(corp, 'replace', group(corp, 'pilots'), 'member', ...members);
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', holds: [], counts: { deleted: 0 } });
});

test('a scoping group that is deleted stops its forest with the reason, and the other goes on', async () => {
  const members = [person(corp, 'ada'), person(corp, 'edsger'), person(corp, 'grace')];
  await addGroup(corp, 'doomed', members);
  await take([
    scope(corp, [`groups: ${JSON.stringify([group(corp, 'doomed')])}`]),
    scope(sales, [`groups: ${JSON.stringify([group(sales, 'sellers')])}`]),
  ]);
  const before = ['ada', 'bob', 'doomed', 'edsger', 'grace', 'sellers'];
  expect(await inTenant()).toEqual(before);
  await corp.client.del(group(corp, 'doomed'));
  await change(sales, 'add', group(sales, 'sellers'), 'member', person(sales, 'dave'));
  const cycle = await world.cycle();
  expect(cycle).toMatchObject({ counts: { restored: 1, deleted: 0, membersAdded: 1 } });
  expect(cycle.connectorErrors).toMatchObject([{ connector: 'contoso/corp.contoso.test', error: { code: /^CS6/ } }]);
  expect(cycle.connectorErrors[0]?.error.message).toContain(group(corp, 'doomed'));
  expect(await inTenant()).toEqual([...before, 'dave'].sort());
});

test('filters by an expression in one forest and by clauses in the other, with the reason of each', async () => {
  await take([
    scope(corp, [`filters: { user: 'Not([department] = "Temp")' }`]),
    scope(sales, [
      'filters:',
      '  user:',
      '    - [{ attribute: department, operator: EQUALS, value: Sales }]',
      '    - [{ attribute: department, operator: EQUALS, value: Support }, { attribute: employeeType, operator: IS NULL }]',
    ]),
  ]);
  expect(await inTenant()).toEqual(everybody.filter((name) => name !== 'edsger' && name !== 'carol'));
  const edsger = await reasonOf(person(corp, 'edsger'));
  expect(edsger).toMatchObject({ state: 'outOfScope', code: 'filter' });
  expect(edsger.text).toContain('Not([department] = "Temp")');
  const carol = await reasonOf(person(sales, 'carol'));
  expect(carol).toMatchObject({ state: 'outOfScope', code: 'filter' });
  expect(carol.text).toContain('employeeType IS NULL');
});

test('a foreign member out of scope is left out, and is one again when it is back', async () => {
  expect(await crew()).toEqual(['ada']);
  await change(sales, 'replace', person(sales, 'carol'), 'employeeType');
  expect((await world.cycle()).counts).toMatchObject({ membersAdded: 1, failed: 0 });
  expect(await crew()).toEqual(['ada', 'carol']);
});

test('a person of both forests is one user, each value from the forest that has it', async () => {
  const mail = 'iris@corp.contoso.test';
  await addUser(corp, 'iris', { mail, department: 'Research' });
  await addUser(sales, 'iris-mailbox', { mail, department: 'Sales', title: 'Head', userAccountControl: '546' });
  await take([scope(corp), scope(sales)], `${unguarded}\njoins: { user: [mail] }\nprecedence: [contoso]`);
  expect(await inTenant()).toEqual([...everybody, 'iris'].sort());
  const select = 'displayName,department,jobTitle,accountEnabled';
  expect(await world.user(upn(corp, 'iris'), select)).toMatchObject({
    displayName: 'iris',
    department: 'Research',
    jobTitle: 'Head',
    accountEnabled: true,
  });
  const shown = await world.withEngine((engine) =>
    engine.object({ by: 'userPrincipalName', value: upn(corp, 'iris') }),
  );
  expect(shown?.sources.map(({ connector }) => connector)).toEqual([
    'contoso/corp.contoso.test',
    'sales/sales.contoso.test',
  ]);
  expect(shown?.desired).toMatchObject({
    department: { connector: 'contoso/corp.contoso.test' },
    title: { connector: 'sales/sales.contoso.test' },
  });
});

test('and stays one when an account of one forest goes, without what it gave', async () => {
  await sales.client.del(person(sales, 'iris-mailbox'));
  expect((await world.cycle()).counts).toMatchObject({ updated: 1, deleted: 0, created: 0 });
  expect(await world.user(upn(corp, 'iris'))).toMatchObject({ department: 'Research', jobTitle: null });
  await corp.client.del(person(corp, 'iris'));
  expect((await world.cycle()).counts).toMatchObject({ deleted: 1 });
});

test('a renamed unit stays the one that is configured', async () => {
  await take([scope(corp), scope(sales)]);
  expect(await inTenant()).toEqual(everybody);
  await sales.client.modifyDN(ou(sales, 'People'), 'OU=Folk');
  await addUser(sales, 'erin', {}, ou(sales, 'Folk'));
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', counts: { created: 1, deleted: 0 } });
  expect(await reasonOf(`CN=erin,${ou(sales, 'Folk')}`)).toMatchObject({
    state: 'synced',
    text: `It lies in ${ou(sales, 'People')}.`,
  });
});

test('a person who is moved out of scope goes, and is the same one again when moved back', async () => {
  const before = await world.user(upn(corp, 'ada'));
  const away = `CN=ada,${ou(corp, 'Elsewhere')}`;
  await corp.client.modifyDN(person(corp, 'ada'), away);
  expect((await world.cycle()).counts).toMatchObject({ deleted: 1, created: 0, failed: 0 });
  expect(await world.user(upn(corp, 'ada'))).toBeUndefined();
  await corp.client.modifyDN(away, person(corp, 'ada'));
  expect((await world.cycle()).counts).toMatchObject({ restored: 1, created: 0, deleted: 0, failed: 0 });
  expect(await world.user(upn(corp, 'ada'))).toMatchObject({ id: before?.['id'] });
  expect(await crew()).toContain('ada');
});

test('a moved unit is followed, with all that lies in it', async () => {
  const before = await inTenant();
  const moved = `OU=Folk,${ou(sales, 'Archive')}`;
  await addUnit(ou(sales, 'Archive'));
  await sales.client.modifyDN(ou(sales, 'Folk'), moved);
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', counts: { created: 0, updated: 0, deleted: 0 } });
  expect(await world.cycle('full')).toMatchObject({ state: 'succeeded', counts: { updated: 0, deleted: 0 } });
  expect(await inTenant()).toEqual(before);
  await sales.client.modifyDN(moved, ou(sales, 'Folk'));
});

test.each(['delta', 'full'] as const)('a scope unit that is deleted deletes nobody in a %s cycle', async (type) => {
  const doomed = ou(sales, `Doomed ${type}`);
  await addUnit(doomed);
  await addUser(sales, `doomed-${type}`, {}, doomed);
  await take([scope(corp), scope(sales, [], [doomed])]);
  const before = await inTenant();
  expect(before).toContain(`doomed-${type}`);
  await sales.client.del(`CN=doomed-${type},${doomed}`);
  await sales.client.del(doomed);
  const cycle = await world.cycle(type);
  expect(cycle).toMatchObject({ counts: { deleted: 0, disabled: 0, membersRemoved: 0 } });
  expect(cycle.connectorErrors).toMatchObject([{ connector: 'sales/sales.contoso.test', error: { code: /^CS6/ } }]);
  expect(cycle.connectorErrors[0]?.error.message).toContain(doomed);
  expect(await inTenant()).toEqual(before);
  await take([scope(corp), scope(sales)]);
  expect(await inTenant()).toEqual(before.filter((name) => name !== `doomed-${type}`));
});

test.each(['delta', 'full'] as const)(
  'a forest that is down holds up the other in no %s cycle, and loses nobody',
  async (type) => {
    if (type === 'delta') await sales.kill();
    await addUser(corp, `after-${type}`);
    const before = await inTenant();
    const cycle = await world.cycle(type);
    expect(cycle.connectorErrors).toMatchObject([{ connector: 'sales/sales.contoso.test', error: { code: /^CS2/ } }]);
    expect(cycle.counts).toMatchObject({ created: 1, deleted: 0, disabled: 0, membersRemoved: 0 });
    expect(await inTenant()).toEqual([...before, `after-${type}`].sort());
  },
);

test('a forest that is back goes on where it was', async () => {
  await sales.start();
  await addUser(sales, 'frank', {}, ou(sales, 'Folk'));
  expect(await world.cycle()).toMatchObject({
    state: 'succeeded',
    connectorErrors: [],
    counts: { created: 1, deleted: 0 },
  });
  expect(await inTenant()).toContain('frank');
});
