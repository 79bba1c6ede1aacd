import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Forest, startForest } from '../../test/samba/index.ts';
import { createReplicator, createUser } from '../../test/samba/replicators.ts';
import type { ObjectGuid } from '../model/index.ts';
import { ntHashOf } from './crypto/md4.ts';
import {
  ClockSkewError,
  CookieTooOldError,
  changeDateOf,
  EncryptionRefusedError,
  hashOf,
  KeytabError,
  NoReplicationServerError,
  NtHash,
  openPasswordReader,
  type PasswordChange,
  type PasswordReader,
  type PasswordReaderOptions,
  ReplicationDeniedError,
  ReplicationUnreachableError,
  SignInRefusedError,
  UserNameError,
} from './index.ts';

const secret = 'Rep.lic8te!';
const passwords = {
  anna: 'Winter-Linden.7',
  bjorn: 'Blåbærsyltetøy-99',
  carla: 'Пароль-Двенадцать.12',
  dmitri: 'パスワード-Kirsche.4',
  emoji: 'Smile-😀-Please.1',
} as const;

let forest: Forest;
const signal = new AbortController().signal;

beforeAll(async () => {
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  await createReplicator(forest, 'svc', secret, ['getChanges', 'getChangesAll']);
  await createReplicator(forest, 'half', secret, ['getChanges']);
  await createReplicator(forest, 'nothing', secret, []);
  for (const [name, password] of Object.entries(passwords)) await createUser(forest, name, password);
});
afterAll(() => forest[Symbol.asyncDispose]());

function open(more: Partial<PasswordReaderOptions> = {}): PasswordReader {
  return openPasswordReader({
    domain: forest.domain,
    servers: async () => [forest.ldapsUrl],
    user: `svc@${forest.domain}`,
    credential: () => ({ password: secret }),
    signIn: 'kerberos',
    now: () => new Date(),
    ...more,
  });
}

interface Account extends Omit<PasswordChange, 'password'> {
  readonly kind: PasswordChange['password']['kind'];
  readonly hash: string | undefined;
  readonly version: number | undefined;
  readonly changedAt: Date | undefined;
}

/** A copy that outlives the page. */
function copy(change: PasswordChange): Account {
  const { password, ...rest } = change;
  return {
    ...rest,
    kind: password.kind,
    hash: password.kind === 'hash' ? password.hash.use((bytes) => Buffer.from(bytes).toString('hex')) : undefined,
    version: password.kind === 'unchanged' ? undefined : password.version?.number,
    changedAt: changeDateOf(change),
  };
}

const nameOf = (account: { readonly dn: string }): string => /^CN=([^,\\]+)/.exec(account.dn)?.[1] ?? account.dn;

async function read(
  reader: PasswordReader,
  cookie?: string,
): Promise<{ readonly accounts: ReadonlyMap<string, Account>; readonly cookie: string; readonly mode: string }> {
  const accounts = new Map<string, Account>();
  let mode = '';
  for await (const event of reader.changes(cookie, signal)) {
    if (event.type === 'begin') mode = event.mode;
    if (event.type === 'page') for (const change of event.changes) accounts.set(nameOf(change), copy(change));
    if (event.type === 'complete') return { accounts, cookie: event.cookie, mode };
  }
  throw new Error('the read ended without its end');
}

async function failure(more: Partial<PasswordReaderOptions>, cookie?: string): Promise<Error> {
  await using reader = open(more);
  return await read(reader, cookie).then(
    () => expect.fail('the read succeeded'),
    (error: Error) => error,
  );
}

const md4 = (password: string): string => ntHashOf(password).toString('hex');
const dnOf = (name: string): string => `CN=${name},CN=Users,${forest.baseDn}`;

