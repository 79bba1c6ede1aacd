import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { openDoubles } from '../../test/directory/connect.ts';
import { type Double, type DoubleOptions, startDouble } from '../../test/directory/index.ts';
import { resultMessage } from '../../test/directory/messages.ts';
import { request } from '../../test/samba/connect.ts';
import { Mirror } from '../../test/samba/mirror.ts';
import { makeIdentity } from '../../test/tls/index.ts';
import {
  type ActiveDirectoryOptions,
  ClearTextRefusedError,
  DirectoryTimeoutError,
  DomainControllerUnreachableError,
  NotActiveDirectoryError,
  type SourceError,
  UntrustedCertificateError,
  WrongPasswordError,
} from './index.ts';

async function serverOf(doubles: readonly Double[], more: Partial<ActiveDirectoryOptions> = {}): Promise<string> {
  await using source = openDoubles(doubles, more);
  return (await new Mirror().take(source.full(request()))).server;
}

function failureOf(doubles: readonly Double[], more: Partial<ActiveDirectoryOptions> = {}): Promise<SourceError> {
  return serverOf(doubles, more).then(
    (server) => {
      throw new Error(`${server} was read`);
    },
    (error: SourceError) => error,
  );
}

const silent: DoubleOptions = { answer: () => true };
const refusing = (code: number, text = ''): DoubleOptions => ({
  answer: ({ type, id }, connection) => {
    if (type === 'bind') connection.send(resultMessage(id, 0x61, code, text));
    return type === 'bind';
  },
});

test('listed servers are tried in their order', async () => {
  await using first = await startDouble();
  await using second = await startDouble();
  expect(await serverOf([first, second])).toBe(first.url);
  expect(second.connections).toBe(0);
});

test('a server that is busy, of another domain or deaf is passed over', async () => {
  await using busy = await startDouble(refusing(51));
  await using foreign = await startDouble({ domain: 'other.test' });
  await using deaf = await startDouble(silent);
  await using good = await startDouble();
  expect(await serverOf([busy, foreign, deaf, good], { readTimeout: 300, domain: 'double.test' })).toBe(good.url);
});

test('when none will do, the most telling reason is given', async () => {
  await using busy = await startDouble(refusing(52));
  await using foreign = await startDouble({ domain: 'other.test' });
  const error = await failureOf([busy, foreign], { domain: 'double.test' });
  expect(error).toBeInstanceOf(NotActiveDirectoryError);
  expect(error.message).toContain(foreign.url);
  expect(await failureOf([busy])).toBeInstanceOf(DomainControllerUnreachableError);
});

test('while DNS is silent, the controllers it named before are used', async () => {
  await using double = await startDouble();
  let asked = 0;
  const servers = async (): Promise<readonly string[]> => {
    asked += 1;
    if (asked === 1) return ['ldap://127.0.0.1:1', double.url];
    throw new DomainControllerUnreachableError('double.test', 'DNS lists none', undefined);
  };
  await using source = openDoubles([double], { servers });
  await new Mirror().take(source.full(request()));
  await source[Symbol.asyncDispose]();
  expect((await new Mirror().take(source.full(request()))).server).toBe(double.url);
  expect(asked).toBe(2);
});

test('a server that failed is left alone by the watch for a while, and asked again by a read', async () => {
  let clock = 1_000_000;
  let up = false;
  await using double = await startDouble({
    answer: ({ id, type }, connection) => {
      if (!up && type === 'bind') connection.send(resultMessage(id, 0x61, 52));
      return !up;
    },
  });
  await using source = openDoubles([double], { now: () => new Date(clock) });
  const watermark = {
    kind: 'usn',
    server: double.url,
    invocationId: double.invocationId,
    highestUsn: '1000',
    at: new Date().toISOString(),
  } as const;
  const watch = (): Promise<boolean> => source.moved(watermark, new AbortController().signal);
  await expect(watch()).rejects.toBeInstanceOf(DomainControllerUnreachableError);
  await expect(watch()).rejects.toBeInstanceOf(DomainControllerUnreachableError);
  expect(double.connections).toBe(1);
  clock += 1001;
  await expect(watch()).rejects.toBeInstanceOf(DomainControllerUnreachableError);
  expect(double.connections).toBe(2);
  up = true;
  clock += 1001;
  await expect(watch()).rejects.toBeInstanceOf(DomainControllerUnreachableError);
  expect(double.connections).toBe(2);
  expect((await new Mirror().take(source.full(request()))).server).toBe(double.url);
  expect(await watch()).toBe(false);
  double.highestUsn += 1;
  expect(await watch()).toBe(true);
});

test('the watch sees a database that went back, and one that is another', async () => {
  await using double = await startDouble();
  await using source = openDoubles([double]);
  const { watermark } = await new Mirror().take(source.full(request()));
  const watch = (): Promise<boolean> => source.moved(watermark, new AbortController().signal);
  expect(await watch()).toBe(false);
  double.highestUsn -= 1;
  expect(await watch()).toBe(true);
  double.highestUsn += 1;
  expect(await watch()).toBe(false);
  double.invocationId = '22222222-2222-4333-8444-555555555555';
  await source[Symbol.asyncDispose]();
  expect(await watch()).toBe(true);
});

