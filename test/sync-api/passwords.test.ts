import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { NtHash, toCloudForm } from '../../src/password/index.ts';
import {
  type PasswordResult,
  PasswordSyncInactiveError,
  type PasswordWrite,
  ServiceBusyError,
} from '../../src/target/index.ts';
import { apply, idOf, nextId, openSyncWorld, ref, type SyncWorld, signal } from './world.ts';

let world: SyncWorld;
afterEach(() => world[Symbol.asyncDispose]());

/** NT hashes of two passwords, as published with the form they come to. */
const hashes = { Pa$$w0rd: '92937945b518814341de3f726500d4ff', '': '31d6cfe0d16ae931b73c59d7e0c089c0' };

async function write(name: string, hash: string, forceChangeOnLogon = false): Promise<PasswordWrite> {
  const form = await toCloudForm(new NtHash(Buffer.from(hash, 'hex')));
  return { user: ref('user', name), changedAt: new Date('2026-11-25T08:00:00Z'), form, forceChangeOnLogon };
}

async function send(...passwords: readonly PasswordWrite[]): Promise<readonly PasswordResult[]> {
  const results: PasswordResult[] = [];
  for await (const some of world.target.passwords?.send(passwords, signal) ?? []) results.push(...some);
  return results;
}

const said = (result: PasswordResult | undefined): string =>
  result === undefined ? 'none' : result.outcome === 'done' ? 'done' : result.error.constructor.name;

async function makeUser(name: string): Promise<string> {
  const [result] = await apply(world.target, {
    operationId: nextId(),
    type: 'create',
    object: ref('user', name),
    attributes: { userPrincipalName: `${name}@corp.contoso.test`, displayName: name, accountEnabled: true },
  });
  return idOf(result);
}

/** Signs in as a user, by plain HTTPS: the error's number, or `in`. */
function signIn(username: string, password: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
    scope: 'https://graph.microsoft.com/.default openid',
    username,
    password,
  }).toString();
  const url = new URL(`${world.sandbox.authority}/${world.sandbox.tenantId}/oauth2/v2.0/token`);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        ca: readFileSync(world.sandbox.ca),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          const answer = JSON.parse(text);
          resolve(answer.access_token === undefined ? String(answer.error_codes?.[0]) : 'in');
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('passwords', () => {
  it('are taken only where the feature is on, and then let the user sign in with the AD password', async () => {
    world = await openSyncWorld();
    const id = await makeUser('ada');
    await expect(send(await write('ada', hashes['Pa$$w0rd']))).rejects.toThrow(PasswordSyncInactiveError);
    await world.target.features?.change(['passwordHashSync'], [], signal);
    const name = 'ADA@corp.contoso.test';
    expect(await signIn(name, 'Pa$$w0rd')).toBe('50126');
    expect((await send(await write('ada', hashes['Pa$$w0rd']))).map(said)).toEqual(['done']);
    expect(await signIn(name, 'Pa$$w0rd')).toBe('in');
    expect(await signIn(name, 'pa$$w0rd')).toBe('50126');
    expect(await world.get(`/v1.0/users/${id}?$select=lastPasswordChangeDateTime,passwordPolicies`)).toMatchObject({
      lastPasswordChangeDateTime: '2026-11-25T08:00:00Z',
      passwordPolicies: 'DisablePasswordExpiration',
    });
    // Another one, and the old one is of no use any more.
    await send(await write('ada', '8846f7eaee8fb117ad06bdd830b7586c'));
    expect(await signIn(name, 'Pa$$w0rd')).toBe('50126');
    expect(await signIn(name, 'password')).toBe('in');
    expect(await signIn('nobody@corp.contoso.test', 'x')).toBe('50034');
    await apply(world.target, { operationId: nextId(), type: 'disable', object: ref('user', 'ada') });
    expect(await signIn(name, 'password')).toBe('50057');
  });

  it('asks for another one first where it was temporary and the tenant minds', async () => {
    world = await openSyncWorld();
    await makeUser('ada');
    await world.target.features?.change(['passwordHashSync'], [], signal);
    await send(await write('ada', hashes['Pa$$w0rd'], true));
    expect(await signIn('ada@corp.contoso.test', 'Pa$$w0rd')).toBe('in');
    await world.target.features?.change(['userForcePasswordChangeOnLogon'], [], signal);
    await send(await write('ada', hashes['Pa$$w0rd'], true));
    expect(await signIn('ada@corp.contoso.test', 'Pa$$w0rd')).toBe('50055');
  });

  it('come again for a user who is not known yet, and for nobody else', async () => {
    world = await openSyncWorld({ syncApi: { credentialDelaySeconds: 20 } });
    await makeUser('ada');
    await world.target.features?.change(['passwordHashSync'], [], signal);
    const [known, unknown] = await send(await write('ada', hashes['Pa$$w0rd']), await write('nobody', hashes['']));
    expect([said(known), said(unknown)]).toEqual(['PasswordUserUnknownError', 'PasswordUserUnknownError']);
    expect(known?.outcome === 'failed' && known.error.retryAfter).toBe(30_000);
    world.sandbox.clock.advance(30_000);
    expect((await send(await write('ada', hashes['Pa$$w0rd']))).map(said)).toEqual(['done']);
  });

  it('are not taken of users the cloud masters', async () => {
    world = await openSyncWorld();
    const id = await makeUser('ada');
    await world.target.features?.change(['passwordHashSync'], [], signal);
    await world.get(`/v1.0/users/${id}/onPremisesSyncBehavior`, 'PATCH', { isCloudManaged: true });
    expect((await send(await write('ada', hashes['Pa$$w0rd']))).map(said)).toEqual(['PasswordRefusedError']);
  });

  it('go in requests of fifty, and a sign of life goes without any', async () => {
    world = await openSyncWorld();
    await world.target.features?.change(['passwordHashSync'], [], signal);
    const before = world.sandbox.counters.syncCalls;
    const one = await write('nobody', hashes['']);
    expect(await send(...Array.from({ length: 120 }, () => one))).toHaveLength(120);
    expect(world.sandbox.counters.syncCalls - before).toBe(3);
    await world.target.passwords?.ping(signal);
    expect(world.sandbox.counters.syncCalls - before).toBe(4);
  });

  it('show in no log, no error and no result', async () => {
    world = await openSyncWorld({
      faults: { rules: [{ kind: 'throttled', path: 'ProvisionCredentials' }] },
    });
    await world.target.features?.change(['passwordHashSync'], [], signal);
    const one = await write('ada', hashes['Pa$$w0rd']);
    const busy = await send(one).catch((error: unknown) => error);
    world.sandbox.changeProfile({ faults: { rules: [] } });
    const refused = await send(one);
    const shown = [
      ...world.log,
      inspect({ busy, refused }, { depth: 20 }),
      JSON.stringify([busy, String(busy), refused]),
    ].join('\n');
    const secret = one.form.credentialData;
    expect(busy).toBeInstanceOf(ServiceBusyError);
    for (const part of [secret, secret.slice(-65, -1), hashes['Pa$$w0rd'], hashes['Pa$$w0rd'].toUpperCase()])
      expect(shown.includes(part)).toBe(false);
  });
});