/** When the domain controller says it was last changed. */
async function whenChanged(name: string): Promise<string> {
  const { searchEntries } = await forest.client.search(dnOf(name), { scope: 'base', attributes: ['whenChanged'] });
  const [, ...parts] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.0Z$/.exec(String(searchEntries[0]?.['whenChanged'])) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`).toISOString();
}

describe.each(['kerberos', 'ntlm'] as const)('signed in by %s with the two rights alone', (signIn) => {
  test('every hash is the MD4 of the password, whatever its alphabet', async () => {
    await using reader = open({ signIn });
    const { accounts, mode } = await read(reader);
    expect(mode).toBe('full');
    for (const [name, password] of Object.entries({ ...passwords, svc: secret, Administrator: forest.adminPassword })) {
      expect([name, accounts.get(name)?.hash]).toEqual([name, md4(password)]);
    }
    expect(accounts.get('Guest')).toMatchObject({ kind: 'none', hash: undefined });
    expect(accounts.get('anna')).toMatchObject({ userAccountControl: 512, deleted: false, version: 1 });
    expect(accounts.get('anna')?.sid).toMatch(/^S-1-5-21-/);
    expect(accounts.get('anna')?.pwdLastSet).toBeInstanceOf(Date);
  });

  test('one account is read by its GUID, and one that is not there is not', async () => {
    await using reader = open({ signIn });
    const { accounts } = await read(reader);
    const anna = accounts.get('anna') ?? expect.fail();
    const one = (await reader.one(anna.guid, signal)) ?? expect.fail();
    expect(copy(one)).toEqual(anna);
    expect(hashOf(one).equals(new NtHash(ntHashOf(passwords.anna)))).toBe(true);
    expect(await reader.one('11111111-2222-3333-4444-555555555555' as ObjectGuid, signal)).toBeUndefined();
  });

  test('CORP\\svc is the same account', async () => {
    await using reader = open({ signIn, user: 'CORP\\svc' });
    expect((await read(reader)).accounts.get('anna')?.hash).toBe(md4(passwords.anna));
  });

  test('a wrong password and an unknown user are told as such, without the password', async () => {
    const wrong = await failure({ signIn, credential: () => ({ password: 'not-the-Secret.1' }) });
    const unknown = await failure({ signIn, user: `nobody@${forest.domain}` });
    for (const error of [wrong, unknown]) expect(error).toBeInstanceOf(SignInRefusedError);
    expect(wrong.message).toContain('svc');
    expect(JSON.stringify(wrong)).not.toContain('not-the-Secret.1');
  });

  test('a question longer than a fragment goes in several, each sealed by itself', async () => {
    await using reader = open({ signIn });
    const { cookie } = await read(reader);
    // As in a domain that has had many domain controllers.
    const upToDate = Array.from({ length: 700 }, () => [randomUUID(), '12345']);
    const many = JSON.stringify({ ...JSON.parse(cookie), upToDate });
    expect((await read(reader, many)).accounts.size).toBe(0);
    expect((await read(reader, cookie)).accounts.size).toBe(0);
  });

  test.each(['half', 'nothing'])('the account %s is denied, and told which right it needs on what', async (name) => {
    const error = await failure({ signIn, user: `${name}@${forest.domain}` });
    expect(error).toBeInstanceOf(ReplicationDeniedError);
    expect(error).toMatchObject({ code: 'CS9001', object: forest.baseDn });
    expect(error.message).toContain('8453');
    expect((error as ReplicationDeniedError).remedy).toContain('Replicating Directory Changes All');
  });
});

describe('a keytab', () => {
  test('signs in in place of the password', async () => {
    const file = join(forest.folder, 'svc.keytab');
    await forest.sambaTool('domain', 'exportkeytab', file, '--principal=svc');
    const keytab = await readFile(file);
    await using reader = open({ credential: () => ({ keytab }) });
    expect((await read(reader)).accounts.get('anna')?.hash).toBe(md4(passwords.anna));
    await using flat = open({ user: 'CORP\\svc', credential: () => ({ keytab }) });
    expect((await read(flat)).accounts.size).toBeGreaterThan(5);
    expect(await failure({ user: 'CORP\\half', credential: () => ({ keytab }) })).toBeInstanceOf(KeytabError);
    expect(await failure({ signIn: 'ntlm', credential: () => ({ keytab }) })).toBeInstanceOf(SignInRefusedError);
  });
});

describe('what changed since the cookie', () => {
  let reader: PasswordReader;
  let cookie: string;

  beforeAll(async () => {
    reader = open();
    ({ cookie } = await read(reader));
  });
  afterAll(() => reader[Symbol.asyncDispose]());

  /** Reads on from the cookie and moves it. */
  async function delta(): Promise<ReadonlyMap<string, Account>> {
    const reading = await read(reader, cookie);
    expect(reading.mode).toBe('delta');
    ({ cookie } = reading);
    return reading.accounts;
  }

  test('nothing, when nothing did', async () => {
    expect((await delta()).size).toBe(0);
  });

  test('a new password, by itself, with its version; and the same again from the same cookie', async () => {
    const before = cookie;
    await forest.sambaTool('user', 'setpassword', 'anna', '--newpassword=Autumn-Ash.8');
    const accounts = await delta();
    expect([...accounts.keys()]).toEqual(['anna']);
    const anna = accounts.get('anna') ?? expect.fail();
    expect(anna).toMatchObject({ hash: md4('Autumn-Ash.8'), version: 2, userAccountControl: undefined });
    expect(anna.changedAt).toEqual(anna.pwdLastSet);
    expect((await delta()).size).toBe(0);
    expect((await read(reader, before)).accounts.get('anna')).toEqual(anna);
    const one = (await reader.one(anna.guid, signal)) ?? expect.fail();
    expect(copy(one)).toMatchObject({ hash: md4('Autumn-Ash.8'), version: 2, userAccountControl: 512 });
  });

  test('a temporary password, with the time it was written', async () => {
    const before = await whenChanged('bjorn');
    await forest.sambaTool('user', 'setpassword', 'bjorn', '--newpassword=Temp-Birch.1', '--must-change-at-next-login');
    const bjorn = (await delta()).get('bjorn');
    expect(bjorn).toMatchObject({ hash: md4('Temp-Birch.1'), pwdLastSet: 'mustChange' });
    const changedAt = bjorn?.changedAt?.toISOString() ?? expect.fail();
    // By the domain controller's own clock.
    const times = [before, changedAt, await whenChanged('bjorn')];
    expect(times).toEqual(times.toSorted());
  });

  test('a cleared must-change mark comes without a hash, which is asked for', async () => {
    await modify('bjorn', 'pwdLastSet', '-1');
    const bjorn = (await delta()).get('bjorn') ?? expect.fail();
    expect(bjorn).toMatchObject({ kind: 'unchanged', hash: undefined });
    expect(bjorn.pwdLastSet).toBeInstanceOf(Date);
    expect(copy((await reader.one(bjorn.guid, signal)) ?? expect.fail()).hash).toBe(md4('Temp-Birch.1'));
  });

  test('nothing of what has no part in passwords, though the cookie moves on', async () => {
    const before = cookie;
    await modify('carla', 'description', 'something else');
    expect((await delta()).size).toBe(0);
    expect(cookie).not.toBe(before);
  });

  test('a disabled and an enabled account', async () => {
    await forest.sambaTool('user', 'disable', 'carla');
    expect([...(await delta()).values()]).toMatchObject([{ kind: 'unchanged', userAccountControl: 514 }]);
    await forest.sambaTool('user', 'enable', 'carla');
    expect([...(await delta()).values()]).toMatchObject([{ kind: 'unchanged', userAccountControl: 512 }]);
  });

  test('a new account, and a deleted one', async () => {
    await createUser(forest, 'frida', 'Spring-Maple.3');
    const frida = (await delta()).get('frida');
    expect(frida).toMatchObject({ hash: md4('Spring-Maple.3'), userAccountControl: 512, deleted: false });
    await forest.client.del(dnOf('frida'));
    const [gone, ...others] = (await delta()).values();
    expect(others).toEqual([]);
    expect(gone).toMatchObject({ guid: frida?.guid, deleted: true, hash: undefined });
  });

  test('nothing of a group whose members changed', async () => {
    await forest.sambaTool('group', 'addmembers', 'Domain Guests', 'anna');
    expect((await delta()).size).toBe(0);
  });

  test('in the order in which it changed', async () => {
    for (const name of ['dmitri', 'anna', 'carla']) {
      await forest.sambaTool('user', 'setpassword', name, `--newpassword=Order-${name}.5`);
    }
    expect([...(await delta()).keys()]).toEqual(['dmitri', 'anna', 'carla']);
  });

  test('on another domain controller, only what the last one had not seen', async () => {
    const elsewhere = JSON.parse(cookie);
    // To this controller its own past is that of another: by the vector it knows what was seen of it.
    elsewhere.invocationId = '11111111-2222-3333-4444-555555555555';
    elsewhere.usn = ['999999999', '0', '999999999'];
    expect((await read(reader, JSON.stringify(elsewhere))).accounts.size).toBe(0);
    await forest.sambaTool('user', 'setpassword', 'dmitri', '--newpassword=Elsewhere-Oak.6');
    const moved = await read(reader, JSON.stringify(elsewhere));
    expect([...moved.accounts.keys()]).toEqual(['dmitri']);
    expect((await read(reader, moved.cookie)).accounts.size).toBe(0);
    await delta();
  });

  test('goes on after the domain controller was restarted, on a new connection', async () => {
    await forest.kill();
    await forest.start();
    expect((await delta()).size).toBe(0);
    await forest.sambaTool('user', 'setpassword', 'anna', '--newpassword=Restart-Elm.2');
    expect((await delta()).get('anna')?.hash).toBe(md4('Restart-Elm.2'));
  });

  test.each([
    [
      'of a controller that went back in time',
      (text: string) => text.replace(/"usn":\[[^\]]*\]/, '"usn":["99999999","0","99999999"]'),
    ],
    ['of another domain', (text: string) => text.replace('corp.contoso.test', 'emea.contoso.test')],
    ['of an unknown form', (text: string) => text.replace('"version":1', '"version":2')],
    ['cut short', (text: string) => text.slice(0, -10)],
  ])('cannot be told from a cookie %s', async (_, alter) => {
    expect(await failure({}, alter(cookie))).toBeInstanceOf(CookieTooOldError);
  });

  async function modify(name: string, attribute: string, value: string): Promise<void> {
    const modification = new Attribute({ type: attribute, values: [value] });
    await forest.client.modify(dnOf(name), [new Change({ operation: 'replace', modification })]);
  }
});

describe('hashes in memory', () => {
  test('live as long as their page', async () => {
    await using reader = open();
    const kept: NtHash[] = [];
    for await (const event of reader.changes(undefined, signal)) {
      if (event.type !== 'page') continue;
      for (const { password } of event.changes) if (password.kind === 'hash') kept.push(password.hash);
      expect(kept.some((hash) => hash.isWiped)).toBe(false);
    }
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.every((hash) => hash.isWiped)).toBe(true);
  });

  test('are wiped when the reading is left early', async () => {
    await using reader = open();
    let kept: NtHash | undefined;
    for await (const event of reader.changes(undefined, signal)) {
      if (event.type !== 'page') continue;
      const { password } = event.changes.find((change) => change.password.kind === 'hash') ?? expect.fail();
      kept = password.kind === 'hash' ? password.hash : undefined;
      break;
    }
    expect(kept?.isWiped).toBe(true);
  });
});

describe('signing in', () => {
  test('clocks that differ too much are told, with how much and which', async () => {
    const behind = await failure({ now: () => new Date(Date.now() - 1_200_000) });
    expect(behind).toBeInstanceOf(ClockSkewError);
    expect(behind.message).toMatch(/by 1(199|200|201) seconds \(this computer is behind\)/);
    const ahead = await failure({ now: () => new Date(Date.now() + 1_200_000) });
    expect(ahead.message).toMatch(/this computer is ahead/);
  });

  test('an account without an AES-256 key is told what to do', async () => {
    const error = await failure({ user: `guest@${forest.domain}` });
    expect(error).toBeInstanceOf(EncryptionRefusedError);
    expect((error as EncryptionRefusedError).remedy).toContain('guest');
  });

  test('a DN is no user name here', async () => {
    expect(await failure({ user: dnOf('svc') })).toBeInstanceOf(UserNameError);
    expect(await failure({ user: 'svc' })).toBeInstanceOf(UserNameError);
  });

  test('the next server is tried when one is out of reach, and all are told when none answers', async () => {
    await using reader = open({ servers: async () => ['127.0.0.1', forest.ldapsUrl] });
    expect((await read(reader)).accounts.size).toBeGreaterThan(5);
    const error = await failure({ servers: async () => ['127.0.0.1', '127.0.0.3'] });
    expect(error).toBeInstanceOf(NoReplicationServerError);
    expect(error.message).toMatch(/127\.0\.0\.1.*127\.0\.0\.3/);
    expect(await failure({ servers: async () => ['127.0.0.1'] })).toBeInstanceOf(ReplicationUnreachableError);
    expect(await failure({ servers: async () => [] })).toBeInstanceOf(NoReplicationServerError);
  });

  test('what is aborted ends with the reason given', async () => {
    await using reader = open();
    const reason = new Error('enough');
    await expect(async () => {
      for await (const _ of reader.changes(undefined, AbortSignal.abort(reason))) expect.fail();
    }).rejects.toBe(reason);
  });
});