test('a read and the watch that begin at once share one connection', async () => {
  await using double = await startDouble();
  await using source = openDoubles([double]);
  const { watermark } = await new Mirror().take(source.full(request()));
  await source[Symbol.asyncDispose]();
  const [moved, { objects }] = await Promise.all([
    source.moved(watermark, new AbortController().signal),
    new Mirror().take(source.full(request())),
  ]);
  expect([moved, objects, double.connections]).toEqual([false, 1, 2]);
});

test('which controllers there are is told, the one in use, and those left alone', async () => {
  const clock = Date.parse('2026-01-01T00:00:00Z');
  await using double = await startDouble();
  const down = 'ldap://127.0.0.1:1';
  const servers = async (): Promise<readonly string[]> => [down, double.url];
  await using source = openDoubles([double], { servers, now: () => new Date(clock) });
  expect(source.controllers?.()).toEqual([]);
  await new Mirror().take(source.full(request()));
  const fresh = { failures: 0, leftAloneUntil: null, lastContactAt: null, inUse: false };
  expect(source.controllers?.()).toEqual([
    { ...fresh, url: down, failures: 1, leftAloneUntil: '2026-01-01T00:00:01.000Z' },
    { ...fresh, url: double.url, inUse: true, lastContactAt: '2026-01-01T00:00:00.000Z' },
  ]);
});

test('a refused password is tried on one server, once, until it is another one', async () => {
  await using first = await startDouble(refusing(49, '80090308: LdapErr: DSID-0C09, data 775, v4563'));
  await using second = await startDouble();
  let password = 'wrong';
  await using source = openDoubles([first, second], { password: () => password });
  for (let i = 0; i < 3; i += 1) {
    const reading = new Mirror().take(source.full(request()));
    await expect(reading).rejects.toBeInstanceOf(WrongPasswordError);
    await expect(reading).rejects.toThrow('the account is locked');
  }
  expect([first.connections, second.connections]).toEqual([1, 0]);
  password = 'right';
  await expect(new Mirror().take(source.full(request()))).rejects.toBeInstanceOf(WrongPasswordError);
  expect(first.connections).toBe(2);
});

test('an empty password is refused before it signs anybody in as nobody', async () => {
  await using double = await startDouble();
  expect(await failureOf([double], { password: () => '' })).toBeInstanceOf(WrongPasswordError);
  expect(double.connections).toBe(0);
});

test('a read-only domain controller is avoided, and read by USN where there is no other', async () => {
  await using branch = await startDouble({ readOnly: true });
  await using writable = await startDouble();
  expect(await serverOf([branch, writable])).toBe(writable.url);
  await using source = openDoubles([branch]);
  const { server, watermark } = await new Mirror().take(source.full(request()));
  expect(server).toBe(branch.url);
  expect(watermark.kind).toBe('usn');
});

test('no answer to a connection, a sign-in or a search is waited for longer than allowed', async () => {
  await using deaf = await startDouble(silent);
  expect(await failureOf([deaf], { readTimeout: 200 })).toBeInstanceOf(DirectoryTimeoutError);
  await using mute = await startDouble({ answer: ({ type }) => type === 'search' });
  const error = await failureOf([mute], { readTimeout: 200 });
  expect(error).toBeInstanceOf(DirectoryTimeoutError);
  expect(error.message).toContain(mute.url);
  // A server that takes the connection and never speaks TLS.
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `ldaps://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const slow = await failureOf([mute], { servers: async () => [url], connectTimeout: 200 });
  expect(slow).toBeInstanceOf(DirectoryTimeoutError);
  server.close();
});

test('without TLS nothing is said unless clear text is named', async () => {
  await using double = await startDouble();
  const error = await failureOf([double], { clearText: false });
  expect(error).toBeInstanceOf(ClearTextRefusedError);
  expect(error.message).toContain(double.url);
  expect(await serverOf([double], { clearText: true })).toBe(double.url);
});

test('a server that wants TLS for a sign-in is said to', async () => {
  await using double = await startDouble(refusing(8, 'strong(er) authentication required'));
  expect(await failureOf([double])).toBeInstanceOf(ClearTextRefusedError);
});

test('StartTLS is taken, and its certificate looked at', async () => {
  const authority = makeIdentity({ commonName: 'authority' });
  const identity = makeIdentity({ commonName: 'dc1.double.test', names: ['dc1.double.test'], authority });
  await using double = await startDouble({ tls: { cert: identity.certificate, key: identity.key } });
  const secure = { clearText: false };
  expect(await serverOf([double], { ...secure, tls: { ca: authority.certificate } })).toBe(double.url);
  expect(await failureOf([double], { ...secure, tls: {} })).toBeInstanceOf(UntrustedCertificateError);
});

test('a pinned certificate is trusted by its fingerprint alone, and no other', async () => {
  const identity = makeIdentity({ commonName: 'somewhere.else' });
  await using double = await startDouble({ tls: { cert: identity.certificate, key: identity.key } });
  const { fingerprint256 } = new X509Certificate(identity.certificate);
  const secure = { clearText: false };
  expect(await serverOf([double], { ...secure, tls: { fingerprint: fingerprint256.toLowerCase() } })).toBe(double.url);
  const other = fingerprint256.replace(/^../, (pair) => (pair === '00' ? '01' : '00'));
  const error = await failureOf([double], { ...secure, tls: { fingerprint: other } });
  expect(error).toBeInstanceOf(UntrustedCertificateError);
  expect([double.connections, double.binds]).toEqual([2, 1]);
});
