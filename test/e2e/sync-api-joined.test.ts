import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PasswordRun } from '../../src/engine/index.ts';
import type { Forest } from '../samba/index.ts';
import { signsIn } from './user-sign-in.ts';
import { openWorld, type World } from './world.ts';

/**
 * One person with an account in each of two forests, as an account forest and a resource forest have it: one password
 * is the person's, that of the account which the order of the join says signs in.
 */

let world: World;
let corp: Forest;
let sales: Forest;

const dn = (forest: Forest): string => `CN=iris,OU=People,${forest.baseDn}`;
const scope = (forest: Forest): string => `      organizationalUnits: ["OU=People,${forest.baseDn}"]`;
const configure = (precedence: string): void =>
  world.configure(
    [scope(corp), scope(sales)],
    `passwords: { sync: true }\njoins: { user: [mail] }\nprecedence: [${precedence}]\nsafety: { deletes: off, disables: off, renames: off }\n`,
  );

beforeAll(async () => {
  world = await openWorld({ target: 'syncApi', others: [{ realm: 'SALES.CONTOSO.TEST', netbios: 'SALES' }] });
  const [first, second] = world.forests;
  if (first === undefined || second === undefined) throw new Error('two forests are needed');
  [corp, sales] = [first, second];
  configure('contoso, sales');
  for (const forest of [corp, sales]) {
    await forest.client.add(`OU=People,${forest.baseDn}`, { objectClass: ['organizationalUnit'] });
    await addAccount(forest);
  }
}, 120_000);
afterAll(() => world?.[Symbol.asyncDispose]());

const first = 'Account.Forest.1';
const second = 'Resource.Forest.1';

async function addAccount(forest: Forest): Promise<void> {
  await forest.client.add(dn(forest), {
    objectClass: ['user'],
    sAMAccountName: 'iris',
    userPrincipalName: `iris@${forest.domain}`,
    displayName: 'iris',
    mail: 'iris@corp.contoso.test',
    userAccountControl: '512',
    unicodePwd: [Buffer.from(`"${forest === corp ? first : second}"`, 'utf16le')] as unknown as string[],
  });
}

const control = (forest: Forest, value: string): Promise<void> =>
  forest.client.modify(
    dn(forest),
    new Change({ operation: 'replace', modification: new Attribute({ type: 'userAccountControl', values: [value] }) }),
  );

const sync = (): Promise<PasswordRun> =>
  world.withEngine((engine) => engine.syncPasswords(new AbortController().signal));

/** What of the person’s passwords the tenant takes, under the name it has there. */
async function taken(forest: Forest, ...more: readonly string[]): Promise<readonly string[]> {
  const works: string[] = [];
  for (const password of [first, second, ...more])
    if (await signsIn(world.sandbox, `iris@${forest.domain}`, password)) works.push(password);
  return works;
}

async function cycleAndSync(): Promise<PasswordRun> {
  expect(await world.cycle()).toMatchObject({ state: 'succeeded', error: null, counts: { failed: 0 } });
  return await sync();
}

test('the password of the first account in order is sent, and that of the other is not', async () => {
  expect(await cycleAndSync()).toMatchObject({ sent: 1, failed: 0, errors: [] });
  expect(await taken(corp)).toEqual([first]);
  const { items } = await world.withEngine((engine) => engine.log({ action: 'password' }, undefined, 100));
  const skipped = items.find(({ dn: name }) => name === dn(sales));
  expect(skipped).toMatchObject({ status: 'skipped', detail: { reason: { code: 'otherAccount' } } });
});

test('a new password of the other account changes nothing, whichever came last', async () => {
  await sales.sambaTool('user', 'setpassword', 'iris', '--newpassword=Resource.Forest.2');
  expect(await sync()).toMatchObject({ sent: 0, skipped: 1, failed: 0 });
  expect(await taken(corp, 'Resource.Forest.2')).toEqual([first]);
});

test('when the first account is disabled the other one’s password is sent, and when it is back its own', async () => {
  await control(corp, '514');
  expect(await cycleAndSync()).toMatchObject({ sent: 1, failed: 0 });
  expect(await taken(sales, 'Resource.Forest.2')).toEqual(['Resource.Forest.2']);
  await control(corp, '512');
  // Its password is as old as before, and was sent once: it is the person's again none the less.
  expect(await cycleAndSync()).toMatchObject({ sent: 1, failed: 0 });
  expect(await taken(corp, 'Resource.Forest.2')).toEqual([first]);
});

test('another order of the forests makes it the other account’s', async () => {
  configure('sales, contoso');
  expect(await cycleAndSync()).toMatchObject({ sent: 1, failed: 0 });
  expect(await taken(sales, 'Resource.Forest.2')).toEqual(['Resource.Forest.2']);
  configure('contoso, sales');
  expect(await cycleAndSync()).toMatchObject({ sent: 1, failed: 0 });
  expect(await taken(corp, 'Resource.Forest.2')).toEqual([first]);
});

test('a forest that does not answer holds up the passwords of no other', async () => {
  await sales.kill();
  await corp.sambaTool('user', 'setpassword', 'iris', '--newpassword=Account.Forest.2');
  expect(await sync()).toMatchObject({
    sent: 1,
    failed: 0,
    errors: [{ connector: 'sales/sales.contoso.test', error: { code: expect.stringMatching(/^CS9/) } }],
  });
  expect(await taken(corp, 'Account.Forest.2')).toEqual(['Account.Forest.2']);
  await sales.start();
});

test('when the first account leaves, the other one’s password is sent', async () => {
  await corp.client.del(dn(corp));
  expect(await cycleAndSync()).toMatchObject({ sent: 1, failed: 0 });
  expect(await taken(sales, 'Resource.Forest.2')).toEqual(['Resource.Forest.2']);
  expect(await sync()).toMatchObject({ sent: 0, failed: 0 });
});
